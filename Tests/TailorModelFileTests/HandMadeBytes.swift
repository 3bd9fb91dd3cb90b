import Foundation
import TailorModelFile
import Testing

/// Messages written by hand, byte by byte, so that no test leans on the writer it is to judge.
enum Wire {
    static func varint(_ value: UInt64) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }

    static func tag(_ number: Int, _ type: Int) -> [UInt8] { varint(UInt64(number * 8 + type)) }

    static func int(_ number: Int, _ value: Int64) -> [UInt8] {
        tag(number, 0) + varint(UInt64(bitPattern: value))
    }

    static func bytes(_ number: Int, _ content: [UInt8]) -> [UInt8] {
        tag(number, 2) + varint(UInt64(content.count)) + content
    }

    static func text(_ number: Int, _ content: String) -> [UInt8] { bytes(number, Array(content.utf8)) }

    /// Field numbers of a message in the order they stand, and the bytes of those that have a length.
    static func fields(_ message: [UInt8]) throws -> [(number: Int, content: [UInt8])] {
        var rest = message[...]
        func varint() throws -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                let next = rest.popFirst()
                let byte = try #require(next)
                value |= UInt64(byte & 127) << shift
                if byte < 128 { return value }
            }
            return value
        }
        var found: [(Int, [UInt8])] = []
        while !rest.isEmpty {
            let tag = try varint()
            var content: [UInt8] = []
            switch tag & 7 {
            case 0: _ = try varint()
            case 2:
                let length = Int(try varint())
                content = Array(rest.prefix(length))
                rest = rest.dropFirst(length)
            default: rest = rest.dropFirst(4)
            }
            found.append((Int(tag >> 3), content))
        }
        return found
    }
}

/// A message that holds itself, as none of ONNX's that Tailor knows does.
struct Nest: WireMessage {
    var inner: [Nest] = []
    var unknownFields = UnknownFields()

    mutating func visitFields<V: FieldVisitor>(_ visitor: inout V) throws(V.Failure) {
        try visitor.field(1, &inner)
    }

    static func bytes(depth: Int) -> [UInt8] { depth == 0 ? [] : Wire.bytes(1, bytes(depth: depth - 1)) }
}
