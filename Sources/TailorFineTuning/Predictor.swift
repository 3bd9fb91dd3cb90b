import Foundation
import TailorDatasets
import TailorEvaluation
import TailorImages

/// One image's answer, or why there is none.
public struct Prediction: Codable, Sendable {
    public var path: String
    public var predicted: String?
    /// Calibrated, 0…1.
    public var probability: Double?
    /// By class name.
    public var probabilities: [String: Double]?
    public var error: String?
}

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
        let samples = try ImageFiles.expand(paths)
        let runner = trained.runner.caching()
        let screening = try FileScreening.run(
            samples, options: FileScreening.Options(unreadableShare: 1, workers: runner.workers),
            cache: runner.cache)
        let readable = screening.images.compactMap { $0?.sample }
        let scores =
            try readable.isEmpty
            ? nil
            : runner.logits(readable) { done in
                report(.pass(name: "predicting", done: done, total: readable.count))
            }.softmax(temperature: trained.temperature)
        let predicted = scores?.predictions ?? []
        let reasons = Dictionary(
            screening.unreadable.map { ($0.path, $0.description) }, uniquingKeysWith: { first, _ in first })
        var next = 0
        return zip(samples, screening.images).map { sample, image in
            guard image != nil, let scores, next < scores.count else {
                return Prediction(
                    path: sample.relativePath, error: reasons[sample.relativePath] ?? "\(sample): unreadable")
            }
            let row = Array(scores[next])
            let best = predicted[next]
            next += 1
            return Prediction(
                path: sample.relativePath, predicted: trained.record.classes[best], probability: row[best],
                probabilities: Dictionary(uniqueKeysWithValues: zip(trained.record.classes, row)))
        }
    }
}
