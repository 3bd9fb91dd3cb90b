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

    /// Gets a file's index, its image, the answer and the activation maps.
    package typealias Explain = (Int, RGBImage, Classification, ActivationMaps) throws -> Void

    /// - Parameters:
    ///   - explain: gets the activation maps of each image that could be read; what it throws ends the work.
    ///   - answer: gets the predictions as they are made, in the order of `files`; what it throws ends the work.
    package func predict(
        files: [String], report: @escaping (TrainingEvent) -> Void, explain: Explain? = nil,
        answer: (Prediction) throws -> Void
    ) throws {
        let known = KnownTestImages()
        for start in stride(from: 0, to: files.count, by: Self.filesAtOnce) {
            let part = files[start..<min(start + Self.filesAtOnce, files.count)].map(Self.sample)
            let progress: (Int) -> Void = {
                report(.pass(name: "predicting", done: start + $0, total: files.count))
            }
            let explainPart = explain.map { explain in
                { index, image, answer, maps in try explain(start + index, image, answer, maps) } as Explain
            }
            try predict(part, watch: known, explain: explainPart, progress: progress).forEach(answer)
        }
        if let note = known?.note { report(.warning(note)) }
    }

    private func predict(
        _ samples: [Sample], watch: KnownTestImages?, explain: Explain?, progress: @escaping (Int) -> Void
    ) throws -> [Prediction] {
        let runner = trained.runner.caching()
        let files = try ImagePass(
            workers: runner.workers, intensityRange: runner.preprocessing.intensityRange, cache: runner.cache
        ).decode(samples, watch: watch)
        let readable = samples.indices.filter { files[$0].problem == nil }
        let answers = try classified(
            readable.map { samples[$0] }, by: runner, withMaps: explain != nil, progress: progress)
        var predictions = zip(samples, files).map { sample, file in
            Prediction(
                path: sample.relativePath,
                .unreadable(file.problem.map { "\($0)" } ?? "\(sample): unreadable"))
        }
        for (index, answer) in zip(readable, answers) {
            predictions[index].outcome = .classified(answer.classification)
            if let explain, let maps = answer.maps {
                let image = try runner.preprocessing.decoder.decode(contentsOf: samples[index].url)
                try explain(index, image, answer.classification, maps)
            }
        }
        return predictions
    }

    /// Answers for samples that are known to decode, in their order; with activation maps if wanted.
    private func classified(
        _ samples: [Sample], by runner: ModelRunner, withMaps: Bool, progress: @escaping (Int) -> Void
    ) throws -> [(classification: Classification, maps: ActivationMaps?)] {
        guard !samples.isEmpty else { return [] }
        var maps: [ActivationMaps]?
        let logits: ScoreMatrix
        if withMaps {
            let outputs = try runner.logitsAndMaps(samples, progress: progress)
            (logits, maps) = (outputs.logits, outputs.maps)
        } else {
            logits = try runner.logits(samples, progress: progress)
        }
        let scores = try logits.softmax(temperature: trained.temperature)
        return zip(samples.indices, scores.predictions).map { index, best in
            (
                Classification(
                    classes: trained.record.classes, probabilities: Array(scores[index]),
                    logits: logits[index].map { Float($0) }, best: best), maps?[index]
            )
        }
    }

    /// Sample whose path is shown as it was given.
    private static func sample(_ path: String) -> Sample {
        Sample(
            root: path.hasPrefix("/") ? "" : FileManager.default.currentDirectoryPath, relativePath: path,
            label: 0)
    }
}
