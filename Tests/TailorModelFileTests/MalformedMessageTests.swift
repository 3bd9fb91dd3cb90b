import Foundation
import TailorModelFile
import Testing

/// Bytes that are no message: what is said, and of which byte.
@Suite struct MalformedMessageTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let problem: WireError.Problem
        let offset: Int
        var testDescription: String { "\(problem)" }

        init(_ bytes: [UInt8], _ problem: WireError.Problem, at offset: Int) {
            self.bytes = bytes
            self.problem = problem
            self.offset = offset
        }
    }

    /// Read as a graph: 1 nodes, 2 name, 5 tensors; 3 is no field of it.
    static let graphs = [
        Case([0x80], .unfinishedVarint, at: 0),
        Case([0x12, 1, 0x61, 0xff, 0xff], .unfinishedVarint, at: 3),
        Case([UInt8](repeating: 0x80, count: 11), .overlongVarint, at: 0),
        Case([UInt8](repeating: 0x80, count: 9) + [2], .overlongVarint, at: 0),
        Case([0x18] + [UInt8](repeating: 0xff, count: 9) + [0x7f], .overlongVarint, at: 1),
        Case(Wire.varint(1 << 32 | 0x12) + [0], .tag(1 << 32 | 0x12), at: 0),
        Case(Wire.varint(.max), .tag(.max), at: 0),
        Case([0x00, 1], .fieldZero, at: 0),
        Case([0x12, 0, 0x02, 0], .fieldZero, at: 2),
        Case([0x0b, 0x0c], .group(field: 1), at: 0),
        Case([0x0c], .group(field: 1), at: 0),
        Case([0x1b, 0x1c], .group(field: 3), at: 0),
        Case([0x0e, 0], .undefinedWireType(6, field: 1), at: 0),
        Case([0x1f, 0], .undefinedWireType(7, field: 3), at: 0),
        Case([0x10, 1], .wireType(.varint, field: 2, expected: "a length"), at: 0),
        Case([0x09, 0, 0, 0, 0, 0, 0, 0, 0], .wireType(.fixed64, field: 1, expected: "a length"), at: 0),
        Case([0x2d, 0, 0, 0, 0], .wireType(.fixed32, field: 5, expected: "a length"), at: 0),
        Case([0x12], .unfinishedVarint, at: 1),
        Case([0x12, 5, 0x61], .length(5, available: 1), at: 1),
        Case([0x12] + Wire.varint(.max) + [0], .length(.max, available: 1), at: 1),
        Case([0x12] + Wire.varint(1 << 63), .length(1 << 63, available: 0), at: 1),
        Case([0x12, 2, 0xc3, 0x28], .notUTF8(field: 2), at: 2),
        Case([0x12, 2, 0xc0, 0x80], .notUTF8(field: 2), at: 2),
        Case([0x12, 3, 0xed, 0xa0, 0x80], .notUTF8(field: 2), at: 2),
        Case([0x12, 2, 0xe2, 0x82, 0x00], .notUTF8(field: 2), at: 2),
        Case([0x12, 4, 0xf5, 0x80, 0x80, 0x80], .notUTF8(field: 2), at: 2),
        Case([0x12, 5, 0x61, 0xc3, 0xb6, 0xf0, 0x9f], .notUTF8(field: 2), at: 5),
        // Fields that are passed over are measured as well.
        Case([0x18, 0x80], .unfinishedVarint, at: 1),
        Case([0x19, 1, 2, 3], .truncated(expected: 8, got: 3), at: 1),
        Case([0x1a, 9, 0], .length(9, available: 1), at: 1),
        Case([0x1d, 1], .truncated(expected: 4, got: 1), at: 1),
        // Within messages: what follows them is not theirs.
        Case([0x0a, 4, 0x2a, 2, 0x15, 0, 0, 0, 0], .truncated(expected: 4, got: 1), at: 5),
        Case([0x0a, 2, 0x1a, 3, 0x61, 0x62, 0x63], .length(3, available: 0), at: 3),
        Case([0x0a, 1, 0x80, 0x01], .unfinishedVarint, at: 2),
        Case([0x0a, 3, 0x0a, 1, 0xff], .notUTF8(field: 1), at: 4),
        Case([0x0a, 9, 0x12, 0], .length(9, available: 2), at: 1),
    ]

    @Test(arguments: graphs) func whatAndWhere(_ it: Case) {
        for offset in [0, 1000] {
            #expect(throws: WireError(it.problem, at: offset + it.offset)) {
                try ONNXGraph(serializedBytes: Data(it.bytes), offset: offset)
            }
        }
        // A slice of something larger: its indices do not begin at 0.
        let whole = Data([0xff, 0xff, 0xff] + it.bytes + [0xff])
        #expect(throws: WireError(it.problem, at: it.offset)) {
            try ONNXGraph(serializedBytes: whole[3..<3 + it.bytes.count])
        }
    }

    /// Read as an attribute: 2 a float, 3 an integer, 7 floats, 8 integers, 20 an enumeration.
    static let attributes = [
        Case([0x10, 1], .wireType(.varint, field: 2, expected: "4 bytes"), at: 0),
        Case([0x1d, 0, 0, 0, 0], .wireType(.fixed32, field: 3, expected: "a varint"), at: 0),
        Case([0x38, 1], .wireType(.varint, field: 7, expected: "4 bytes or packed 4 bytes"), at: 0),
        Case(
            [0x45, 0, 0, 0, 0], .wireType(.fixed32, field: 8, expected: "a varint or packed varints"), at: 0),
        Case(
            [0x41] + [UInt8](repeating: 0, count: 8),
            .wireType(.fixed64, field: 8, expected: "a varint or packed varints"), at: 0),
        Case(Wire.bytes(20, [1]), .wireType(.lengthDelimited, field: 20, expected: "a varint"), at: 0),
        Case([0x3a, 5, 0, 0, 0, 0, 0], .brokenPack(5, field: 7), at: 1),
        Case([0x3a, 8, 0, 0, 0, 0], .length(8, available: 4), at: 1),
        Case([0x42, 2, 1, 0x80, 0x01], .unfinishedVarint, at: 3),
        Case([0x3d, 1, 2], .truncated(expected: 4, got: 2), at: 1),
    ]

    @Test(arguments: attributes) func numbers(_ it: Case) {
        #expect(throws: WireError(it.problem, at: it.offset)) {
            try ONNXAttribute(serializedBytes: Data(it.bytes))
        }
    }

    @Test func aSecondGraphIsRefused() {
        let bytes = Wire.bytes(7, []) + Wire.int(1, 10) + Wire.bytes(7, Wire.text(2, "other"))
        #expect(throws: WireError(.repeated(field: 7), at: 4)) {
            try ONNXModelFile(serializedBytes: Data(bytes))
        }
    }

    // MARK: limits

    @Test func tooManyBytes() throws {
        let bytes = Data(Wire.text(2, "ab"))
        #expect(
            try ONNXGraph(serializedBytes: bytes, limits: WireReader.Limits(bytes: 4)).name == "ab")
        #expect(throws: WireError(.tooLarge(4, limit: 3), at: 7)) {
            try ONNXGraph(serializedBytes: bytes, offset: 7, limits: WireReader.Limits(bytes: 3))
        }
    }

    @Test func tooDeep() throws {
        var nest = try Nest(serializedBytes: Data(Nest.bytes(depth: 10)))
        for _ in 0..<10 { nest = try #require(nest.inner.first) }
        #expect(nest == Nest())
        // The eleventh message would begin at its content, which is the end.
        let bytes = Data(Nest.bytes(depth: 11))
        #expect(throws: WireError(.tooDeep(limit: 10), at: 22)) { try Nest(serializedBytes: bytes) }
        #expect(throws: WireError.self) { try Nest(serializedBytes: Data(Nest.bytes(depth: 1000))) }
    }

    /// Two bytes in the file, a hundred in memory.
    @Test func tooManyFields() throws {
        let limit = WireReader.Limits().fields
        #expect(limit == 262_144)
        var bytes = Data((0..<limit).flatMap { _ in [0x0a, 0x00] as [UInt8] })
        #expect(try ONNXGraph(serializedBytes: bytes).node.count == limit)
        bytes.append(contentsOf: [0x0a, 0x00])
        #expect(throws: WireError(.tooManyFields(limit: limit), at: 2 * limit)) {
            try ONNXGraph(serializedBytes: bytes)
        }
        // One byte in the file, eight in memory.
        let pack = Data(Wire.bytes(1, [UInt8](repeating: 1, count: limit)))
        #expect(throws: WireError(.tooManyFields(limit: limit), at: 4 + limit - 1)) {
            try ONNXTensor(serializedBytes: pack)
        }
    }

    /// Those of all messages together, packed numbers as if each were a field.
    @Test func fieldsAreCountedTogether() throws {
        let floats = Wire.bytes(7, [UInt8](repeating: 0, count: 8)) + [0x3d, 0, 0, 0, 0]
        let bytes =
            Wire.bytes(1, Wire.text(1, "") + Wire.text(2, "a"))
            + Wire.bytes(5, Wire.bytes(1, [1, 2]) + Wire.int(1, 3) + Wire.int(99, 3))
            + Wire.bytes(1, Wire.bytes(5, floats))
        func read(_ fields: Int) throws -> ONNXGraph {
            try ONNXGraph(serializedBytes: Data(bytes), limits: WireReader.Limits(fields: fields))
        }
        let graph = try read(15)
        #expect(graph.node[1].attribute[0].floats == [0, 0, 0] && graph.initializer[0].dims == [1, 2, 3])
        let offsets = try (0..<15).map { limit in
            let error = try #require(throws: WireError.self) { try read(limit) }
            #expect(error.problem == .tooManyFields(limit: limit))
            return error.offset
        }
        // The two packed floats are counted at once, at their length, before either is stored.
        #expect(offsets == [0, 2, 4, 7, 9, 11, 12, 13, 15, 18, 20, 22, 23, 23, 32])
    }

    // MARK: words

    static let words: [(WireError.Problem, String)] = [
        (.truncated(expected: 4, got: 1), "cut off: expected 4 bytes, got 1"),
        (.unfinishedVarint, "cut off within a varint"),
        (.overlongVarint, "a varint of more than 10 bytes or 64 bits"),
        (.length(9, available: 2), "a length of 9 bytes, of which 2 are there"),
        (.tag(1 << 40), "a tag of more than 32 bits, 1099511627776"),
        (.fieldZero, "field number 0; they begin at 1"),
        (.group(field: 3), "field 3 is a group; model files have none"),
        (.undefinedWireType(6, field: 3), "field 3: wire type 6, expected 0, 1, 2 or 5"),
        (.wireType(.fixed32, field: 2, expected: "a length"), "field 2: expected a length, got 4 bytes"),
        (.notUTF8(field: 2), "field 2: its text is not UTF-8"),
        (.brokenPack(5, field: 7), "field 7: expected a multiple of 4 bytes of packed numbers, got 5"),
        (.repeated(field: 7), "field 7 a second time; expected it once"),
        (.tooDeep(limit: 10), "messages nested more than 10 deep"),
        (.tooLarge(4, limit: 3), "4 bytes; the limit is 3"),
        (.tooManyFields(limit: 3), "more than 3 fields and packed numbers"),
    ]

    @Test func wording() {
        for (problem, words) in Self.words {
            #expect(WireError(problem, at: 17).description == "byte 17: " + words)
        }
    }
}
