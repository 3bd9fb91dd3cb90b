import Foundation

/// Takes the value of the pending field where its number is the one asked for, checked against the kind that the
/// message expects.
extension WireReader: FieldVisitor {
    package typealias Failure = WireError

    /// The pending field if it has this number; it counts as taken then.
    private mutating func take(field number: Int) -> WireField? {
        guard let field = pending, field.number == number else { return nil }
        pending = nil
        return field
    }

    // MARK: single values

    /// Reads a varint as a signed integer, two's complement: negative numbers take ten bytes.
    package mutating func field(_ number: Int, _ value: inout Int64?) throws(WireError) {
        guard let field = take(field: number) else { return }
        try expect(.varint, field)
        value = Int64(bitPattern: try varint())
    }

    package mutating func field(_ number: Int, _ value: inout Int64) throws(WireError) {
        var read: Int64?
        try field(number, &read)
        if let read { value = read }
    }

    package mutating func field(_ number: Int, _ value: inout Int32) throws(WireError) {
        var read: Int64?
        try field(number, &read)
        if let read { value = Int32(truncatingIfNeeded: read) }
    }

    package mutating func field<E: RawRepresentable>(_ number: Int, _ value: inout E) throws(WireError)
    where E.RawValue: FixedWidthInteger {
        var read = Int32(truncatingIfNeeded: value.rawValue)
        try field(number, &read)
        if let known = E(rawValue: E.RawValue(truncatingIfNeeded: read)) { value = known }
    }

    package mutating func field(_ number: Int, _ value: inout Float?) throws(WireError) {
        guard let field = take(field: number) else { return }
        try expect(.fixed32, field)
        value = Float(bitPattern: try fixed32())
    }

    package mutating func field(_ number: Int, _ value: inout Double?) throws(WireError) {
        guard let field = take(field: number) else { return }
        try expect(.fixed64, field)
        let low = try fixed32()
        value = Double(bitPattern: UInt64(try fixed32()) << 32 | UInt64(low))
    }

    package mutating func field(_ number: Int, _ bytes: inout Data) throws(WireError) {
        guard let field = take(field: number) else { return }
        try expect(.lengthDelimited, field)
        bytes = try take(try length())
    }

    package mutating func field(_ number: Int, _ bytes: inout Data, offset: inout Int?) throws(WireError) {
        guard let tag = pending, tag.number == number else { return }
        // A runtime would merge a second one into the first, and run what nobody here has checked.
        guard offset == nil else { throw WireError(.repeated(field: number), at: tag.offset) }
        try field(number, &bytes)
        offset = self.offset - bytes.count
    }

    package mutating func field(_ number: Int, _ text: inout String?) throws(WireError) {
        guard let field = take(field: number) else { return }
        text = try string(field)
    }

    package mutating func field(_ number: Int, _ text: inout String) throws(WireError) {
        guard let field = take(field: number) else { return }
        text = try string(field)
    }

    private mutating func string(_ field: WireField) throws(WireError) -> String {
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
    package mutating func field<M: WireMessage>(_ number: Int, _ message: inout M?) throws(WireError) {
        guard let field = take(field: number) else { return }
        try expect(.lengthDelimited, field)
        // Moved out and in: copying each time would cost quadratic time for many small pieces.
        var merged = message ?? M()
        message = nil
        try nested(try length(), &merged)
        message = merged
    }

    // MARK: repeated values

    package mutating func field<M: WireMessage>(_ number: Int, _ messages: inout [M]) throws(WireError) {
        var message: M?
        try field(number, &message)
        if let message { messages.append(message) }
    }

    package mutating func field(_ number: Int, _ texts: inout [String]) throws(WireError) {
        guard let field = take(field: number) else { return }
        texts.append(try string(field))
    }

    /// Appends varints, packed (a length, then the numbers) or one a field: readers accept both.
    package mutating func field(_ number: Int, _ values: inout [Int64]) throws(WireError) {
        guard let field = take(field: number) else { return }
        guard field.type == .lengthDelimited else {
            try expect(.varint, field, or: "packed varints")
            values.append(Int64(bitPattern: try varint()))
            return
        }
        try within(try length()) { reader throws(WireError) in
            while !reader.isAtEnd {
                try reader.count(1, at: reader.offset)
                values.append(Int64(bitPattern: try reader.varint()))
            }
        }
    }

    /// Appends floats, packed or one a field.
    package mutating func field(_ number: Int, _ values: inout [Float]) throws(WireError) {
        guard let field = take(field: number) else { return }
        guard field.type == .lengthDelimited else {
            try expect(.fixed32, field, or: "packed 4 bytes")
            values.append(Float(bitPattern: try fixed32()))
            return
        }
        let start = offset
        let length = try length()
        guard length % 4 == 0 else { throw WireError(.brokenPack(length, field: field.number), at: start) }
        try count(length / 4, at: start)
        try within(length) { reader throws(WireError) in
            while !reader.isAtEnd { values.append(Float(bitPattern: try reader.fixed32())) }
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
