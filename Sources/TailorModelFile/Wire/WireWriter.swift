import Foundation

/// Writer of messages into one buffer.
///
/// A message's length precedes it, so every message is visited twice: the first pass adds up the sizes of
/// nested messages, in the order they begin; the second writes the bytes.
package struct WireWriter {
    /// Bytes written; `nil` during the first pass.
    private var buffer: Data?
    /// Number of bytes so far.
    private var count = 0
    /// Size of each nested message, in bytes.
    private var sizes: [Int] = []
    private var nextSize = 0

    static func bytes(of message: some WireMessage) -> Data {
        // Visiting needs a variable; nothing in it changes.
        var message = message
        var writer = WireWriter()
        message.visitFields(&writer)
        writer.buffer = Data(capacity: writer.count)
        message.visitFields(&writer)
        return writer.buffer ?? Data()
    }

    // MARK: bytes

    private mutating func tag(_ number: Int, _ type: WireType) {
        varint(UInt64(number << 3 | type.rawValue))
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest > 0x7f {
            put(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        put(UInt8(rest))
    }

    /// Bytes that a varint takes, 1...10.
    private static func size(_ value: UInt64) -> Int { max(1, (70 - value.leadingZeroBitCount) / 7) }

    /// Writes four little-endian bytes.
    private mutating func fixed32(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) { put(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    private mutating func put(_ byte: UInt8) {
        count += 1
        buffer?.append(byte)
    }

    /// Writes bytes after their count.
    private mutating func put(_ bytes: Data) {
        varint(UInt64(bytes.count))
        count += bytes.count
        buffer?.append(bytes)
    }
}

extension WireWriter: FieldVisitor {
    package typealias Failure = Never

    // MARK: left out where they hold the default

    package mutating func field(_ number: Int, _ value: inout Int64) {
        if value != 0 { write(number, value) }
    }

    package mutating func field(_ number: Int, _ value: inout Int32) {
        if value != 0 { write(number, Int64(value)) }
    }

    package mutating func field<E: RawRepresentable>(_ number: Int, _ value: inout E)
    where E.RawValue: FixedWidthInteger {
        if value.rawValue != 0 { write(number, Int64(value.rawValue)) }
    }

    package mutating func field(_ number: Int, _ text: inout String) {
        if !text.isEmpty { write(number, Data(text.utf8)) }
    }

    package mutating func field(_ number: Int, _ bytes: inout Data) {
        if !bytes.isEmpty { write(number, bytes) }
    }

    package mutating func field(_ number: Int, _ bytes: inout Data, offset: inout Int?) {
        field(number, &bytes)
    }

    // MARK: written whenever they are there

    package mutating func field(_ number: Int, _ value: inout Int64?) {
        if let value { write(number, value) }
    }

    package mutating func field(_ number: Int, _ value: inout Float?) {
        guard let value else { return }
        tag(number, .fixed32)
        fixed32(value.bitPattern)
    }

    package mutating func field(_ number: Int, _ value: inout Double?) {
        guard let value else { return }
        tag(number, .fixed64)
        fixed32(UInt32(truncatingIfNeeded: value.bitPattern))
        fixed32(UInt32(truncatingIfNeeded: value.bitPattern >> 32))
    }

    package mutating func field(_ number: Int, _ text: inout String?) {
        if let text { write(number, Data(text.utf8)) }
    }

    package mutating func field<M: WireMessage>(_ number: Int, _ message: inout M?) {
        if let message { write(number, message) }
    }

    // MARK: repeated

    package mutating func field<M: WireMessage>(_ number: Int, _ messages: inout [M]) {
        for message in messages { write(number, message) }
    }

    package mutating func field(_ number: Int, _ texts: inout [String]) {
        for text in texts { write(number, Data(text.utf8)) }
    }

    /// Packed, as version 3 of the format has it.
    package mutating func field(_ number: Int, _ values: inout [Int64]) {
        guard !values.isEmpty else { return }
        tag(number, .lengthDelimited)
        varint(UInt64(values.reduce(0) { $0 + Self.size(UInt64(bitPattern: $1)) }))
        for value in values { varint(UInt64(bitPattern: value)) }
    }

    /// Packed.
    package mutating func field(_ number: Int, _ values: inout [Float]) {
        guard !values.isEmpty else { return }
        tag(number, .lengthDelimited)
        varint(UInt64(4 * values.count))
        for value in values { fixed32(value.bitPattern) }
    }

    // MARK: tag and value

    private mutating func write(_ number: Int, _ value: Int64) {
        tag(number, .varint)
        varint(UInt64(bitPattern: value))
    }

    private mutating func write(_ number: Int, _ bytes: Data) {
        tag(number, .lengthDelimited)
        put(bytes)
    }

    private mutating func write(_ number: Int, _ message: some WireMessage) {
        var message = message
        tag(number, .lengthDelimited)
        guard buffer == nil else {
            varint(UInt64(sizes[nextSize]))
            nextSize += 1
            message.visitFields(&self)
            return
        }
        let place = sizes.count
        sizes.append(0)
        let start = count
        message.visitFields(&self)
        sizes[place] = count - start
        varint(UInt64(sizes[place]))
    }
}
