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
    /// Validation images on which the gate decides; more would only take memory.
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
        let images = try RunImages(trained.folder, record: trained.record, dataset: options.dataset)
        let network = try FoldedNetwork(trained.runner.model)
        let validation = spread(images.validation, count: Self.maximumValidationImages)
        guard !validation.isEmpty else {
            throw DeploymentError.noImages(split: "val", why: "the run's dataset.csv lists none")
        }
        let pictures = try load(validation, from: images, name: "reading validation images")

        let float = try file(network, .float32, precision: .float32)
        let classifier = try Classifier(
            float,
            options: .init(mode: .throughput, threads: options.threads, precision: .float32, cacheFolder: nil)
        )
        let report = self.report
        let logits = try classifier.logits(resized: pictures) {
            report(.progress(name: "classifying validation images", done: $0, total: pictures.count))
        }
        let compared = min(Self.comparedImages, validation.count)
        let difference = try differenceFromTraining(Array(validation.prefix(compared)), logits)

        var gate: GateReport?
        var result: ModelFile
        switch options.precision {
        case .float32: result = float
        case .float16: result = try file(network, .float16, precision: .float16)
        case .dynamicInt8: result = try file(network, .dynamicInt8, precision: .dynamicInt8)
        case .int8:
            let quantized = try quantize(
                network, images, .init(images: pictures, labels: validation.map(\.label), logits: logits))
            result = quantized.file
            gate = quantized.gate
        }
        result = try withGoldenVectors(result)
        if [.float16, .dynamicInt8].contains(options.precision) {
            gate = try measure(
                result, .init(images: pictures, labels: validation.map(\.label), logits: logits))
        }
        // As a user's first load will: whatever is wrong shows before the file exists.
        _ = try Classifier(result, name: url.lastPathComponent, options: .init(cacheFolder: nil))
        let latency = try Latency.medians([result, float], threads: options.threads)
        try result.write(to: url)
        return ExportReport(
            path: url.relativePath, precision: options.precision, bytes: result.bytes.count,
            floatBytes: float.bytes.count, differenceFromTraining: difference, comparedImages: compared,
            latency: latency[0], floatLatency: latency[1], gate: gate)
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
            network: network, description: try description(.int8), limits: options.limits,
            methods: options.rangeMethods, threads: options.threads, report: report
        ).quantize(calibration: calibration, reference: reference)
    }

    /// For what is not refused, yet ought to be known.
    private func measure(_ file: ModelFile, _ reference: Quantizer.Reference) throws -> GateReport {
        let after = try Classifier(
            file,
            options: .init(mode: .throughput, threads: options.threads, precision: .float32, cacheFolder: nil)
        ).logits(resized: reference.images)
        let gate = try GateReport(
            before: reference.logits, after: after, labels: reference.labels, classes: trained.record.classes,
            ranges: .minmax, calibrationImages: 0, floatLayers: [], limits: options.limits)
        guard gate.passes else { throw DeploymentError.gateRefused(gate) }
        return gate
    }

    /// The first images of each class in turn, in an order drawn by the seed.
    private func spread(_ samples: [Sample], count: Int) -> [Sample] {
        let order = EpochSampler(labels: samples.map(\.label), seed: options.seed).order(epoch: 0)
        var byClass: [Int: [Int]] = [:]
        for index in order { byClass[samples[index].label, default: []].append(index) }
        var rank: [(turn: Int, index: Int)] = []
        for (_, indices) in byClass { rank += indices.enumerated().map { ($0.offset, $0.element) } }
        return rank.sorted { ($0.turn, samples[$0.index].label) < ($1.turn, samples[$1.index].label) }
            .prefix(count).map { samples[$0.index] }
    }

    private func load(_ samples: [Sample], from images: RunImages, name: String) throws -> [RGBImage] {
        let preprocessing = trained.record.preprocessing
        let decoder = ImageDecoder()
        let report = self.report
        return try ParallelWork.map(
            samples.count, workers: options.threads, name: "load",
            progress: { report(.progress(name: name, done: $0, total: samples.count)) }
        ) { index in
            let bytes = try decoder.read(samples[index].url)
            try images.requireUnchanged(samples[index], bytes: bytes)
            return try preprocessing.resizedAndCropped(
                decoder.decode(bytes, name: samples[index].url.path))
        }
    }

    private func differenceFromTraining(_ samples: [Sample], _ logits: ScoreMatrix) throws -> Double {
        let runner = trained.runner
        let exact = ModelRunner(
            model: runner.model, device: runner.device, autocast: nil, preprocessing: runner.preprocessing,
            workers: runner.workers)
        let expected = try exact.logits(samples)
        let largest = zip(expected.values, logits.values).map { abs($0 - $1) }.max() ?? 0
        let allowed = Self.allowedDifference * max(1, expected.values.map(abs).max() ?? 1)
        guard largest <= allowed else {
            throw DeploymentError.differsFromTraining(largest: largest, allowed: allowed)
        }
        return largest
    }

    // MARK: files

    private func file(
        _ network: FoldedNetwork, _ arithmetic: NetworkGraph.Arithmetic, precision: ModelDescription.Precision
    ) throws -> ModelFile {
        let description = try description(precision)
        return try ModelFile(
            graph: NetworkGraph.make(
                network, arithmetic: arithmetic, input: description.input,
                imageSize: description.preprocessing.imageSize),
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

    private func description(_ precision: ModelDescription.Precision) throws -> ModelDescription {
        let record = trained.record
        var description = ModelDescription(
            tailorVersion: TailorVersion.current, classes: record.classes, input: options.input,
            preprocessing: record.preprocessing, precision: precision,
            calibration: .init(
                temperature: trained.temperature, eceBefore: record.calibration?.eceBefore,
                eceAfter: record.calibration?.eceAfter))
        description.weights = record.weights.map {
            .init(name: $0.name, sha256: $0.sha256, licence: $0.licence)
        }
        description.dataset = .init(
            fingerprint: record.dataset.fingerprint, trainCounts: record.dataset.trainCounts)
        description.validation = try record.validationEvaluation(trained.folder).map {
            .init(
                images: $0.metrics.n,
                accuracy: .init($0.metrics.accuracy, $0.intervals.accuracy),
                macroF1: .init($0.metrics.macroF1, $0.intervals.macroF1))
        }
        let report = trained.folder.test.appending(path: "metrics.json")
        if FileManager.default.fileExists(atPath: report.path) {
            let test = try JSONFile.read(MetricsReport.self, from: report)
            description.test = .init(
                images: test.n, accuracy: .init(test.accuracy, test.intervals.accuracy),
                macroF1: .init(test.macroF1, test.intervals.macroF1), testUses: test.testUses)
        }
        return description
    }
}

extension ModelDescription.Figure {
    fileprivate init(_ value: Double, _ interval: Interval) {
        self.init(value: value, low: interval.low, high: interval.high)
    }
}
