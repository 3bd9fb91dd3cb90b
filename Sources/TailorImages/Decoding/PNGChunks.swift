/// What decoding needs of a PNG file: its header, its orientation, and a file of no more chunks than that.
///
/// libpng unpacks every text and every ICC profile, up to 8 MB each and a thousand of them, and libvips makes a
/// string of each EXIF entry: none of it reaches the pixels.
///
/// Must not outlive the bytes it reads from.
struct PNGChunks {
    /// The fields of IHDR; zeros where there is none.
    private(set) var width = 0
    private(set) var height = 0
    private(set) var bitDepth = 0
    private(set) var colorType = 0
    private(set) var isInterlaced = false
    private(set) var hasTransparency = false
    /// EXIF block ahead of the pixels, the first.
    private(set) var exif: UnsafeRawBufferPointer?
    /// Bytes of the chunks that are kept.
    private(set) var keptBytes = 8

    private let bytes: UnsafeRawBufferPointer
    /// Offset of the XMP packet that counts, the last ahead of the pixels.
    private var xmp: Int?

    init(_ bytes: UnsafeRawBufferPointer, maximumMetadataBytes: Int) {
        self.bytes = bytes
        var xmpBytes = 0
        forEachChunk { chunk in
            if chunk.isCritical { keptBytes += chunk.range.count }
            switch chunk.name {
            case Name.header where width == 0 && chunk.content.count >= 13:
                width = Self.integer(in: chunk.content, at: 0)
                height = Self.integer(in: chunk.content, at: 4)
                bitDepth = Int(chunk.content[8])
                colorType = Int(chunk.content[9])
                isInterlaced = chunk.content[12] != 0
            case Name.exif where !chunk.isBehindPixels && exif == nil: exif = chunk.content
            case Name.text where !chunk.isBehindPixels && chunk.content.starts(with: Self.xmpKeyword):
                guard chunk.content.count <= maximumMetadataBytes else { return }
                xmp = chunk.range.lowerBound
                xmpBytes = chunk.range.count
            case Name.transparency where !chunk.isBehindPixels && !hasTransparency:
                hasTransparency = true
                keptBytes += chunk.range.count
            default: break
            }
        }
        keptBytes += xmpBytes
    }

    /// Channels of a pixel once libpng has looked up its palette.
    var channels: Int {
        let colors =
            switch colorType {
            case 2, 3: 3
            case 4: 2
            case 6: 4
            default: 1
            }
        return colors + (hasTransparency && colorType < 4 ? 1 : 0)
    }

    /// Writes the signature and the chunks that are kept, `keptBytes` in all.
    func write(into target: UnsafeMutableRawBufferPointer) {
        var position = 8
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<8]))
        var hasTransparency = false
        forEachChunk { chunk in
            switch chunk.name {
            case Name.text: guard chunk.range.lowerBound == xmp else { return }
            case Name.transparency:
                guard !chunk.isBehindPixels, !hasTransparency else { return }
                hasTransparency = true
            default: guard chunk.isCritical else { return }
            }
            UnsafeMutableRawBufferPointer(rebasing: target[position...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[chunk.range]))
            position += chunk.range.count
        }
    }

    private struct Chunk {
        let name: UInt32
        /// From its length to its checksum.
        let range: Range<Int>
        let content: UnsafeRawBufferPointer
        let isBehindPixels: Bool

        /// Chunks whose name begins with a capital cannot be left out.
        var isCritical: Bool { name & 0x2000_0000 == 0 }
    }

    private enum Name {
        static let header: UInt32 = 0x4948_4452  // IHDR
        static let pixels: UInt32 = 0x4944_4154  // IDAT
        static let end: UInt32 = 0x4945_4E44  // IEND
        static let transparency: UInt32 = 0x7452_4E53  // tRNS
        static let text: UInt32 = 0x6954_5874  // iTXt
        static let exif: UInt32 = 0x6558_4966  // eXIf
    }

    private static let xmpKeyword = Array("XML:com.adobe.xmp\0".utf8)

    /// Up to IEND; what is cut off by the end of the file counts as critical, so that its reader notices.
    private func forEachChunk(_ body: (Chunk) -> Void) {
        var (offset, isBehindPixels) = (8, false)
        while offset < bytes.count {
            let rest = bytes.count - offset
            let length = rest >= 12 ? Self.integer(in: bytes, at: offset) : 0
            guard rest >= 12, length <= rest - 12 else {
                let part = offset..<bytes.count
                body(
                    Chunk(
                        name: 0, range: part, content: UnsafeRawBufferPointer(rebasing: bytes[part]),
                        isBehindPixels: isBehindPixels))
                return
            }
            let name = UInt32(Self.integer(in: bytes, at: offset + 4))
            let content = UnsafeRawBufferPointer(rebasing: bytes[offset + 8..<offset + 8 + length])
            body(
                Chunk(
                    name: name, range: offset..<offset + 12 + length, content: content,
                    isBehindPixels: isBehindPixels))
            if name == Name.end { return }
            if name == Name.pixels { isBehindPixels = true }
            offset += 12 + length
        }
    }

    private static func integer(in bytes: UnsafeRawBufferPointer, at offset: Int) -> Int {
        Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }
}
