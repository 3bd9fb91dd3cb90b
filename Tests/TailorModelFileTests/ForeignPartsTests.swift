import Foundation
import TailorModelFile
import TailorSupport
import Testing

/// What ONNX has and a model file has not, behind a digest that fits: refused wherever a runtime would act on it.
@Suite struct ForeignPartsTests {
    struct Part: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// Bytes of a field that goes behind the graph's, and of the part that makes it foreign.
        let graph: @Sendable ([UInt8]) -> [UInt8]
        let foreign: [UInt8]
        let says: String
    }

    static let parts = [
        Part(
            testDescription: "sparse tensor", graph: { $0 }, foreign: Wire.bytes(15, []),
            says: "parts that a model file does not have (functions, sparse tensors or the like)"),
        Part(
            testDescription: "data in another form",
            graph: { Wire.bytes(5, Wire.int(2, 3) + Wire.text(8, "x") + Wire.bytes(9, [1]) + $0) },
            foreign: Wire.bytes(5, [1]), says: "x: data in a form that is not read"),
        Part(
            testDescription: "overload",
            graph: { Wire.bytes(1, Wire.text(1, "image") + Wire.text(2, "y") + Wire.text(4, "Relu") + $0) },
            foreign: Wire.text(8, "o"), says: ": attributes that are not read"),
        Part(
            testDescription: "graph as an attribute",
            graph: {
                let attribute = Wire.bytes(5, Wire.text(1, "body") + $0)
                return Wire.bytes(
                    1, Wire.text(1, "image") + Wire.text(2, "y") + Wire.text(4, "Relu") + attribute)
            },
            foreign: Wire.bytes(6, []), says: ": attributes that are not read"),
        Part(
            testDescription: "described output",
            graph: { Wire.bytes(12, Wire.text(1, "logits")) + Wire.bytes(12, Wire.text(1, "features") + $0) },
            foreign: Wire.text(3, "d"), says: "outputs: expected logits and features"),
        Part(
            testDescription: "denoted dimension of an output",
            graph: {
                let shape = Wire.bytes(2, Wire.bytes(1, Wire.text(2, "N") + $0))
                return Wire.bytes(12, Wire.text(1, "logits"))
                    + Wire.bytes(12, Wire.text(1, "features") + Wire.bytes(2, Wire.bytes(1, shape)))
            },
            foreign: Wire.text(3, "d"), says: "outputs: expected logits and features"),
        Part(
            testDescription: "output of another kind",
            graph: {
                Wire.bytes(12, Wire.text(1, "logits"))
                    + Wire.bytes(12, Wire.text(1, "features") + Wire.bytes(2, $0))
            },
            foreign: Wire.bytes(4, []), says: "outputs: expected logits and features"),
        Part(
            testDescription: "denoted input",
            graph: {
                let sides = [Wire.text(2, "N"), Wire.int(1, 3), Wire.int(1, 1), Wire.int(1, 1)]
                let shape = sides.flatMap { Wire.bytes(1, $0) } + $0
                return Wire.bytes(
                    11,
                    Wire.text(1, "image")
                        + Wire.bytes(2, Wire.bytes(1, Wire.int(1, 1) + Wire.bytes(2, shape))))
            },
            foreign: Wire.text(3, "d"), says: "image: not the type that the description says"),
    ]

    /// A sound file whose graph ends in these bytes. Outputs or the input are left out where they hold some.
    private func file(_ bytes: [UInt8], behind: [UInt8] = []) throws -> Data {
        var graph = SmallModel.graph()
        let added = Set(try Wire.fields(bytes).map(\.number))
        if added.contains(12) { graph.output = [] }
        if added.contains(11) { graph.input = [] }
        var model = try ONNXModelFile(serializedBytes: SmallModel.file().bytes)
        model.graph = graph.serializedBytes() + Data(bytes)
        model.metadataProps[1].value = try SmallModel.digest(model)
        return model.serializedBytes() + Data(behind)
    }

    @Test(arguments: parts) func withinTheGraph(_ part: Part) throws {
        #expect(throws: Never.self) { try ModelFile(bytes: file(part.graph([])), name: "m") }
        #expect(throws: ModelFileError.refused(path: "m", reason: part.says)) {
            try ModelFile(bytes: file(part.graph(part.foreign)), name: "m")
        }
    }

    @Test func behindTheGraph() throws {
        #expect(throws: ModelFileError.refused(path: "m", reason: Self.parts[0].says)) {
            try ModelFile(bytes: file([], behind: Wire.bytes(25, [])), name: "m")
        }
        #expect(throws: ModelFileError.refused(path: "m", reason: Self.parts[0].says)) {
            let entry = Wire.text(1, "key") + Wire.bytes(3, [])
            return try ModelFile(bytes: file([], behind: Wire.bytes(14, entry)), name: "m")
        }
    }
}
