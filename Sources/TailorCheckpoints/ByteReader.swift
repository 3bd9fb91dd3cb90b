import Foundation

/// Bounds-checked little-endian reads from a block of bytes. Nothing here traps, whatever the bytes say.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    /// Thrown when fewer bytes are left than asked for.
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

    /// `count` bytes; a negative or too large count throws.
    mutating func take(_ count: Int) throws(EndOfData) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw EndOfData() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func skip(_ count: Int) throws(EndOfData) {
        _ = try take(count)
    }

    /// An unsigned integer of `size` bytes (1…8), least significant first.
    mutating func unsigned(_ size: Int) throws(EndOfData) -> UInt64 {
        try take(size).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// An unsigned integer that must fit `Int`; larger ones count as running past the end.
    mutating func length(_ size: Int) throws(EndOfData) -> Int {
        guard let value = Int(exactly: try unsigned(size)) else { throw EndOfData() }
        return value
    }

    /// The bytes up to the next line feed, which is consumed and left out.
    mutating func line() throws(EndOfData) -> ArraySlice<UInt8> {
        guard let newline = bytes[position..<end].firstIndex(of: 0x0A) else { throw EndOfData() }
        defer { position = newline + 1 }
        return bytes[position..<newline]
    }
}
