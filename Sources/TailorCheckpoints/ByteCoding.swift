import Foundation

/// Bounds-checked little-endian reader of bytes. It never traps, whatever the bytes are.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    /// Error for a read beyond the end.
    struct EndOfData: Error {}

    init(_ bytes: [UInt8], from start: Int = 0, to end: Int? = nil) {
        self.bytes = bytes
        self.end = min(max(end ?? bytes.count, 0), bytes.count)
        position = min(max(start, 0), self.end)
    }

    var remaining: Int { end - position }

    mutating func byte() throws(EndOfData) -> UInt8 {
        guard position < end else { throw EndOfData() }
        defer { position += 1 }
        return bytes[position]
    }

    /// Reads `count` bytes; throws for a negative or too large count.
    mutating func take(_ count: Int) throws(EndOfData) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw EndOfData() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func skip(_ count: Int) throws(EndOfData) {
        _ = try take(count)
    }

    /// Reads an unsigned integer of `size` bytes (1…8).
    mutating func unsigned(_ size: Int) throws(EndOfData) -> UInt64 {
        try take(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Reads an unsigned integer that must fit `Int`; a larger one throws `EndOfData`.
    mutating func length(_ size: Int) throws(EndOfData) -> Int {
        guard let value = Int(exactly: try unsigned(size)) else { throw EndOfData() }
        return value
    }

    /// Reads up to the next line feed, which is consumed but not returned.
    mutating func line() throws(EndOfData) -> ArraySlice<UInt8> {
        guard let newline = bytes[position..<end].firstIndex(of: 0x0A) else { throw EndOfData() }
        defer { position = newline + 1 }
        return bytes[position..<newline]
    }
}

/// Little-endian writer of bytes, the counterpart of `ByteReader`.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    mutating func append(_ more: some Sequence<UInt8>) {
        bytes.append(contentsOf: more)
    }

    mutating func byte(_ value: UInt8) {
        bytes.append(value)
    }

    /// Appends the lowest `size` bytes (1…8) of a number.
    mutating func integer(_ value: Int, _ size: Int) {
        for position in 0..<size {
            bytes.append(UInt8(truncatingIfNeeded: value >> (8 * position)))
        }
    }

    mutating func zeros(_ count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: count))
    }
}
