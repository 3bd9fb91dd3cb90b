import Foundation
import TailorModelFile
import Testing

/// Bytes that are written, compared with bytes put together by hand.
@Suite struct WritingTests {
    @Test func defaultsAreLeftOut() {
        #expect(ONNXModelFile().serializedBytes().isEmpty)
        #expect(ONNXGraph().serializedBytes().isEmpty)
        #expect(ONNXNode().serializedBytes().isEmpty)
        #expect(ONNXAttribute().serializedBytes().isEmpty)
        #expect(ONNXTensor().serializedBytes().isEmpty)
        #expect(ONNXDimension().serializedBytes().isEmpty)
    }

    @Test func whatIsSetIsWrittenEvenIfItIsZero() {
        var attribute = ONNXAttribute()
        attribute.f = 0
        attribute.i = 0
        #expect(attribute.serializedBytes() == Data([0x15, 0, 0, 0, 0, 0x18, 0]))
        var dimension = ONNXDimension()
        dimension.size = .dimValue(0)
        #expect(dimension.serializedBytes() == Data([0x08, 0]))
        dimension.size = .dimParam("")
        #expect(dimension.serializedBytes() == Data([0x12, 0]))
        var type = ONNXType()
        type.tensorType = ONNXTensorType()
        type.tensorType?.shape = ONNXShape()
        #expect(type.serializedBytes() == Data([0x0a, 2, 0x12, 0]))
    }

    @Test func numbersByTheirSize() {
        let values: [Int64] = [0, 127, 128, 16_383, 16_384, 1 << 62, .max, -1, .min]
        var attribute = ONNXAttribute()
        attribute.ints = values
        let packed = values.flatMap { Wire.varint(UInt64(bitPattern: $0)) }
        #expect(packed.count == 1 + 1 + 2 + 2 + 3 + 9 + 9 + 10 + 10)
        #expect(attribute.serializedBytes() == Data(Wire.bytes(8, packed)))
        attribute.ints = []
        attribute.floats = [1, -2]
        #expect(
            attribute.serializedBytes() == Data(Wire.bytes(7, [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0])))
    }

    /// Lengths of one, two and three bytes, one within the other.
    @Test(arguments: [0, 1, 110, 127, 128, 16_370, 16_384, 70_000]) func lengths(_ count: Int) {
        let content = [UInt8](repeating: 9, count: count)
        var tensor = ONNXTensor()
        tensor.name = "t"
        tensor.rawData = Data(content)
        var graph = ONNXGraph()
        graph.initializer = [tensor, ONNXTensor(), tensor]
        let written = Wire.text(8, "t") + (count == 0 ? [] : Wire.bytes(9, content))
        #expect(
            graph.serializedBytes()
                == Data(Wire.bytes(5, written) + Wire.bytes(5, []) + Wire.bytes(5, written)))
    }

    @Test func fieldsAscend() throws {
        let model = try Wire.fields(Array(SmallModel.everyFieldOfAFile().serializedBytes()))
        #expect(model.map(\.number) == [1, 2, 3, 4, 5, 6, 7, 8, 8, 14, 14])
        let graph = try Wire.fields(model[6].content)
        #expect(graph.map(\.number) == [1, 1, 2, 5, 10, 11, 12, 12])
        let node = try Wire.fields(graph[0].content)
        #expect(node.map(\.number) == [1, 1, 2, 3, 4, 5, 5, 6, 7])
        #expect(try Wire.fields(node[6].content).map(\.number) == [1, 2, 3, 4, 7, 8, 20])
        #expect(try Wire.fields(graph[3].content).map(\.number) == [1, 2, 8, 9, 13, 14])
        let info = try Wire.fields(graph[7].content)
        #expect(info.map(\.number) == [1, 2])
        #expect(try Wire.fields(Wire.fields(info[1].content)[0].content).map(\.number) == [1, 2])
        #expect(try Wire.fields(model[7].content).map(\.number) == [1, 2])
        #expect(try Wire.fields(model[9].content).map(\.number) == [1, 2])
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let graph = SmallModel.everyField()
        #expect(try ONNXGraph(serializedBytes: graph.serializedBytes()) == graph)
        let model = SmallModel.everyFieldOfAFile()
        let bytes = model.serializedBytes()
        let read = try ONNXModelFile(serializedBytes: bytes)
        #expect(read.serializedBytes() == bytes)
        #expect(read.producerName == "tailor" && read.modelVersion == -1 && read.graph == model.graph)
        #expect(read.opsetImport == model.opsetImport && read.metadataProps == model.metadataProps)
    }
}
