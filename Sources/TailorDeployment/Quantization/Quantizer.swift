import Foundation
import TailorEvaluation
import TailorImages
import TailorInference
import TailorModelFile
import TailorSupport

/// Finds 8-bit numbers under which the network answers as before.
struct Quantizer {
    let network: FoldedNetwork
    /// Of the file to be; precision int8.
    let description: ModelDescription
    let limits: GateReport.Limits
    let methods: [RangeMethod]
    let threads: Int
    let report: @Sendable (ExportEvent) -> Void

    /// Layers in floats at most; beyond that nothing is left of the gain.
    static let maximumFloatLayers = 10
    /// Images on which layers are compared.
    static let sensitivityImages = 64

    /// Validation images, resized, with their classes and the answers of the model in floats.
    struct Reference {
        let pictures: ResizedPictures
        let labels: [Int]
        let logits: ScoreMatrix
    }

    struct Result {
        let file: ModelFile
        let gate: GateReport

        /// With what the gate measured in its description.
        func described() throws -> Result {
            var description = file.description
            description.quantization = gate.summary
            return Result(file: try file.described(as: description), gate: gate)
        }
    }

    /// Tries the ways to choose ranges and takes the one nearest to the answers before; where the gate refuses it,
    /// takes the layers that hurt most back to floats, one by one.
    ///
    /// Throws ``DeploymentError/gateRefused(_:)`` when that does not help either.
    func quantize(calibration: [RGBImage], reference: Reference) throws -> Result {
        let report = self.report
        let calibrator = Calibrator(
            network: network, preprocessing: description.preprocessing, threads: threads)
        let histograms = try calibrator.histograms(calibration) {
            report(.progress(name: "calibrating", done: $0, total: $1))
        }
        let stem = QuantizedStem(
            network.stem, preprocessing: description.preprocessing, pictures: calibration)
        var best: (plan: QuantizationPlan, result: Result)?
        for method in methods {
            var ranges = histograms.mapValues { method.range($0) }
            // An average over the picture: what little there is far out decides the answer.
            ranges[ActivationName.features] = histograms[ActivationName.features].map(
                RangeMethod.minmax.range)
            let plan = QuantizationPlan(ranges: ranges, stem: stem)
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

    /// Layer names, those first whose return to floats brings the answers nearest to those before.
    private func layersBySensitivity(_ plan: QuantizationPlan, _ reference: Reference) throws -> [String] {
        let layers = network.convolutions.map(\.name) + ["fc"]
        let count = min(reference.pictures.count, Self.sensitivityImages)
        let expected = reference.logits.values.prefix(count * reference.logits.classCount)
        let report = self.report
        let errors = try layers.enumerated().map { index, layer in
            var trial = plan
            trial.floatLayers.insert(layer)
            let logits = try self.logits(file(trial), reference.pictures, count: count, name: nil)
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
                file, reference.pictures, count: reference.pictures.count, name: method.rawValue),
            labels: reference.labels, classes: description.classes, ranges: method,
            calibrationImages: calibrationImages, floatLayers: plan.floatLayers.sorted(), limits: limits)
        return Result(file: file, gate: gate)
    }

    private func file(_ plan: QuantizationPlan) throws -> ModelFile {
        let graph = NetworkGraph.make(
            network, arithmetic: .int8(plan), input: description.input,
            preprocessing: description.preprocessing)
        return try ModelFile(graph: graph, description: description)
    }

    /// - Parameters:
    ///   - count: of the first pictures, which are classified.
    ///   - name: of what is tried, for the report; `nil`: none.
    private func logits(
        _ file: ModelFile, _ pictures: ResizedPictures, count: Int, name: String?
    ) throws -> ScoreMatrix {
        let classifier = try Classifier(
            file, options: .init(mode: .throughput, threads: threads, cacheFolder: nil))
        let report = self.report
        return try classifier.outputs(
            count,
            progress: {
                if let name { report(.progress(name: "trying " + name, done: $0, total: count)) }
            }, resized: pictures.picture
        ).logits
    }
}

extension GateReport {
    var summary: ModelDescription.Quantization {
        ModelDescription.Quantization(
            ranges: ranges?.rawValue ?? "", calibrationImages: calibrationImages, validationImages: images,
            macroF1Before: macroF1Before, macroF1After: macroF1After, agreement: agreement,
            largestLogitDifference: largestLogitDifference, floatLayers: floatLayers)
    }
}
