/// Windows and OS/2 bitmaps of 1 to 32 bits, with bit fields and run-length encoding.
///
/// Decoded here because libvips reads them only through ImageMagick, whose loaders it counts as untrusted.
struct BMPFile: EncodedImage {
    let facts: ImageFacts
    private let path: String
    private let bytes: UnsafeRawBufferPointer
    private let bits: Int
    private let compression: Int  // 0 none, 1 RLE8, 2 RLE4, 3 and 6 bit fields
    private let isTopDown: Bool
    private let palette: [(red: UInt8, green: UInt8, blue: UInt8)]
    private let fields: BitFields?
    private let start: Int

    init(_ bytes: UnsafeRawBufferPointer, path: String) throws {
        self.bytes = bytes
        self.path = path
        func need(_ count: Int, for what: String) throws {
            guard bytes.count >= count else {
                throw ImageError.truncated(path: path, format: .bmp, reason: "it ends before its \(what)")
            }
        }
        try need(26, for: "header")
        let headerSize = bytes.unsigned32(at: 14)
        try need(14 + headerSize, for: "header")
        let isCore = headerSize == 12
        let width = isCore ? bytes.unsigned16(at: 18) : bytes.signed32(at: 18)
        let height = isCore ? bytes.unsigned16(at: 20) : bytes.signed32(at: 22)
        bits = bytes.unsigned16(at: isCore ? 24 : 28)
        compression = isCore ? 0 : bytes.unsigned32(at: 30)
        isTopDown = height < 0
        guard width > 0, height != 0 else {
            throw ImageError.corrupt(path: path, format: .bmp, reason: "\(width)×\(height) pixels")
        }
        let known: [Int: [Int]] = [0: [1, 4, 8, 16, 24, 32], 1: [8], 2: [4], 3: [16, 32], 6: [16, 32]]
        guard known[compression]?.contains(bits) == true else {
            throw ImageError.unsupported(
                path: path, format: .bmp, reason: "\(bits) bits a pixel with compression \(compression)")
        }

        start = bytes.unsigned32(at: 10)
        var tableStart = 14 + headerSize
        if compression == 3 || compression == 6 {
            // In the older header the masks follow it.
            let hasAlpha = headerSize >= 56 || compression == 6
            if headerSize == 40 { tableStart += hasAlpha ? 16 : 12 }
            try need(54 + (hasAlpha ? 16 : 12), for: "bit masks")
            fields = BitFields(
                red: bytes.mask(at: 54), green: bytes.mask(at: 58), blue: bytes.mask(at: 62),
                alpha: hasAlpha ? bytes.mask(at: 66) : 0)
        } else {
            fields = bits == 16 ? .fiveEach : bits == 32 ? .eightEach : nil
        }
        var palette: [(red: UInt8, green: UInt8, blue: UInt8)] = []
        if bits <= 8 {
            let stated = isCore ? 0 : bytes.unsigned32(at: 46)
            let entries = stated == 0 || stated > 1 << bits ? 1 << bits : stated
            let entrySize = isCore ? 3 : 4
            for index in 0..<entries {
                let entry = tableStart + index * entrySize
                guard entry + 3 <= bytes.count else { break }
                palette.append((red: bytes[entry + 2], green: bytes[entry + 1], blue: bytes[entry]))
            }
        }
        self.palette = palette
        facts = ImageFacts(
            format: .bmp, width: width, height: abs(height),
            colorModel: (fields?.alpha ?? 0) == 0 ? .rgb : .rgbWithAlpha, bitsPerSample: 8,
            orientation: .upright)
    }

    func decode(_: IntensityRange?) throws -> RGBImage {
        let (width, height) = (facts.width, facts.height)
        guard start <= bytes.count else { throw endsEarly(needed: start) }
        let indices = compression == 1 || compression == 2 ? try runLengthDecoded() : []
        let rowBytes = (width * bits + 31) / 32 * 4
        if indices.isEmpty {
            // Some writers leave out the padding of the last row.
            let needed = start + rowBytes * (height - 1) + (width * bits + 7) / 8
            guard bytes.count >= needed else { throw endsEarly(needed: needed) }
        }
        return try makeImage { output in
            for y in 0..<height {
                let row = start + (isTopDown ? y : height - 1 - y) * rowBytes
                for x in 0..<width {
                    let target = 3 * (y * width + x)
                    let color: (red: UInt8, green: UInt8, blue: UInt8)
                    if bits <= 8 {
                        let index: Int
                        if indices.isEmpty {
                            let byte = Int(bytes[row + x * bits / 8])
                            index = byte >> (8 - bits - x * bits % 8) & (1 << bits - 1)
                        } else {
                            index = Int(indices[y * width + x])
                        }
                        guard index < palette.count else {
                            throw ImageError.corrupt(
                                path: path, format: .bmp,
                                reason: "colour \(index) of a palette of \(palette.count)")
                        }
                        color = palette[index]
                    } else if bits == 24 {
                        let pixel = row + 3 * x
                        color = (red: bytes[pixel + 2], green: bytes[pixel + 1], blue: bytes[pixel])
                    } else {
                        let pixel = row + x * bits / 8
                        let value = bits == 16 ? UInt32(bytes.unsigned16(at: pixel)) : bytes.mask(at: pixel)
                        color = (fields ?? .eightEach).color(value)
                    }
                    output[target] = color.red
                    output[target + 1] = color.green
                    output[target + 2] = color.blue
                }
            }
        }
    }

    /// Palette indices, top row first; pixels that are skipped keep index 0.
    private func runLengthDecoded() throws -> [UInt8] {
        let (width, height) = (facts.width, facts.height)
        var indices = [UInt8](repeating: 0, count: width * height)
        var (x, y, position) = (0, 0, start)
        func put(_ value: UInt8) {
            if x < width, y < height { indices[(isTopDown ? y : height - 1 - y) * width + x] = value }
            x += 1
        }
        func nibble(_ byte: UInt8, _ index: Int) -> UInt8 { index % 2 == 0 ? byte >> 4 : byte & 15 }
        while y < height {
            guard position + 2 <= bytes.count else { throw endsEarly(needed: position + 2) }
            let (count, value) = (Int(bytes[position]), bytes[position + 1])
            position += 2
            switch (count, value) {
            case (0, 0): (x, y) = (0, y + 1)
            case (0, 1): return indices
            case (0, 2):
                guard position + 2 <= bytes.count else { throw endsEarly(needed: position + 2) }
                x += Int(bytes[position])
                y += Int(bytes[position + 1])
                position += 2
            case (0, _):  // literal pixels, padded to an even number of bytes
                let literal = Int(value)
                let size = compression == 1 ? literal : (literal + 1) / 2
                guard position + size <= bytes.count else { throw endsEarly(needed: position + size) }
                for index in 0..<literal {
                    put(
                        compression == 1
                            ? bytes[position + index] : nibble(bytes[position + index / 2], index))
                }
                position += size + size % 2
            default:
                for index in 0..<count { put(compression == 1 ? value : nibble(value, index)) }
            }
        }
        return indices
    }

    private func endsEarly(needed: Int) -> ImageError {
        .truncated(path: path, format: .bmp, reason: "expected at least \(needed) bytes, got \(bytes.count)")
    }
}

/// Bit masks of the colours in a pixel of 16 or 32 bits.
private struct BitFields {
    var red: UInt32
    var green: UInt32
    var blue: UInt32
    var alpha: UInt32

    static let fiveEach = BitFields(red: 0x7C00, green: 0x3E0, blue: 0x1F, alpha: 0)
    static let eightEach = BitFields(red: 0xFF0000, green: 0xFF00, blue: 0xFF, alpha: 0)

    func color(_ pixel: UInt32) -> (red: UInt8, green: UInt8, blue: UInt8) {
        let opacity = alpha == 0 ? 255 : Int(Self.extract(pixel, alpha))
        func overWhite(_ mask: UInt32) -> UInt8 {
            UInt8((Int(Self.extract(pixel, mask)) * opacity + 255 * (255 - opacity) + 127) / 255)
        }
        return (overWhite(red), overWhite(green), overWhite(blue))
    }

    private static func extract(_ pixel: UInt32, _ mask: UInt32) -> UInt8 {
        guard mask != 0 else { return 0 }
        let shift = mask.trailingZeroBitCount
        return UInt8(UInt64((pixel & mask) >> shift) * 255 / UInt64(mask >> shift))
    }
}

/// Reads little-endian numbers. Callers check the offset: release builds do not.
extension UnsafeRawBufferPointer {
    fileprivate func unsigned16(at offset: Int) -> Int {
        Int(UInt16(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    }
    fileprivate func mask(at offset: Int) -> UInt32 {
        UInt32(littleEndian: loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    fileprivate func unsigned32(at offset: Int) -> Int { Int(mask(at: offset)) }
    fileprivate func signed32(at offset: Int) -> Int { Int(Int32(bitPattern: mask(at: offset))) }
}
