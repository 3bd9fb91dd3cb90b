import Foundation
import TailorModelFile
import Testing

/// What the format's rules make of fields that come in pieces, twice, in another form or from another schema.
@Suite struct MessageRulesTests {
    @Test func packedAndNot() throws {
        let bytes =
            Wire.int(8, 1) + Wire.bytes(8, Wire.varint(300) + [7]) + Wire.bytes(8, []) + Wire.int(8, -1)
            + Wire.bytes(7, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]) + [0x3d, 0, 0, 0, 0x3f]
        let attribute = try ONNXAttribute(serializedBytes: Data(bytes))
        #expect(attribute.ints == [1, 300, 7, -1])
        #expect(attribute.floats == [1, -2, 0.5])
    }

    @Test func theLastOfASingleValueCounts() throws {
        let attribute = try ONNXAttribute(
            serializedBytes: Data(
                Wire.int(3, 5) + Wire.text(1, "first") + Wire.int(20, 1) + [0x15, 0, 0, 0x80, 0x3f]
                    + Wire.bytes(4, [1]) + Wire.int(3, 0) + Wire.text(1, "last") + Wire.int(20, 2)
                    + [0x15, 0, 0, 0, 0] + Wire.bytes(4, [2])))
        #expect(attribute.i == 0 && attribute.f == 0 && attribute.name == "last")
        #expect(attribute.type == .int && attribute.s == Data([2]))
    }

    @Test func theLastOfAOneofCounts() throws {
        let both = Wire.text(2, "N") + Wire.int(1, 3)
        #expect(try ONNXDimension(serializedBytes: Data(both)).size == .dimValue(3))
        let other = Wire.int(1, 3) + Wire.text(2, "")
        #expect(try ONNXDimension(serializedBytes: Data(other)).size == .dimParam(""))
        #expect(try ONNXDimension(serializedBytes: Data()).size == nil)
    }

    /// A type in three pieces is one type.
    @Test func singleMessagesMerge() throws {
        let pieces = [
            Wire.bytes(1, Wire.int(1, 1) + Wire.bytes(2, Wire.bytes(1, Wire.text(2, "N")))),
            Wire.bytes(1, Wire.bytes(2, Wire.bytes(1, Wire.int(1, 3)))),
            Wire.bytes(1, Wire.int(1, 2)),
        ]
        let info = try ONNXValueInfo(serializedBytes: Data(pieces.flatMap { Wire.bytes(2, $0) }))
        #expect(info.type == .tensor(.uint8, [.dimParam("N"), .dimValue(3)]))
    }

    /// Each piece costs its own size, not that of all before it.
    @Test(.timeLimit(.minutes(1))) func manyPiecesAreMergedQuickly() throws {
        let count = 200_000
        let piece = Wire.bytes(2, Wire.bytes(1, Wire.bytes(2, Wire.bytes(1, []))))
        let bytes = Data(Array(repeating: piece, count: count).joined())
        let info = try ONNXValueInfo(
            serializedBytes: bytes, limits: WireReader.Limits(fields: 4 * count))
        #expect(info.type?.tensorType?.shape?.dim.count == count)
    }

    @Test func repeatedMessagesAppend() throws {
        let graph = try ONNXGraph(
            serializedBytes: Data(
                Wire.bytes(1, Wire.text(3, "a")) + Wire.text(2, "g") + Wire.bytes(1, Wire.text(3, "b"))))
        #expect(graph.node.map(\.name) == ["a", "b"] && graph.name == "g")
    }

    @Test func integersAreCutToTheirField() throws {
        let tensor = try ONNXTensor(
            serializedBytes: Data(Wire.int(2, 1 << 32 | 7) + Wire.int(14, -2) + Wire.int(1, .min)))
        #expect(tensor.dataType == .int64 && tensor.dataLocation == -2 && tensor.dims == [.min])
        // Longer than need be, but within ten bytes.
        let padded = try ONNXTensor(
            serializedBytes: Data([
                0x88, 0x80, 0x00, 0x85, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x00,
            ]))
        #expect(padded.dims == [5])
    }

    @Test func unknownNumbersOfAnEnumerationAreKept() throws {
        let bytes = Data(Wire.int(2, 16) + Wire.text(8, "a"))
        let tensor = try ONNXTensor(serializedBytes: bytes)
        #expect(tensor.dataType.rawValue == 16 && tensor.dataType.byteCount == nil)
        #expect(tensor.serializedBytes() == bytes)
        let negative = Data(Wire.int(20, -1))
        #expect(try ONNXAttribute(serializedBytes: negative).serializedBytes() == negative)
        let location = Data(Wire.int(14, -2))
        #expect(try ONNXTensor(serializedBytes: location).serializedBytes() == location)
        #expect(ONNXElementType(rawValue: 1 << 32 | 1) == .float)
    }

    // MARK: unknown fields

    @Test func unknownFieldsArePassedOverAndRemembered() throws {
        let bytes =
            Wire.int(15, 1) + Wire.text(2, "graph") + Wire.bytes(99, [0xff, 0xff])
            + Wire.tag(100, 1) + [1, 2, 3, 4, 5, 6, 7, 8] + Wire.tag(101, 5) + [1, 2, 3, 4]
            + Wire.int(15, 2) + Wire.int(1 << 29 - 1, -1) + Wire.bytes(1, Wire.int(9, 0))
        let graph = try ONNXGraph(serializedBytes: Data(bytes))
        #expect(graph.name == "graph")
        #expect(graph.unknownFields.numbers == [15, 99, 100, 101, 1 << 29 - 1])
        #expect(graph.node.map(\.unknownFields.numbers) == [[9]])
        // They are not written.
        #expect(graph.serializedBytes() == Data(Wire.bytes(1, []) + Wire.text(2, "graph")))
    }

    @Test func onlySomeUnknownFieldsAreRemembered() throws {
        let graph = try ONNXGraph(serializedBytes: Data((100..<5000).flatMap { Wire.int($0, 0) }))
        #expect(graph.unknownFields.numbers == Array(100..<116))
    }

    @Test func typesWithUnknownFieldsDiffer() throws {
        let plain = Wire.bytes(1, Wire.int(1, 1))
        let type = try ONNXType(serializedBytes: Data(plain))
        #expect(type == .tensor(.float, nil))
        #expect(try ONNXType(serializedBytes: Data(plain + Wire.text(6, "IMAGE"))) != type)
        #expect(try ONNXType(serializedBytes: Data(Wire.bytes(1, Wire.int(1, 1) + Wire.int(3, 0)))) != type)
    }

    // MARK: memory

    @Test func tensorDataIsNotCopied() throws {
        let content = [UInt8](repeating: 7, count: 4096)
        let bytes = Data(Wire.bytes(5, Wire.text(8, "t") + Wire.bytes(9, content)))
        let data = try ONNXGraph(serializedBytes: bytes).initializer[0].rawData
        #expect(data == Data(content))
        let distance = bytes.withUnsafeBytes { file in
            data.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) - UInt(bitPattern: file.baseAddress) }
        }
        #expect(distance == UInt(bytes.count - content.count))
    }

    @Test func theGraphsPlaceIsKnown() throws {
        let graph = Wire.text(2, "g")
        let model = try ONNXModelFile(
            serializedBytes: Data(Wire.int(1, 10) + Wire.bytes(7, graph) + Wire.text(6, "after")), offset: 50)
        #expect(model.graph == Data(graph) && model.graphOffset == 54 && model.docString == "after")
    }
}
