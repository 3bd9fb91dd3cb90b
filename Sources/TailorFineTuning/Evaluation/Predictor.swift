import Foundation
import TailorAudit
import TailorDatasets
import TailorEvaluation
import TailorImages

/// Classifies files that may be anything.
public struct Predictor {
    let trained: TrainedModel

    public init(_ trained: TrainedModel) { self.trained = trained }

    /// Files that are decoded and answered together, before the next are opened.
    private static let filesAtOnce = 256

    /// Predictions in the order of `paths`, folders expanded in byte order of their file names.
    ///
    /// An image that cannot be read gets a prediction with its error; the others are not affected. That images of
    /// a known test set are among them is reported, and not counted as a use.
    public func predict(_ paths: [String], report: @escaping (TrainingEvent) -> Void = { _ in }) throws
        -> [Prediction]
    {
        var predictions: [Prediction] = []
        try predict(files: ImageFiles.expand(paths), report: report) { predictions.append($0) }
        return predictions
    }

    /// - Parameter answer: gets the predictions as they are made, in the order of `files`; what it throws ends the
    ///   work.
    package func predict(
        files: [String], report: @escaping (TrainingEvent) -> Void, answer: (Prediction) throws -> Void
    ) throws {
        let known = KnownTestImages()
        for start in stride(from: 0, to: files.count, by: Self.filesAtOnce) {
            let part = files[start..<min(start + Self.filesAtOnce, files.count)].map(Self.sample)
            let progress: (Int) -> Void = {
                report(.pass(name: "predicting", done: start + $0, total: files.count))
            }
            try predict(part, watch: known, progress: progress).forEach(answer)
        }
        if let note = known?.note { report(.warning(note)) }
    }

    private func predict(
        _ samples: [Sample], watch: KnownTestImages?, progress: @escaping (Int) -> Void
    ) throws -> [Prediction] {
        let runner = trained.runner.caching()
        let files = try ImagePass(
            workers: runner.workers, intensityRange: runner.preprocessing.intensityRange, cache: runner.cache
        ).decode(samples, watch: watch)
        let readable = zip(samples, files).filter { $1.problem == nil }.map(\.0)
        let answers = try classified(readable, by: runner, progress: progress)
        var next = answers.makeIterator()
        return zip(samples, files).map { sample, file in
            if let problem = file.problem {
                return Prediction(path: sample.relativePath, .unreadable("\(problem)"))
            }
            let answer = next.next().map(Prediction.Outcome.classified)
            return Prediction(path: sample.relativePath, answer ?? .unreadable("\(sample): unreadable"))
        }
    }

    /// Answers for samples that are known to decode, in their order.
    private func classified(
        _ samples: [Sample], by runner: ModelRunner, progress: @escaping (Int) -> Void
    ) throws -> [Classification] {
        guard !samples.isEmpty else { return [] }
        let logits = try runner.logits(samples, progress: progress)
        let scores = try logits.softmax(temperature: trained.temperature)
        return zip(samples.indices, scores.predictions).map { index, best in
            Classification(
                classes: trained.record.classes, probabilities: Array(scores[index]),
                logits: logits[index].map { Float($0) }, best: best)
        }
    }

    /// Sample whose path is shown as it was given.
    private static func sample(_ path: String) -> Sample {
        Sample(
            root: path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath, relativePath: path,
            label: 0)
    }
}
