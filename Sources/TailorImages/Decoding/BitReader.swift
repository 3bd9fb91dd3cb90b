/// Reads bits, the highest of each byte first; zeros behind the end.
struct BitReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The next bits as a number, at most 32.
    mutating func bits(_ count: Int) -> Int {
        var value = 0
        for _ in 0..<count {
            let byte = position / 8 < bytes.count ? bytes[position / 8] : 0
            value = value << 1 | Int(byte >> UInt8(7 - position % 8)) & 1
            position += 1
        }
        return value
    }

    mutating func flag() -> Bool { bits(1) == 1 }

    mutating func skip(_ count: Int) { position += count }

    /// A number in Exp-Golomb code: as many zeros as bits follow the first one. HEVC's ue(v), AV1's uvlc().
    mutating func exponentialGolomb() -> Int {
        var zeros = 0
        while zeros < 32, !flag() { zeros += 1 }
        return zeros < 32 ? (1 << zeros) - 1 + bits(zeros) : Int(UInt32.max)
    }
}
