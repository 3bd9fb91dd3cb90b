import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Files that are no model, were damaged, or were made to harm.
@Suite(.serialized) struct BadModelFileTests {
    /// Of 16-bit weights: half the bytes to hash.
    static let sound = Result { try RandomModel().file(.float16, .float16) }

    private func expectRefused(_ bytes: Data, _ what: String = "") {
        #expect(throws: ModelFileError.self, "\(what)") { try ModelFile(bytes: bytes, name: "bad.onnx") }
    }

    @Test func cutOffAnywhere() throws {
        let bytes = try Self.sound.get().bytes
        for count in [0, 1, 2, 10, 100, 1000, bytes.count / 2, bytes.count - 1] {
            expectRefused(bytes.prefix(count), "\(count) bytes")
        }
        expectRefused(Data("not a model".utf8))
        expectRefused(Data(repeating: 0xff, count: 4096))
    }

    /// Where a flipped byte is accepted, nothing that counts has changed.
    @Test func flippedBytes() throws {
        let sound = try Self.sound.get()
        var generator = SeededGenerator(seed: 11)
        for index in 0..<160 {
            var bytes = sound.bytes
            // Half of them near the ends, where lengths and descriptions lie.
            let position =
                index % 2 == 0
                ? generator.integer(below: bytes.count)
                : (index % 4 == 1
                    ? generator.integer(below: 2000) : bytes.count - 1 - generator.integer(below: 2000))
            bytes[position] ^= UInt8(1 << generator.integer(below: 8))
            guard let file = try? ModelFile(bytes: bytes, name: "flipped") else { continue }
            #expect(file.graph == sound.graph && file.description == sound.description, "byte \(position)")
        }
    }

    /// Harmful graphs under a digest that fits.
    @Test(arguments: Harm.allCases) func hostileGraphs(_ harm: Harm) throws {
        let sound = try Self.sound.get()
        var graph = sound.graph
        harm.apply(to: &graph)
        let error = #expect(throws: ModelFileError.self) {
            try ModelFile(graph: graph, description: sound.description)
        }
        #expect(
            "\(error.map(String.init(describing:)) ?? "")".contains(harm.says), "\(String(describing: error))"
        )
    }

    enum Harm: CaseIterable {
        case hugeNumber, hugeShape, negativeShape, overflowingShape, externalData, unknownOperator,
            hugePadding
        case undefinedInput, otherInput, duplicate, wrongOutputs, foreignDomain

        func apply(to graph: inout ONNXGraph) {
            switch self {
            case .hugeShape: graph.initializer[0].dims = [1 << 40, 3, 7, 7]
            case .negativeShape: graph.initializer[0].dims[0] = -64
            case .overflowingShape: graph.initializer[0].dims = [1 << 32, 1 << 32]
            case .externalData:
                var property = ONNXProperty()
                property.key = "location"
                property.value = "/etc/passwd"
                graph.initializer[0].externalData = [property]
                graph.initializer[0].dataLocation = 1
            case .unknownOperator: graph.node[0].opType = "If"
            case .hugePadding:
                for index in graph.node.indices where graph.node[index].opType == "Conv" {
                    graph.node[index].attribute[2].ints = [1 << 30, 1 << 30, 1 << 30, 1 << 30]
                }
            case .hugeNumber:
                var steps = ONNXTensor()
                steps.name = "steps"
                steps.dataType = .int64
                steps.rawData = Data([0, 0, 0, 0, 0, 0, 0, 1])
                graph.initializer.append(steps)
            case .undefinedInput: graph.node[0].input[0] = "nowhere"
            case .otherInput: graph.input[0].type?.tensorType?.elemType = .int64
            case .duplicate: graph.initializer.append(graph.initializer[0])
            case .wrongOutputs: graph.output.removeLast()
            case .foreignDomain: graph.node[0].domain = "com.example"
            }
        }

        var says: String {
            switch self {
            case .hugeShape, .negativeShape, .overflowingShape: "shape"
            case .externalData: "outside the file"
            case .unknownOperator, .foreignDomain: "operator"
            case .hugePadding, .hugeNumber: "out of range"
            case .undefinedInput: "not defined"
            case .otherInput: "type"
            case .duplicate: "two tensors"
            case .wrongOutputs: "outputs"
            }
        }
    }

    @Test func wrongDescriptions() throws {
        let sound = try Self.sound.get()
        typealias Change = (inout ModelDescription) -> Void
        let picture = try RGBImage(width: 2, height: 2, red: 1, green: 2, blue: 3)
        let changes: [(String, Change)] = [
            ("two classes of one name", { (it: inout ModelDescription) in it.classes[1] = it.classes[0] }),
            ("0 classes", { (it: inout ModelDescription) in it.classes = [] }),
            ("temperature", { (it: inout ModelDescription) in it.calibration.temperature = 0 }),
            ("preprocessing", { (it: inout ModelDescription) in it.preprocessing.imageSize = 1 << 20 }),
            ("architecture", { (it: inout ModelDescription) in it.architecture = "vit" }),
            ("golden", { (it: inout ModelDescription) in it.golden = [.init(image: picture, logits: [1])] }),
            (
                "a text of 5000 bytes",
                { (it: inout ModelDescription) in it.classes[0] = String(repeating: "x", count: 5000) }
            ),
            (
                "training images of 1 classes",
                { (it: inout ModelDescription) in it.dataset = .init(fingerprint: "", trainCounts: [1]) }
            ),
            ("newer version", { (it: inout ModelDescription) in it.schema = 99 }),
        ]
        for (what, change) in changes {
            var description = sound.description
            change(&description)
            let error = #expect(throws: ModelFileError.self) { try sound.described(as: description) }
            #expect(
                "\(error.map(String.init(describing:)) ?? "")".contains(what), "\(String(describing: error))")
        }
    }

    @Test func readsBackWhatItWrote() throws {
        let folder = try TemporaryFolder()
        let sound = try Self.sound.get()
        try sound.write(to: folder.file("m.onnx"))
        let again = try ModelFile(contentsOf: folder.file("m.onnx"))
        #expect(again.description == sound.description && again.graph == sound.graph)
        #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: folder.url) }
        #expect(throws: ModelFileError.self) { try ModelFile(contentsOf: folder.file("missing")) }
    }
}
