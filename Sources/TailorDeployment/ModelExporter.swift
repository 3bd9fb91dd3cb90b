import Foundation
import TailorDatasets
import TailorEvaluation
import TailorFineTuning
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

/// Exporter of a run to a model file, checked against the trained network.
public struct ModelExporter {
    /// Number of images whose logits are compared with the trained network's.
    static let comparedImages = 100
    /// Largest difference of a logit, as a share of the largest (at least 1), that another order of sums
    /// explains.
    static let allowedDifference = 1e-4
    /// Largest difference of a logit if the graph resizes, as a share of the largest (at least 1): single
    /// grey levels differ.
    static let allowedEmbeddedDifference = 0.05
    /// Most validation images for the gate.
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

    /// Exports to a file. Throws ``DeploymentError``, and `RunError` if images of the run are gone or
    /// changed; then writes nothing.
    public func export(to url: URL) throws -> ExportReport {
        try options.validate(classes: trained.record.classes)
        let runImages = try RunImages(trained.folder, record: trained.record, dataset: options.dataset)
        let network = try FoldedNetwork(trained.runner.model)
        let validation = stratifiedSample(runImages.validation, count: Self.maximumValidationImages)
        guard !validation.isEmpty else {
            throw DeploymentError.noImages(split: "val", why: "the run's dataset.csv lists none")
        }
        let images = try resized(validation, from: runImages, name: "reading validation images")

        let float = try file(network, .float32, precision: .float32)
        let report = self.report
        let logits = try throughputClassifier(float).outputs(
            images.count,
            progress: {
                report(.progress(name: "classifying validation images", done: $0, total: images.count))
            }, of: images.image
        ).logits
        let compared = min(Self.comparedImages, validation.count)
        let difference = try differenceFromTraining(Array(validation.prefix(compared)), logits)
        let reference = Quantizer.Reference(
            images: images, labels: validation.map(\.label), logits: logits)

        // What is judged is the file that is shipped, on what it is given.
        let judged = (
            image: options.input == .embedded ? shippedInput(validation, runImages) : images.image,
            labels: reference.labels
        )
        var (result, gate) = try exported(network, runImages, reference, judged.image)
        let promise: SelectivePrediction.Promise?
        (result, promise) = try withDecisionRules(result, runImages, judged)
        let embeddedDifference = try differenceOfEmbedded(network, Array(validation.prefix(compared)), logits)
        let mapDifference = try differenceOfMaps(result, count: compared, of: judged.image)
        result = try withGoldenVectors(result)
        // Loads the file as a user would, before it is written.
        _ = try Classifier(result, name: url.lastPathComponent, options: .init(cacheFolder: nil))
        let latency = try Latency.medians([result, float], threads: options.threads)
        try result.write(to: url)
        return ExportReport(
            path: url.relativePath, precision: options.precision, scheme: options.scheme,
            input: options.input,
            bytes: result.bytes.count, floatBytes: float.bytes.count, differenceFromTraining: difference,
            embeddedDifference: embeddedDifference, mapDifference: mapDifference, comparedImages: compared,
            latency: latency[0],
            floatLatency: latency[1], gate: gate, calibration: result.description.calibration,
            decision: .init(result.description.decision, promise: promise))
    }

    /// Makes the file in the precision asked for. Returns it with the gate's result.
    ///
    /// - Parameter validation: the reference's images as the file takes them.
    private func exported(
        _ network: FoldedNetwork, _ images: RunImages, _ reference: Quantizer.Reference,
        _ validation: @escaping @Sendable (Int) throws -> RGBImage
    ) throws -> (ModelFile, GateReport?) {
        switch options.precision {
        case .float32:
            return (try file(network, .float32, precision: .float32, input: options.input), nil)
        case .float16:
            return try passingGate(
                file(network, .float16, precision: .float16, input: options.input), reference, validation)
        case .dynamicInt8:
            return try passingGate(
                file(network, .dynamicInt8, precision: .dynamicInt8, input: options.input), reference,
                validation)
        case .int8:
            let result = try quantize(network, images, reference)
            guard options.input == .embedded else { return (result.file, result.gate) }
            return try passingGate(
                file(network, .int8(result.plan), precision: .int8, input: .embedded), reference, validation,
                found: result.gate)
        }
    }

    private func quantize(
        _ network: FoldedNetwork, _ images: RunImages, _ reference: Quantizer.Reference
    ) throws -> Quantizer.Result {
        let chosen = stratifiedSample(images.train, count: options.calibrationImages)
        guard !chosen.isEmpty else {
            throw DeploymentError.noImages(split: "train", why: "calibration needs at least one")
        }
        let calibration = try load(chosen, from: images, name: "reading calibration images")
        return try Quantizer(
            network: network, scheme: options.scheme,
            description: try description(network, .int8, input: .external),
            limits: options.limits, methods: options.rangeMethods, threads: options.threads, report: report
        ).quantize(calibration: calibration, reference: reference)
    }

    /// Applies the gate to a file without alternatives.
    ///
    /// - Parameter found: what the search for a quantized network found, if there was one.
    private func passingGate(
        _ file: ModelFile, _ reference: Quantizer.Reference,
        _ validation: @escaping @Sendable (Int) throws -> RGBImage, found: GateReport? = nil
    ) throws -> (ModelFile, GateReport?) {
        let gate = try GateReport(
            before: reference.logits,
            after: throughputClassifier(file).outputs(reference.labels.count, of: validation).logits,
            labels: reference.labels, classes: trained.record.classes, ranges: found?.ranges,
            calibrationImages: found?.calibrationImages ?? 0, floatLayers: found?.floatLayers ?? [],
            limits: options.limits, temperature: trained.temperature)
        guard gate.passes else { throw DeploymentError.gateRefused(gate) }
        guard found != nil else { return (file, gate) }
        var description = file.description
        description.quantization = gate.summary
        return (try file.described(as: description), gate)
    }

    private func withDecisionRules(
        _ file: ModelFile, _ images: RunImages,
        _ validation: (image: @Sendable (Int) throws -> RGBImage, labels: [Int])
    ) throws -> (ModelFile, SelectivePrediction.Promise?) {
        let training = stratifiedSample(images.train, count: DecisionFitting.maximumTrainingImages)
        let (description, promise) = try DecisionFitting(options: options, report: report).rules(
            for: file, classifier: throughputClassifier(file), validation: validation,
            training: (image: shippedInput(training, images), labels: training.map(\.label)))
        return (try file.described(as: description), promise)
    }

    // MARK: checks

    func differenceFromTraining(_ samples: [Sample], _ logits: ScoreMatrix) throws -> Double {
        try Self.difference(
            try trained.runner.logits(samples), logits, allowed: Self.allowedDifference,
            what: "the exported graph")
    }

    /// Largest difference of a logit, in floats, between resizing in the graph and before it; `nil` unless
    /// embedded.
    private func differenceOfEmbedded(
        _ network: FoldedNetwork, _ samples: [Sample], _ logits: ScoreMatrix
    ) throws -> Double? {
        guard options.input == .embedded else { return nil }
        let classifier = try throughputClassifier(
            file(network, .float32, precision: .float32, input: .embedded))
        return try Self.difference(
            logits, classifier.logits(files: samples.map(\.url)),
            allowed: Self.allowedEmbeddedDifference, what: "the graph with embedded preprocessing")
    }

    /// Largest difference between a logit and the mean of its map plus the bias; `nil` without maps.
    private func differenceOfMaps(
        _ file: ModelFile, count: Int, of image: @escaping @Sendable (Int) throws -> RGBImage
    ) throws -> Double? {
        guard let facts = file.description.maps else { return nil }
        let classifier = try throughputClassifier(file)
        let pairs = try ParallelMap.run(count, workers: options.threads, name: "maps") { index in
            let (logits, maps) = try classifier.preparedLogitsAndMaps(image(index))
            return (logits: logits, sums: zip(maps.means, facts.biases).map { $0 + $1 })
        }
        return try Self.difference(
            ScoreMatrix(pairs.flatMap(\.sums), classCount: facts.biases.count),
            ScoreMatrix(pairs.flatMap(\.logits), classCount: facts.biases.count),
            allowed: GoldenCheck.mapTolerance(classifier.arithmetic), what: "the activation maps")
    }

    /// Largest difference over the rows that both have. Throws
    /// ``DeploymentError/differsFromTraining(what:largest:allowed:)``.
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

    func throughputClassifier(_ file: ModelFile) throws -> Classifier {
        try Classifier(
            file,
            options: .init(mode: .throughput, threads: options.threads, precision: .float32, cacheFolder: nil)
        )
    }

    private func file(
        _ network: FoldedNetwork, _ arithmetic: NetworkGraph.Arithmetic,
        precision: ModelDescription.WeightPrecision, input: ModelDescription.Input = .external
    ) throws -> ModelFile {
        let description = try description(network, precision, input: input)
        return try ModelFile(
            graph: NetworkGraph.make(
                network, arithmetic: arithmetic, input: input, preprocessing: description.preprocessing,
                withMaps: description.maps != nil),
            description: description)
    }

    /// Whether the file gives activation maps.
    var writesMaps: Bool {
        options.maps && trained.record.classes.count <= ModelDescription.Maps.maximumClasses
    }

    private func withGoldenVectors(_ file: ModelFile) throws -> ModelFile {
        let classifier = try Classifier(
            file, options: .init(threads: options.threads, precision: .float32, cacheFolder: nil))
        var description = file.description
        description.golden = try GoldenImages.all().map { image in
            guard description.maps != nil else {
                return GoldenVector(image: image, logits: try classifier.logits(image))
            }
            let (logits, maps) = try classifier.logitsAndMaps(image)
            return GoldenVector(image: image, logits: logits, map: logits.argmax.map { maps[$0].values })
        }
        return try file.described(as: description)
    }
}
