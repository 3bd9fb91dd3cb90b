import Foundation
import TailorEvaluation
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

/// Quantizer: searches a plan that passes the gate.
struct Quantizer {
    let network: FoldedNetwork
    let scheme: QuantizationScheme
    /// Description of the file; precision int8.
    let description: ModelDescription
    let limits: GateReport.Limits
    let methods: [RangeMethod]
    let threads: Int
    let report: @Sendable (ExportEvent) -> Void

    /// Most layers left in floats; with more, little of the speed-up remains.
    static let maximumFloatLayers = 10
    /// Number of images for the sensitivity of layers.
    static let sensitivityImages = 64

    /// Resized validation images with their labels and the logits of the model in floats.
    struct Reference {
        let images: ResizedImages
        let labels: [Int]
        let logits: ScoreMatrix
    }

    /// A quantized file, how it was made, and the gate's result.
    struct Result {
        let file: ModelFile
        let plan: QuantizationPlan
        let gate: GateReport

        /// Adds the gate's result to the file's description.
        func described() throws -> Result {
            var description = file.description
            description.quantization = gate.summary
            if plan.scheme == .symmetric { description.quantization?.scheme = plan.scheme.rawValue }
            return Result(file: try file.described(as: description), plan: plan, gate: gate)
        }
    }

    /// Tries the range methods and takes the best; if it does not pass the gate, returns the most sensitive
    /// layers to floats, one by one.
    ///
    /// Throws ``DeploymentError/gateRefused(_:)`` if that does not pass either.
    func quantize(calibration: [RGBImage], reference: Reference) throws -> Result {
        let report = self.report
        let calibrator = Calibrator(
            network: network, preprocessing: description.preprocessing, threads: threads)
        let measured = try calibrator.measure(calibration) {
            report(.progress(name: "calibrating", done: $0, total: $1))
        }
        let histograms = measured.histograms
        let inputs = network.inputs
        let weights = ParallelMap.run(inputs.count, workers: threads, name: "quantize") { index in
            let (convolution, input) = inputs[index]
            return measured.moments[input].map {
                (convolution.name, QuantizedConvolution(convolution, inputs: $0))
            }
        }.compactMap { $0 }
        let stem = QuantizedStem(
            network.stem, scheme: scheme, preprocessing: description.preprocessing, images: calibration)
        var best: (plan: QuantizationPlan, result: Result)?
        for method in methods {
            var ranges = histograms.mapValues { method.range($0) }
            // Features are averages, whose few outliers decide the answer: never clipped.
            ranges[ActivationName.features] = histograms[ActivationName.features].map(
                RangeMethod.minmax.range)
            let plan = QuantizationPlan(
                scheme: scheme, ranges: ranges, stem: stem,
                weights: Dictionary(uniqueKeysWithValues: weights),
                floatLayers: headInFloats)
            let candidate = try self.candidate(plan, method, calibration.count, reference)
            report(.candidate(candidate.gate))
            if best.map({ candidate.gate.isBetter(than: $0.result.gate) }) ?? true {
                best = (plan, candidate)
            }
        }
        guard var (plan, result) = best, let method = result.gate.ranges else {
            throw DeploymentError.invalidOption(name: "ranges", expected: "at least one", got: "none")
        }
        guard !result.gate.passes else { return try result.described() }
        for layer in try layersBySensitivity(plan, reference).prefix(Self.maximumFloatLayers) {
            plan.floatLayers.insert(layer)
            result = try candidate(plan, method, calibration.count, reference)
            report(.candidate(result.gate))
            if result.gate.passes { return try result.described() }
        }
        throw DeploymentError.gateRefused(result.gate)
    }

    /// The head stays in floats where maps are to explain its logits: rounded, and cut off at the largest feature seen,
    /// they would not add up to them. It is a hundred thousandth of the arithmetic. In the symmetric scheme, too, whose
    /// features would have 7 bits.
    private var headInFloats: Set<String> {
        description.maps == nil && scheme == .affine ? [] : ["fc"]
    }

    /// Layer names by falling sensitivity: how much returning the layer to floats reduces the error of the
    /// logits.
    private func layersBySensitivity(_ plan: QuantizationPlan, _ reference: Reference) throws -> [String] {
        let layers = (network.convolutions.map(\.name) + ["fc"]).filter(plan.quantizes)
        let count = min(reference.images.count, Self.sensitivityImages)
        let expected = reference.logits.values.prefix(count * reference.logits.classCount)
        let report = self.report
        let errors = try layers.enumerated().map { index, layer in
            var trial = plan
            trial.floatLayers.insert(layer)
            let logits = try self.logits(trial, file(trial), reference.images, count: count, name: nil)
            report(.progress(name: "comparing layers", done: index + 1, total: layers.count))
            return zip(logits.values, expected).reduce(0) { $0 + abs($1.0 - $1.1) }
        }
        return layers.indices.sorted { (errors[$0], $0) < (errors[$1], $1) }.map { layers[$0] }
    }

    private func candidate(
        _ plan: QuantizationPlan, _ method: RangeMethod, _ calibrationImages: Int, _ reference: Reference
    ) throws -> Result {
        let file = try file(plan)
        let gate = try GateReport(
            before: reference.logits,
            after: try logits(
                plan, file, reference.images, count: reference.images.count, name: method.rawValue),
            labels: reference.labels, classes: description.classes, ranges: method,
            calibrationImages: calibrationImages,
            floatLayers: plan.floatLayers.subtracting(headInFloats).sorted(), limits: limits,
            temperature: description.calibration.temperature)
        return Result(file: file, plan: plan, gate: gate)
    }

    private func file(_ plan: QuantizationPlan) throws -> ModelFile {
        let graph = NetworkGraph.make(
            network, arithmetic: .int8(plan), input: description.input,
            preprocessing: description.preprocessing, withMaps: description.maps != nil)
        return try ModelFile(graph: graph, description: description)
    }

    /// Logits of a candidate on the first `count` images; reports progress under `name` if there is one.
    ///
    /// In the symmetric scheme, which another runtime will compute, these are what the graph means: OpenVINO leaves out
    /// some of the roundings.
    private func logits(
        _ plan: QuantizationPlan, _ file: ModelFile, _ images: ResizedImages, count: Int, name: String?
    ) throws -> ScoreMatrix {
        let report = self.report
        let progress: @Sendable (Int) -> Void = {
            if let name { report(.progress(name: "trying " + name, done: $0, total: count)) }
        }
        guard plan.scheme == .symmetric else {
            let classifier = try Classifier(
                file, options: .init(mode: .throughput, threads: threads, cacheFolder: nil))
            return try classifier.outputs(count, progress: progress, of: images.image).logits
        }
        let graph = NetworkGraph.make(
            network, arithmetic: .int8(plan), input: .external, preprocessing: description.preprocessing,
            isSimulated: true)
        let compiled = try CompiledNetwork(
            onnx: ModelFile.serialized(graph), input: .pixels(description.preprocessing, batch: 1),
            settings: NetworkSettings(mode: .throughput, threads: threads))
        let rows = try compiled.firstOutputs(
            count, workers: threads, progress: progress, of: images.image)
        return try ScoreMatrix(rows.flatMap { $0 }, classCount: description.classes.count)
    }
}

/// Quantization plan: ranges of activations, and layers left in floats.
package struct QuantizationPlan: Sendable {
    package var scheme: QuantizationScheme
    /// Ranges by activation, see ``ActivationName``.
    package var ranges: [String: ClosedRange<Float>]
    /// Names in torchvision of the layers that stay in 32-bit floats.
    package var floatLayers: Set<String>
    package var stem: QuantizedStem
    /// Convolutions after the first by name; those that are missing are rounded to the nearest code.
    package var weights: [String: QuantizedConvolution]

    package init(
        scheme: QuantizationScheme = .affine, ranges: [String: ClosedRange<Float>], stem: QuantizedStem,
        weights: [String: QuantizedConvolution] = [:], floatLayers: Set<String> = []
    ) {
        self.scheme = scheme
        self.ranges = ranges
        self.stem = stem
        self.weights = weights
        self.floatLayers = floatLayers
    }

    func quantizes(_ layer: String) -> Bool { !floatLayers.contains(layer) }
}
