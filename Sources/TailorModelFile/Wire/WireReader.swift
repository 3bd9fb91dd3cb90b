import Foundation

/// Reader of a message's fields from untrusted bytes.
///
/// Memory is allocated only for bytes that are there. Fields are counted against a limit, since two bytes can
/// be a message that takes a hundred in memory. Every error names the byte.
///
/// Protocol Buffers encoding: https://protobuf.dev/programming-guides/encoding/
package struct WireReader {
    package struct Limits: Sendable {
        /// Most bytes in all.
        package var bytes: Int
        /// Deepest nesting of messages.
        package var depth: Int
        /// Most fields and packed numbers in all messages together; an exported ResNet18 has about 3,000.
        package var fields: Int

        package init(bytes: Int = ModelFile.maximumBytes, depth: Int = 10, fields: Int = 1 << 18) {
            self.bytes = bytes
            self.depth = depth
            self.fields = fields
        }
    }

    private let bytes: Data
    private let base: Int
    private let limits: Limits
    /// Offset of the next byte in `bytes`.
    private var position = 0
    /// Offset of the end of the message that is being read in `bytes`.
    private var end: Int
    private var depth = 0
    private var fields = 0
    /// Tag whose value no field of the message has taken yet.
    var pending: WireField?

    init(_ bytes: Data, offset: Int, limits: Limits) throws(WireError) {
        guard bytes.count <= limits.bytes else {
            throw WireError(.tooLarge(bytes.count, limit: limits.bytes), at: offset)
        }
        self.bytes = bytes
        base = offset
        self.limits = limits
        end = bytes.count
    }

    /// Offset of the next byte in the file.
    var offset: Int { base + position }

    // MARK: fields

    /// Merges all fields up to the end of the message into `message`.
    mutating func fields(of message: inout some WireMessage) throws(WireError) {
        while position < end {
            let field = try tag()
            pending = field
            try message.visitFields(&self)
            guard pending != nil else { continue }
            pending = nil
            message.unknownFields.insert(field.number)
            try skip(field)
        }
    }

    private mutating func tag() throws(WireError) -> WireField {
        let start = offset
        try count(1, at: start)
        let tag = try varint()
        guard tag <= UInt32.max else { throw WireError(.tag(tag), at: start) }
        let (number, type) = (Int(tag >> 3), Int(tag & 7))
        guard number > 0 else { throw WireError(.fieldZero, at: start) }
        guard type != 3, type != 4 else { throw WireError(.group(field: number), at: start) }
        guard let type = WireType(rawValue: type) else {
            throw WireError(.undefinedWireType(type, field: number), at: start)
        }
        return WireField(number: number, type: type, offset: start)
    }

    private mutating func skip(_ field: WireField) throws(WireError) {
        switch field.type {
        case .varint: _ = try varint()
        case .fixed64: _ = try take(8)
        case .lengthDelimited: _ = try take(try length())
        case .fixed32: _ = try take(4)
        }
    }

    // MARK: bytes

    /// Reads a varint: seven bits a byte, the lowest first; the top bit says that more follow. Padding is
    /// allowed.
    mutating func varint() throws(WireError) -> UInt64 {
        let start = offset
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard position < end else { throw WireError(.unfinishedVarint, at: start) }
            let byte = byte(position)
            position += 1
            // The tenth byte has room for one bit.
            guard shift < 63 || byte <= 1 else { break }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw WireError(.overlongVarint, at: start)
    }

    /// Reads a length in bytes that lies within the message.
    mutating func length() throws(WireError) -> Int {
        let start = offset
        let length = try varint()
        guard length <= UInt64(end - position) else {
            throw WireError(.length(length, available: end - position), at: start)
        }
        return Int(length)
    }

    /// Takes the next bytes, which share the file's memory.
    mutating func take(_ count: Int) throws(WireError) -> Data {
        guard count <= end - position else {
            throw WireError(.truncated(expected: count, got: end - position), at: offset)
        }
        let first = bytes.startIndex + position
        position += count
        return bytes[first..<first + count]
    }

    /// Reads four little-endian bytes.
    mutating func fixed32() throws(WireError) -> UInt32 {
        guard end - position >= 4 else {
            throw WireError(.truncated(expected: 4, got: end - position), at: offset)
        }
        defer { position += 4 }
        return (0..<4).reduce(0) { $0 | UInt32(byte(position + $1)) << (8 * UInt32($1)) }
    }

    /// Returns one byte. The caller has compared `position` with `end`.
    private func byte(_ position: Int) -> UInt8 { bytes[bytes.startIndex + position] }

    // MARK: limits

    /// Runs `body` with the next `length` bytes as all there is. The caller has taken `length` from
    /// ``length()``.
    mutating func within(
        _ length: Int, _ body: (inout WireReader) throws(WireError) -> Void
    ) throws(WireError) {
        let outer = end
        end = position + length
        try body(&self)
        end = outer
    }

    var isAtEnd: Bool { position >= end }

    /// Merges the next `length` bytes into a message within the one that is being read.
    mutating func nested(_ length: Int, _ message: inout some WireMessage) throws(WireError) {
        guard depth < limits.depth else { throw WireError(.tooDeep(limit: limits.depth), at: offset) }
        depth += 1
        try within(length) { reader throws(WireError) in try reader.fields(of: &message) }
        depth -= 1
    }

    /// Counts fields against the limit: at each tag, and before packed numbers are appended.
    mutating func count(_ more: Int, at offset: Int) throws(WireError) {
        guard more <= limits.fields - fields else {
            throw WireError(.tooManyFields(limit: limits.fields), at: offset)
        }
        fields += more
    }
}
