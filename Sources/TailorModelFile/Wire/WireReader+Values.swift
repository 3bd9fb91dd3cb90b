import Foundation

/// The value of a field, checked against the kind that its message expects.
extension WireReader {
    // MARK: single values

    /// Reads a varint as a signed integer, two's complement: negative numbers take ten bytes.
    package mutating func int64(_ field: WireField) throws(WireError) -> Int64 {
        try expect(.varint, field)
        return Int64(bitPattern: try varint())
    }

    /// Reads a varint as a 32-bit integer or an enumeration's raw value. Bits above the 32nd are dropped, as
    /// the format says.
    package mutating func int32(_ field: WireField) throws(WireError) -> Int32 {
        Int32(truncatingIfNeeded: try int64(field))
    }

    package mutating func float(_ field: WireField) throws(WireError) -> Float {
        try expect(.fixed32, field)
        return Float(bitPattern: try fixed32())
    }

    package mutating func data(_ field: WireField) throws(WireError) -> Data {
        try expect(.lengthDelimited, field)
        return try take(try length())
    }

    package mutating func string(_ field: WireField) throws(WireError) -> String {
        try expect(.lengthDelimited, field)
        let length = try length()
        let start = offset
        let bytes = try take(length)
        // Decoding would replace invalid bytes and hide them.
        if let wrong = Self.invalidUTF8(bytes) {
            throw WireError(.notUTF8(field: field.number), at: start + wrong)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Offset of the first invalid UTF-8 sequence, in bytes; `nil` if there is none.
    private static func invalidUTF8(_ bytes: Data) -> Int? {
        var parser = UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        var position = 0
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let scalar): position += scalar.count
            case .emptyInput: return nil
            case .error: return position
            }
        }
    }

    /// Merges into the message that is there.
    package mutating func message<M: WireMessage>(
        _ field: WireField, into message: inout M?
    ) throws(WireError) {
        try expect(.lengthDelimited, field)
        // Moved out and in: copying each time would cost quadratic time for many small pieces.
        var merged = message ?? M()
        message = nil
        try nested(try length(), &merged)
        message = merged
    }

    // MARK: repeated values

    package mutating func append<M: WireMessage>(_ field: WireField, to messages: inout [M]) throws(WireError)
    {
        try expect(.lengthDelimited, field)
        var message = M()
        try nested(try length(), &message)
        messages.append(message)
    }

    package mutating func append(_ field: WireField, to texts: inout [String]) throws(WireError) {
        texts.append(try string(field))
    }

    /// Appends varints, packed (a length, then the numbers) or one a field: readers accept both.
    package mutating func append(_ field: WireField, to numbers: inout [Int64]) throws(WireError) {
        guard field.type == .lengthDelimited else {
            try expect(.varint, field, or: "packed varints")
            numbers.append(Int64(bitPattern: try varint()))
            return
        }
        try within(try length()) { reader throws(WireError) in
            while !reader.isAtEnd {
                try reader.count(1, at: reader.offset)
                numbers.append(Int64(bitPattern: try reader.varint()))
            }
        }
    }

    /// Appends floats, packed or one a field.
    package mutating func append(_ field: WireField, to numbers: inout [Float]) throws(WireError) {
        guard field.type == .lengthDelimited else {
            try expect(.fixed32, field, or: "packed 4 bytes")
            numbers.append(Float(bitPattern: try fixed32()))
            return
        }
        let start = offset
        let length = try length()
        guard length % 4 == 0 else { throw WireError(.brokenPack(length, field: field.number), at: start) }
        try count(length / 4, at: start)
        try within(length) { reader throws(WireError) in
            while !reader.isAtEnd { numbers.append(Float(bitPattern: try reader.fixed32())) }
        }
    }

    private func expect(
        _ type: WireType, _ field: WireField, or alternative: String? = nil
    ) throws(WireError) {
        guard field.type == type else {
            let expected = ([type.description] + (alternative.map { [$0] } ?? [])).joined(separator: " or ")
            throw WireError(.wireType(field.type, field: field.number, expected: expected), at: field.offset)
        }
    }
}
