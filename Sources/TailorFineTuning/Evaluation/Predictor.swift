import Foundation
import TailorAudit
import TailorDatasets
import TailorEvaluation
import TailorImages

/// Classifies files that may be anything.
public struct Predictor {
    let trained: TrainedModel

    public init(_ trained: TrainedModel) { self.trained = trained }

    /// Predictions in the order of `paths`, folders expanded in byte order of their file names.
    ///
    /// An image that cannot be read gets a prediction with its error; the others are not affected.
    public func predict(_ paths: [String], report: @escaping (TrainingEvent) -> Void = { _ in }) throws
        -> [Prediction]
    {
        let samples = try ImageFiles.expand(paths).map(Self.sample)
        let runner = trained.runner.caching()
        let files = try ImagePass(workers: runner.workers, cache: runner.cache).decode(samples)
        let readable = zip(samples, files).filter { $1.problem == nil }.map(\.0)
        let scores =
            try readable.isEmpty
            ? nil
            : runner.logits(readable) { done in
                report(.pass(name: "predicting", done: done, total: readable.count))
            }.softmax(temperature: trained.temperature)
        let predicted = scores?.predictions ?? []
        var next = 0
        return zip(samples, files).map { sample, file in
            guard file.problem == nil, let scores, next < scores.count else {
                let reason = file.problem?.description ?? "\(sample): unreadable"
                return Prediction(path: sample.relativePath, error: reason)
            }
            defer { next += 1 }
            return Prediction(
                path: sample.relativePath, classes: trained.record.classes, predicted: predicted[next],
                probabilities: Array(scores[next]))
        }
    }

    /// Sample whose path is shown as it was given.
    private static func sample(_ path: String) -> Sample {
        Sample(
            root: path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath, relativePath: path,
            label: 0)
    }
}
