import Foundation
import TailorModelFile
import TestSupport
import Testing

/// Against messages that Google's Protocol Buffers wrote, the onnx package's and ones with our fields alone.
@Suite struct GoldenMessageTests {
    /// One number a field, zeros that were set; and packed.
    @Test(arguments: ["official.onnx", "tailor.onnx"]) func readAsPythonWroteIt(_ file: String) throws {
        let model = try ONNXModelFile(serializedBytes: Golden.files.data(file))
        let graph = try ONNXGraph(serializedBytes: model.graph)
        #expect(try GoldenModel(model, graph) == Golden.model())
        // A byte order mark is text like any other.
        #expect(graph.node[0].docString.unicodeScalars.first == "\u{feff}")
    }

    @Test func oursAreTheBytesThatPythonWrites() throws {
        var model = try ONNXModelFile(serializedBytes: Golden.files.data("official.onnx"))
        model.graph = try ONNXGraph(serializedBytes: model.graph).serializedBytes()
        #expect(try model.serializedBytes() == Golden.files.data("tailor.onnx"))
    }

    @Test func partsThatOursHasNotAreNamed() throws {
        let model = try ONNXModelFile(serializedBytes: Golden.files.data("foreign.onnx"))
        let graph = try ONNXGraph(serializedBytes: model.graph)
        var found = ["": model.unknownFields, ".graph": graph.unknownFields]
        for (index, node) in graph.node.enumerated() {
            found[".graph.node[\(index)]"] = node.unknownFields
            for (place, attribute) in node.attribute.enumerated() {
                found[".graph.node[\(index)].attribute[\(place)]"] = attribute.unknownFields
            }
        }
        for (index, tensor) in graph.initializer.enumerated() {
            found[".graph.initializer[\(index)]"] = tensor.unknownFields
        }
        for (kind, values) in [("input", graph.input), ("output", graph.output)] {
            for (index, value) in values.enumerated() {
                let path = ".graph.\(kind)[\(index)]"
                found[path] = value.unknownFields
                found[path + ".type"] = value.type?.unknownFields
                found[path + ".type.tensor_type"] = value.type?.tensorType?.unknownFields
                for (place, dimension) in (value.type?.tensorType?.shape?.dim ?? []).enumerated() {
                    found[path + ".type.tensor_type.shape.dim[\(place)]"] = dimension.unknownFields
                }
            }
        }
        let expected = try Golden.files.json([String: [Int]].self, from: "foreign.json")
        #expect(found.filter { !$1.isEmpty }.mapValues(\.numbers) == expected)
    }
}
