/// What decoding needs of a WebP file: its metadata, and a file of no more chunks than those with pixels.
///
/// libvips makes a string of each EXIF entry, and the search for a frame starts at the first frame every time.
///
/// Must not outlive the bytes it reads from.
struct WebPChunks {
    /// Animation frames.
    private(set) var frames = 0
    /// EXIF block, the first; nil when the header does not announce one.
    private(set) var exif: UnsafeRawBufferPointer?
    /// XMP packet, the first; nil when the header does not announce one.
    private(set) var xmp: UnsafeRawBufferPointer?
    /// Bytes of the chunks that are kept.
    private(set) var keptBytes = 12

    private let bytes: UnsafeRawBufferPointer
    /// Bits of the extended header.
    private var flags: UInt8 = 0

    /// Bits of the extended header that announce metadata.
    private enum Flag {
        static let xmp: UInt8 = 0x04
        static let exif: UInt8 = 0x08
        static let profile: UInt8 = 0x20
        static let metadata = xmp | exif | profile
    }

    private enum Name {
        static let extended: UInt32 = 0x5650_3858  // VP8X
        static let exif: UInt32 = 0x4558_4946  // EXIF
        static let xmp: UInt32 = 0x584D_5020  // XMP and a space
        static let frame: UInt32 = 0x414E_4D46  // ANMF
        /// VP8X, ANIM, ANMF, ALPH, VP8 and a space, VP8L; 0 for what the file cuts off.
        static let kept: Set<UInt32> = [
            extended, 0x414E_494D, frame, 0x414C_5048, 0x5650_3820, 0x5650_384C, 0,
        ]
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        self.bytes = bytes
        forEachChunk { name, range in
            let content = UnsafeRawBufferPointer(rebasing: bytes[range].dropFirst(8))
            switch name {
            case Name.extended where range.lowerBound == 12: flags = content.first ?? 0
            case Name.exif where exif == nil && flags & Flag.exif != 0: exif = content
            case Name.xmp where xmp == nil && flags & Flag.xmp != 0: xmp = content
            case Name.frame: frames += 1
            default: break
            }
            if Name.kept.contains(name) { keptBytes += range.count }
        }
    }

    /// Whether libvips would meet metadata in the file as it is.
    var hasMetadata: Bool { flags & Flag.metadata != 0 }

    /// Writes the header and the chunks that are kept, `keptBytes` in all; the header announces no metadata.
    func write(into target: UnsafeMutableRawBufferPointer) {
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<12]))
        let announced = UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt32.self))
        let dropped = UInt32(clamping: bytes.count - keptBytes)
        // What is said of the end stays wrong by as much as it was.
        target.storeBytes(
            of: (announced > dropped ? announced - dropped : 0).littleEndian, toByteOffset: 4, as: UInt32.self
        )
        var position = 12
        forEachChunk { name, range in
            guard Name.kept.contains(name) else { return }
            UnsafeMutableRawBufferPointer(rebasing: target[position...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[range]))
            if name == Name.extended, range.lowerBound == 12, range.count > 8 {
                target[position + 8] &= ~Flag.metadata
            }
            position += range.count
        }
    }

    /// With each chunk's name and its bytes, from its name to its padding.
    private func forEachChunk(_ body: (UInt32, Range<Int>) -> Void) {
        var offset = 12
        while offset < bytes.count {
            let rest = bytes.count - offset
            var (name, size): (UInt32, Int) = (0, rest)
            if rest >= 8 {
                let length = Int(
                    UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset + 4, as: UInt32.self)))
                if length <= rest - 8 {
                    name = UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
                    size = min(8 + length + length % 2, rest)
                }
            }
            body(name, offset..<offset + size)
            offset += size
        }
    }
}
