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
    /// An image that cannot be read gets a prediction with its error; the others are not affected. That images of
    /// a known test set are among them is reported, and not counted as a use.
    public func predict(_ paths: [String], report: @escaping (TrainingEvent) -> Void = { _ in }) throws
        -> [Prediction]
    {
        let samples = try ImageFiles.expand(paths).map(Self.sample)
        let runner = trained.runner.caching()
        let known = KnownTestImages()
        let files = try ImagePass(
            workers: runner.workers, intensityRange: runner.preprocessing.intensityRange, cache: runner.cache
        ).decode(samples, watch: known)
        if let note = known?.note { report(.warning(note)) }
        let readable = zip(samples, files).filter { $1.problem == nil }.map(\.0)
        let answers = try classified(readable, by: runner, report: report)
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
        _ samples: [Sample], by runner: ModelRunner, report: @escaping (TrainingEvent) -> Void
    ) throws -> [Classification] {
        guard !samples.isEmpty else { return [] }
        let logits = try runner.logits(samples) {
            report(.pass(name: "predicting", done: $0, total: samples.count))
        }
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
