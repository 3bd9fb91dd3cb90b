import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// The form that TensorRT takes: its rules, read off the graph, and what it computes.
@Suite(.serialized) struct SymmetricQuantizationTests {
    private static let pictures = Result { try TestImage.coloredStripes(8, seed: 9) }

    /// A plan of a network with the bundled backbone.
    private func plan(_ random: RandomModel, floatLayers: Set<String> = ["fc"]) throws -> QuantizationPlan {
        let network = try FoldedNetwork(random.model)
        let images = try TestImage.coloredStripes(12, seed: 5)
        let measured = try Calibrator(network: network, preprocessing: random.preprocessing, threads: 2)
            .measure(images)
        return QuantizationPlan(
            scheme: .symmetric, ranges: measured.histograms.mapValues { RangeMethod.minmax.range($0) },
            stem: QuantizedStem(
                network.stem, scheme: .symmetric, preprocessing: random.preprocessing, images: images),
            weights: Dictionary(
                network.inputs.compactMap { convolution, input in
                    measured.moments[input].map {
                        (convolution.name, QuantizedConvolution(convolution, inputs: $0))
                    }
                }, uniquingKeysWith: { first, _ in first }),
            floatLayers: floatLayers)
    }

    private func graph(
        _ random: RandomModel, _ plan: QuantizationPlan, isSimulated: Bool = false
    ) throws -> ONNXGraph {
        NetworkGraph.make(
            try FoldedNetwork(random.model), arithmetic: .int8(plan), input: .external,
            preprocessing: random.preprocessing, isSimulated: isSimulated)
    }

    private func logits(_ graph: ONNXGraph, _ random: RandomModel) throws -> [Float] {
        let compiled = try CompiledNetwork(
            onnx: ModelFile.serialized(graph), input: .pixels(random.preprocessing, batch: 1),
            settings: NetworkSettings(mode: .throughput, threads: 2))
        let pictures = try Self.pictures.get()
        let resized = try pictures.map { try random.preprocessing.resizedAndCropped($0) }
        return try compiled.firstOutputs(resized.count, workers: 2) { resized[$0] }.flatMap { $0 }
    }

    /// "Working with Quantized Types", TensorRT 10 and 11: signed int8, zero points 0, biases in floats.
    @Test func keepsTheRulesOfTensorRT() throws {
        let random = try RandomModel(pretrained: true)
        let graph = try graph(random, plan(random))
        let constants = Dictionary(graph.initializer.map { ($0.name, $0) }) { first, _ in first }
        var maker: [String: ONNXNode] = [:]
        for node in graph.node { for output in node.output { maker[output] = node } }
        #expect(constants.values.allSatisfy { [.float, .int8].contains($0.dataType) })

        let pairs = graph.node.filter { ["QuantizeLinear", "DequantizeLinear"].contains($0.opType) }
        // 20 convolutions' weights; the image, 9 outputs of ReLUs within blocks and the stem twice (before and after
        // the pool), 8 sums but the last, 8 second convolutions and 3 shortcuts, each once quantized and dequantized.
        #expect(pairs.count == 20 + 2 * (1 + 2 + 8 + 7 + 8 + 3))
        for node in pairs {
            let zero = try #require(constants[node.input[2]], "\(node.name)")
            #expect(zero.dataType == .int8 && zero.rawData.allSatisfy { $0 == 0 }, "\(node.name)")
            let scale = try #require(constants[node.input[1]], "\(node.name)")
            #expect(scale.dims == zero.dims, "\(node.name)")
            let values = scale.rawData.withUnsafeBytes { Array($0.bindMemory(to: Float.self)) }
            #expect(values.allSatisfy { $0 > 0 && $0.isFinite } && !values.isEmpty, "\(node.name)")
        }
        let layers = graph.node.filter { $0.opType == "Conv" }
        #expect(layers.count == 20)
        for node in layers {
            #expect(maker[node.input[0]]?.opType == "DequantizeLinear", "\(node.name): activation")
            #expect(maker[node.input[1]]?.opType == "DequantizeLinear", "\(node.name): weights")
            #expect(constants[node.input[2]]?.dataType == .float, "\(node.name): bias")
        }
        let sums = graph.node.filter { $0.opType == "Add" }
        #expect(sums.count == 8)
        for node in sums {
            #expect(node.input.allSatisfy { maker[$0]?.opType == "DequantizeLinear" }, "\(node.name)")
        }
        let first = try #require(graph.node.first)
        #expect(first.opType == "QuantizeLinear" && first.input[0] == "image", "\(first.opType)")
    }

    /// What the gate judges is the graph: the two differ by the roundings that OpenVINO leaves out.
    @Test func theSimulationIsTheGraph() throws {
        let random = try RandomModel(pretrained: true)
        let expected = Array(try random.logits(Self.pictures.get()).joined())
        let scale = expected.map(abs).max() ?? 0
        let plan = try plan(random)
        let simulated = try logits(graph(random, plan, isSimulated: true), random)
        let computed = try logits(graph(random, plan), random)
        func mean(_ a: [Float], _ b: [Float]) -> Float {
            zip(a, b).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(a.count)
        }
        try #require(simulated.count == expected.count && computed.count == expected.count)
        #expect(mean(simulated, expected) > 1e-4 * scale, "nothing was rounded")
        #expect(mean(simulated, expected) < 0.08 * scale, "\(mean(simulated, expected)) of \(scale)")
        #expect(mean(computed, simulated) < 0.05 * scale, "\(mean(computed, simulated)) of \(scale)")
        // With every layer back in floats nothing is rounded.
        let all = Set(try FoldedNetwork(random.model).convolutions.map(\.name) + ["fc"])
        let exact = try logits(
            graph(random, self.plan(random, floatLayers: all), isSimulated: true), random)
        expectClose(exact, expected, absolute: 1e-4)
    }

    @Test func scalesAreOfTheFartherEnd() {
        #expect(SymmetricQuantization(-2...1).scale == Float(2) / 127)
        #expect(SymmetricQuantization(0...12.7).scale == Float(12.7) / 127)
        #expect(SymmetricQuantization(0...0).scale == 1)
        #expect(SymmetricQuantization(0...Float.leastNonzeroMagnitude).scale > 0, "too small to divide")
        let range = Preprocessing().normalizedRange
        expectClose([range.lowerBound, range.upperBound], [-2.117_9, 2.64], absolute: 1e-3)
    }
}
