import Foundation
import TailorDatasets
import TailorEvaluation
import TailorFineTuning
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

/// Makes one model file of a run, checked against the trained network.
public struct ModelExporter {
    /// Images whose logits are compared with the trained network's.
    static let comparedImages = 100
    /// Largest difference of a logit, as a share of the largest (at least 1): summing in another order explains it.
    static let allowedDifference = 1e-4
    /// The same where the graph resizes: a grey level here and there.
    static let allowedEmbeddedDifference = 0.05
    /// Validation images on which the gate decides; more would only take time.
    static let maximumValidationImages = 4000

    let trained: TrainedModel
    let options: ExportOptions
    let report: @Sendable (ExportEvent) -> Void

    public init(
        _ trained: TrainedModel, options: ExportOptions = ExportOptions(),
        report: @escaping @Sendable (ExportEvent) -> Void = { _ in }
    ) {
        self.trained = trained
        self.options = options
        self.report = report
    }

    /// Throws ``DeploymentError``, `RunError` when images of the run are gone or changed; nothing is written then.
    public func export(to url: URL) throws -> ExportReport {
        try options.validate(classes: trained.record.classes)
        let images = try RunImages(trained.folder, record: trained.record, dataset: options.dataset)
        let network = try FoldedNetwork(trained.runner.model)
        let validation = spread(images.validation, count: Self.maximumValidationImages)
        guard !validation.isEmpty else {
            throw DeploymentError.noImages(split: "val", why: "the run's dataset.csv lists none")
        }
        let pictures = try pictures(validation, from: images, name: "reading validation images")

        let float = try file(network, .float32, precision: .float32)
        let report = self.report
        let logits = try throughput(float).outputs(
            pictures.count,
            progress: {
                report(.progress(name: "classifying validation images", done: $0, total: pictures.count))
            }, resized: pictures.picture
        ).logits
        let compared = min(Self.comparedImages, validation.count)
        let difference = try differenceFromTraining(Array(validation.prefix(compared)), logits)
        let reference = Quantizer.Reference(
            pictures: pictures, labels: validation.map(\.label), logits: logits)

        var (result, gate) = try exported(network, images, reference)
        result = try result.described(as: try decided(result, images, reference))
        let embeddedDifference = try differenceOfEmbedded(network, Array(validation.prefix(compared)), logits)
        result = try withGoldenVectors(result)
        // As a user's first load will: whatever is wrong shows before the file exists.
        _ = try Classifier(result, name: url.lastPathComponent, options: .init(cacheFolder: nil))
        let latency = try Latency.medians([result, float], threads: options.threads)
        try result.write(to: url)
        return ExportReport(
            path: url.relativePath, precision: options.precision, input: options.input,
            bytes: result.bytes.count, floatBytes: float.bytes.count, differenceFromTraining: difference,
            embeddedDifference: embeddedDifference, comparedImages: compared, latency: latency[0],
            floatLatency: latency[1], gate: gate, calibration: result.description.calibration,
            decision: .init(result.description.decision))
    }

    /// The network in the precision asked for, and what that did to its answers.
    private func exported(
        _ network: FoldedNetwork, _ images: RunImages, _ reference: Quantizer.Reference
    ) throws -> (ModelFile, GateReport?) {
        switch options.precision {
        case .float32:
            return (try file(network, .float32, precision: .float32, input: options.input), nil)
        case .float16:
            return try measured(
                file(network, .float16, precision: .float16, input: options.input), reference)
        case .dynamicInt8:
            return try measured(
                file(network, .dynamicInt8, precision: .dynamicInt8, input: options.input), reference)
        case .int8:
            let result = try quantize(network, images, reference)
            return (result.file, result.gate)
        }
    }

    private func quantize(
        _ network: FoldedNetwork, _ images: RunImages, _ reference: Quantizer.Reference
    ) throws -> Quantizer.Result {
        let chosen = spread(images.train, count: options.calibrationImages)
        guard !chosen.isEmpty else {
            throw DeploymentError.noImages(split: "train", why: "calibration needs at least one")
        }
        let calibration = try load(chosen, from: images, name: "reading calibration images")
        return try Quantizer(
            network: network, description: try description(.int8, input: options.input),
            limits: options.limits, methods: options.rangeMethods, threads: options.threads, report: report
        ).quantize(calibration: calibration, reference: reference)
    }

    /// Where nothing can be taken back, the gate is asked once.
    private func measured(
        _ file: ModelFile, _ reference: Quantizer.Reference
    ) throws -> (ModelFile, GateReport?) {
        let gate = try GateReport(
            before: reference.logits,
            after: throughput(file).outputs(
                reference.pictures.count, resized: reference.pictures.picture
            ).logits,
            labels: reference.labels, classes: trained.record.classes, ranges: nil, calibrationImages: 0,
            floatLayers: [], limits: options.limits)
        guard gate.passes else { throw DeploymentError.gateRefused(gate) }
        return (file, gate)
    }

    private func decided(
        _ file: ModelFile, _ images: RunImages, _ reference: Quantizer.Reference
    ) throws -> ModelDescription {
        let training = spread(images.train, count: DecisionFitting.maximumTrainingImages)
        return try DecisionFitting(options: options, report: report).rules(
            for: file, classifier: throughput(file), reference: reference,
            training: (
                picture: reader(training, images), labels: training.map(\.label)
            ))
    }

    // MARK: checks

    private func differenceFromTraining(_ samples: [Sample], _ logits: ScoreMatrix) throws -> Double {
        let runner = trained.runner
        let exact = ModelRunner(
            model: runner.model, device: runner.device, autocast: nil, preprocessing: runner.preprocessing,
            workers: runner.workers)
        return try Self.difference(
            try exact.logits(samples), logits, allowed: Self.allowedDifference, what: "the exported graph")
    }

    /// Of the same network in floats, resizing in the graph against resizing here; `nil` where nothing is embedded.
    private func differenceOfEmbedded(
        _ network: FoldedNetwork, _ samples: [Sample], _ logits: ScoreMatrix
    ) throws -> Double? {
        guard options.input == .embedded else { return nil }
        let classifier = try throughput(
            file(network, .float32, precision: .float32, input: .embedded))
        return try Self.difference(
            logits, classifier.logits(files: samples.map(\.url)),
            allowed: Self.allowedEmbeddedDifference, what: "the graph with embedded preprocessing")
    }

    /// The largest over the rows that both have.
    private static func difference(
        _ expected: ScoreMatrix, _ got: ScoreMatrix, allowed: Double, what: String
    ) throws -> Double {
        let pairs = Array(zip(expected.values, got.values))
        let largest = pairs.map { abs($0 - $1) }.max() ?? 0
        let limit = allowed * max(1, pairs.map { abs($0.0) }.max() ?? 1)
        guard largest <= limit else {
            throw DeploymentError.differsFromTraining(what: what, largest: largest, allowed: limit)
        }
        return largest
    }

    // MARK: files

    func throughput(_ file: ModelFile) throws -> Classifier {
        try Classifier(
            file,
            options: .init(mode: .throughput, threads: options.threads, precision: .float32, cacheFolder: nil)
        )
    }

    private func file(
        _ network: FoldedNetwork, _ arithmetic: NetworkGraph.Arithmetic,
        precision: ModelDescription.WeightPrecision, input: ModelDescription.Input = .external
    ) throws -> ModelFile {
        let description = try description(precision, input: input)
        return try ModelFile(
            graph: NetworkGraph.make(
                network, arithmetic: arithmetic, input: input, preprocessing: description.preprocessing),
            description: description)
    }

    private func withGoldenVectors(_ file: ModelFile) throws -> ModelFile {
        let classifier = try Classifier(
            file, options: .init(threads: options.threads, precision: .float32, cacheFolder: nil))
        var description = file.description
        description.golden = try GoldenPictures.all().map {
            GoldenVector(image: $0, logits: try classifier.logits($0))
        }
        return try file.described(as: description)
    }
}
