import Foundation
import TailorEvaluation
import TailorImages
import TailorSupport

extension Classifier {
    /// Predictions in the order of `files`; see `ImageFiles.expand` for folders.
    ///
    /// An image that cannot be read gets a prediction with its error; the others are not affected. Decoding and
    /// computing share the threads of ``Options/threads``.
    ///
    /// - Parameter progress: number of images done and of all; one call at a time.
    public func predict(
        files: [String], progress: (@Sendable (_ done: Int, _ total: Int) -> Void)? = nil
    ) throws -> [Prediction] {
        try ParallelWork.map(
            files.count, workers: workers, name: "predict", progress: { progress?($0, files.count) }
        ) { index in
            do {
                let answer = try self.classify(contentsOf: URL(fileURLWithPath: files[index]))
                return Prediction(
                    path: files[index], classes: answer.classes, predicted: answer.best,
                    probabilities: answer.probabilities)
            } catch let error as ImageError {
                return Prediction(path: files[index], error: "\(error)")
            }
        }
    }
}

extension Classifier {
    /// Logits of pictures that the evaluation transform has resized already, a row each.
    package func logits(
        resized images: [RGBImage], progress: (@Sendable (Int) -> Void)? = nil
    ) throws -> ScoreMatrix {
        let rows = try ParallelWork.map(images.count, workers: workers, name: "logits", progress: progress) {
            try self.logits(resized: images[$0])
        }
        return try ScoreMatrix(rows.flatMap { $0 }, classCount: description.classes.count)
    }
}
