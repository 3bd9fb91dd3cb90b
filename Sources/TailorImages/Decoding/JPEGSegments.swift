/// Metadata of a JPEG file, from the segments ahead of its first scan.
///
/// libjpeg could keep these segments, but walks its list to the end for each: time that grows with the square of
/// their number.
///
/// Must not outlive the bytes it reads from.
struct JPEGSegments {
    /// Number of the orientation in the first EXIF block that has one.
    private(set) var orientation: Int?
    /// XMP packet, the last.
    private(set) var xmp: UnsafeRawBufferPointer?

    private static let exifName = Array("Exif\0\0".utf8)
    private static let xmpName = Array("http://ns.adobe.com/xap/1.0/\0".utf8)

    init(_ bytes: UnsafeRawBufferPointer) {
        var offset = 2
        while let marker = Self.nextMarker(in: bytes, at: &offset) {
            // The scan begins, or the image is over.
            if marker == 0xDA || marker == 0xD9 { return }
            // These have no content.
            if (0xD0...0xD8).contains(marker) || marker == 0x01 { continue }
            guard offset + 2 <= bytes.count else { return }
            let length = Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
            guard length >= 2, offset + length <= bytes.count else { return }
            if marker == 0xE1 {
                take(UnsafeRawBufferPointer(rebasing: bytes[offset + 2..<offset + length]))
            }
            offset += length
        }
    }

    private mutating func take(_ segment: UnsafeRawBufferPointer) {
        if segment.starts(with: Self.exifName) {
            guard orientation == nil else { return }
            let block = UnsafeRawBufferPointer(rebasing: segment.dropFirst(Self.exifName.count))
            orientation = Orientation.number(exif: block)
        } else if segment.starts(with: Self.xmpName) {
            xmp = UnsafeRawBufferPointer(rebasing: segment.dropFirst(Self.xmpName.count))
        }
    }

    /// Moves behind the next marker and returns it; bytes that are none are skipped, as libjpeg skips them.
    static func nextMarker(in bytes: UnsafeRawBufferPointer, at offset: inout Int) -> UInt8? {
        while offset < bytes.count {
            guard bytes[offset] == 0xFF else {
                offset += 1
                continue
            }
            while offset < bytes.count, bytes[offset] == 0xFF { offset += 1 }
            guard offset < bytes.count else { return nil }
            offset += 1
            if bytes[offset - 1] != 0 { return bytes[offset - 1] }
        }
        return nil
    }
}
