/// Little-endian writes to a growing block of bytes: the counterpart of `ByteReader`.
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

    /// The lowest `size` bytes (1…8) of a number, least significant first.
    mutating func integer(_ value: Int, _ size: Int) {
        for position in 0..<size {
            bytes.append(UInt8(truncatingIfNeeded: value >> (8 * position)))
        }
    }

    mutating func zeros(_ count: Int) {
        bytes.append(contentsOf: repeatElement(0, count: count))
    }
}
