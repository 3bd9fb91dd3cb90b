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
        var writer = WireWriter()
        message.write(to: &writer)
        writer.buffer = Data(capacity: writer.count)
        message.write(to: &writer)
        return writer.buffer ?? Data()
    }

    // MARK: fields that are left out at their default

    package mutating func field(_ number: Int, _ value: Int64) {
        if value != 0 { optional(number, value) }
    }

    package mutating func field(_ number: Int, _ text: String) {
        if !text.isEmpty { optional(number, text) }
    }

    package mutating func field(_ number: Int, _ bytes: Data) {
        guard !bytes.isEmpty else { return }
        tag(number, .lengthDelimited)
        put(bytes)
    }

    // MARK: optional fields

    package mutating func optional(_ number: Int, _ value: Int64?) {
        guard let value else { return }
        tag(number, .varint)
        varint(UInt64(bitPattern: value))
    }

    package mutating func optional(_ number: Int, _ value: Float?) {
        guard let value else { return }
        tag(number, .fixed32)
        fixed32(value.bitPattern)
    }

    package mutating func optional(_ number: Int, _ text: String?) {
        guard let text else { return }
        tag(number, .lengthDelimited)
        put(Data(text.utf8))
    }

    package mutating func optional(_ number: Int, _ message: (some WireMessage)?) {
        guard let message else { return }
        tag(number, .lengthDelimited)
        guard buffer == nil else {
            varint(UInt64(sizes[nextSize]))
            nextSize += 1
            message.write(to: &self)
            return
        }
        let place = sizes.count
        sizes.append(0)
        let start = count
        message.write(to: &self)
        sizes[place] = count - start
        varint(UInt64(sizes[place]))
    }

    // MARK: repeated

    package mutating func repeated(_ number: Int, _ messages: [some WireMessage]) {
        for message in messages { optional(number, message) }
    }

    package mutating func repeated(_ number: Int, _ texts: [String]) {
        for text in texts { optional(number, text) }
    }

    /// Writes packed varints, as version 3 of the format does.
    package mutating func repeated(_ number: Int, _ values: [Int64]) {
        guard !values.isEmpty else { return }
        tag(number, .lengthDelimited)
        varint(UInt64(values.reduce(0) { $0 + Self.size(UInt64(bitPattern: $1)) }))
        for value in values { varint(UInt64(bitPattern: value)) }
    }

    /// Writes packed floats.
    package mutating func repeated(_ number: Int, _ values: [Float]) {
        guard !values.isEmpty else { return }
        tag(number, .lengthDelimited)
        varint(UInt64(4 * values.count))
        for value in values { fixed32(value.bitPattern) }
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
