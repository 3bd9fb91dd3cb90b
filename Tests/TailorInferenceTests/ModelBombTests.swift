import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Small files that a runtime would need gigabytes or minutes for, behind a digest that fits: anybody can sign one.
@Suite struct ModelBombTests {
    @Test(arguments: Bomb.allCases) func refused(_ bomb: Bomb) throws {
        let sound = try RandomModel().file(.float16, .float16)
        var graph = sound.graph
        var description = sound.description
        bomb.apply(to: &graph, &description)
        let error = #expect(throws: ModelFileError.self) {
            try ModelFile(graph: graph, description: description)
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains(bomb.says), "\(text)")
    }

    enum Bomb: CaseIterable {
        case outerProduct, margins, chainOfMargins, multiplications, range, manyValues, reshaped, logits,
            features

        func apply(to graph: inout ONNXGraph, _ description: inout ModelDescription) {
            switch self {
            case .outerProduct:
                graph.addZeros("tall", [50_000, 1])
                graph.addZeros("wide", [1, 50_000])
                graph.add("Mul", ["tall", "wide"], "bomb")
            case .margins:
                graph.addIntegers("pads", [0, 0, 16_000, 16_000, 0, 0, 16_000, 16_000])
                graph.add("Pad", [GraphNames.input, "pads"], "bomb")
            case .chainOfMargins:
                graph.addIntegers("pads", [0, 0, 64, 64, 0, 0, 64, 64])
                for index in 0..<300 {
                    graph.add("Pad", [index == 0 ? GraphNames.input : "p\(index - 1)", "pads"], "p\(index)")
                }
            case .multiplications:
                graph.addZeros("a", [2000, 2000])
                graph.add("MatMul", ["a", "a"], "bomb")
            case .range:
                for (name, value) in [("zero", 0), ("end", 16_000), ("step", 1)] {
                    graph.addIntegers(name, [Int64(value)], isScalar: true)
                }
                graph.add("Range", ["zero", "end", "step"], "bomb")
            case .manyValues:
                graph.addZeros("a", [2000, 2000])
                for index in 0..<300 { graph.add("Relu", ["a"], "r\(index)") }
            case .reshaped:
                graph.addIntegers("to", [-1, 3])
                graph.add("Reshape", [GraphNames.input, "to"], "bomb")
            case .logits: description.classes.append("one too many")
            case .features:
                let count = 4 * description.classes.count
                let rows = (0..<count).map { row in (0..<512).map { Float((row * $0) % 7) } }
                description.decision.featureDistance = FeatureDistance.fit(
                    training: rows, labels: (0..<count).map { $0 / 4 },
                    classCount: description.classes.count,
                    validation: rows)
                let last = graph.node.firstIndex { $0.output == [GraphNames.features] } ?? 0
                graph.node[last].output = ["renamed"]
                for index in graph.node.indices {
                    graph.node[index].input = graph.node[index].input.map {
                        $0 == GraphNames.features ? "renamed" : $0
                    }
                }
                graph.addZeros("few", [1, 7])
                graph.add("Relu", ["few"], GraphNames.features)
            }
        }

        var says: String {
            switch self {
            case .outerProduct, .chainOfMargins: "too large"
            case .margins: "margins"
            case .multiplications: "too long to compute"
            case .range: "up to a side of the picture"
            case .manyValues: "too many and too large"
            case .reshaped: "from [1, 3, 64, 64] to [-1, 3]"
            case .logits: "logits: expected one for each of 4 classes, got [1, 3]"
            case .features: "features: expected 512, got 7"
            }
        }
    }

    /// Both inputs, every arithmetic: the bounds are no obstacle to what export writes.
    @Test(arguments: [Preprocessing.Fit.crop, .pad, .squash])
    func whatExportWritesIsTaken(_ fit: Preprocessing.Fit) throws {
        let network = try FoldedNetwork(RandomModel().model)
        for size in [32, 64, 224, 512] {
            let preprocessing = Preprocessing(imageSize: size, fit: fit)
            for input in ModelDescription.Input.allCases {
                for arithmetic in [NetworkGraph.Arithmetic.float32, .float16, .dynamicInt8] {
                    let graph = NetworkGraph.make(
                        network, arithmetic: arithmetic, input: input, preprocessing: preprocessing)
                    let description = ModelDescription(
                        tailorVersion: "0", classes: ["a", "b", "c"], input: input,
                        preprocessing: preprocessing)
                    _ = try ModelFile(graph: graph, description: description)
                }
            }
        }
    }
}

extension ONNXGraph {
    fileprivate mutating func addZeros(_ name: String, _ dims: [Int]) {
        var tensor = ONNXTensor()
        tensor.name = name
        tensor.dataType = .float
        tensor.dims = dims.map(Int64.init)
        tensor.rawData = Data(count: 4 * dims.reduce(1, *))
        initializer.append(tensor)
    }

    fileprivate mutating func addIntegers(_ name: String, _ values: [Int64], isScalar: Bool = false) {
        var tensor = ONNXTensor()
        tensor.name = name
        tensor.dataType = .int64
        tensor.dims = isScalar ? [] : [Int64(values.count)]
        tensor.rawData = values.withUnsafeBytes { Data($0) }
        initializer.append(tensor)
    }

    fileprivate mutating func add(_ type: String, _ inputs: [String], _ output: String) {
        var added = ONNXNode()
        added.opType = type
        added.name = output
        added.input = inputs
        added.output = [output]
        node.append(added)
    }
}
