/// Portable bitmaps, greymaps and pixmaps (P1 to P6), 1 to 16 bits a sample.
///
/// Decoded here because libvips counts its own loader among the untrusted ones.
final class PNMFile: EncodedImage {
    let facts: ImageFacts
    private let path: String
    private let bytes: UnsafeRawBufferPointer
    private let kind: UInt8  // 1...6
    private let maximum: Int
    private let start: Int
    private(set) var largestSample: Int?

    init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
        self.bytes = bytes
        self.path = path
        guard bytes.count >= 3, (0x31...0x36).contains(bytes[1]) else {
            throw ImageError.corrupt(path: path, format: .pnm, reason: "no P1 to P6 at its start")
        }
        kind = bytes[1] - 0x30
        var position = 2
        let isBitmap = kind == 1 || kind == 4
        func field(_ name: String, _ range: ClosedRange<Int>) throws -> Int {
            guard let value = Self.number(in: bytes, at: &position) else {
                guard position < bytes.count else {
                    throw ImageError.truncated(path: path, format: .pnm, reason: "it ends before its \(name)")
                }
                throw ImageError.corrupt(path: path, format: .pnm, reason: "its \(name) is not a number")
            }
            guard range.contains(value) else {
                throw ImageError.corrupt(
                    path: path, format: .pnm,
                    reason: "its \(name): expected \(range.lowerBound) to \(range.upperBound), got \(value)")
            }
            return value
        }
        let width = try field("width", 1...Int(Int32.max))
        let height = try field("height", 1...Int(Int32.max))
        maximum = isBitmap ? 1 : try field("largest value", 1...65535)
        start = position + 1  // one white space ends the header
        facts = ImageFacts(
            format: .pnm, width: width, height: height, colorModel: kind == 3 || kind == 6 ? .rgb : .grey,
            bitsPerSample: maximum > 255 ? 16 : 8, orientation: .upright)
    }

    func decode(_ range: IntensityRange?) throws -> RGBImage {
        if kind >= 4 {
            let rowBytes = kind == 4 ? (facts.width + 7) / 8 : facts.width * bands * (maximum > 255 ? 2 : 1)
            let needed = rowBytes * facts.height
            guard bytes.count - start >= needed else {
                throw ImageError.truncated(
                    path: path, format: .pnm,
                    reason: "expected \(needed) bytes of pixels, got \(max(0, bytes.count - start))")
            }
        }
        return try makeImage { output in
            var position = start
            for y in 0..<facts.height {
                if kind == 4 { position = start + y * ((facts.width + 7) / 8) }
                for x in 0..<facts.width {
                    let target = 3 * (y * facts.width + x)
                    for channel in 0..<3 {
                        output[target + channel] =
                            channel == 0 || bands == 3
                            ? scaled(try sample(x: x, position: &position), range) : output[target]
                    }
                }
            }
        }
    }

    private var bands: Int { kind == 3 || kind == 6 ? 3 : 1 }

    /// Scales 0...maximum to 0...255; a bitmap's 1 is black.
    private func scaled(_ value: Int, _ range: IntensityRange?) -> UInt8 {
        if kind == 1 || kind == 4 { return value == 0 ? 255 : 0 }
        if maximum > 255 {
            // A file that states fewer bits is scaled by what it states.
            if maximum == 65535 { largestSample = max(largestSample ?? 0, value) }
            if let range { return range.level(value) }
        }
        return UInt8((min(value, maximum) * 255 + maximum / 2) / maximum)
    }

    /// The next sample; in raw kinds the count of bytes has been checked.
    private func sample(x: Int, position: inout Int) throws -> Int {
        switch kind {
        case 1:  // digits need no space between them
            Self.skipSpace(in: bytes, at: &position)
            guard position < bytes.count else { throw endsEarly }
            defer { position += 1 }
            switch bytes[position] {
            case 0x30: return 0
            case 0x31: return 1
            default:
                throw ImageError.corrupt(path: path, format: .pnm, reason: "a pixel is neither 0 nor 1")
            }
        case 2, 3:
            guard let value = Self.number(in: bytes, at: &position) else {
                guard position < bytes.count else { throw endsEarly }
                throw ImageError.corrupt(path: path, format: .pnm, reason: "a pixel is not a number")
            }
            return value
        case 4:
            return Int(bytes[position + x / 8] >> UInt8(7 - x % 8)) & 1
        default:
            defer { position += maximum > 255 ? 2 : 1 }
            return maximum > 255
                ? Int(bytes[position]) << 8 | Int(bytes[position + 1]) : Int(bytes[position])
        }
    }

    private var endsEarly: ImageError {
        .truncated(path: path, format: .pnm, reason: "it ends within its pixels")
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// Skips white space and comments, which run from # to the end of the line.
    private static func skipSpace(in bytes: UnsafeRawBufferPointer, at position: inout Int) {
        while position < bytes.count {
            if bytes[position] == 0x23 {
                while position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D {
                    position += 1
                }
            } else if isSpace(bytes[position]) {
                position += 1
            } else {
                return
            }
        }
    }

    /// The next decimal number, nil when there is none; absurdly long ones end at ten digits.
    private static func number(in bytes: UnsafeRawBufferPointer, at position: inout Int) -> Int? {
        skipSpace(in: bytes, at: &position)
        var value: Int?
        while position < bytes.count, (0x30...0x39).contains(bytes[position]), value ?? 0 < 1_000_000_000 {
            value = (value ?? 0) * 10 + Int(bytes[position] - 0x30)
            position += 1
        }
        return value
    }
}
