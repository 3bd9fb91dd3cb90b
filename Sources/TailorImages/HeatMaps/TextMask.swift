import CVIPS

/// A line of text as grey levels: 0 paper, 255 ink.
struct TextMask {
    let width: Int
    let height: Int
    /// `[height, width]`
    let ink: [UInt8]

    /// Draws in the system's sans-serif font; `nil` where libvips cannot or there is no font.
    ///
    /// - Parameter pixels: height of a line, 1...512.
    init?(_ text: String, pixels: Int) {
        var bytes: UnsafeMutablePointer<UInt8>?
        var (columns, rows) = (Int64(0), Int64(0))
        var problem = [CChar](repeating: 0, count: Int(TAILOR_VIPS_MESSAGE_SIZE))
        let status = tailor_vips_text(
            &bytes, &columns, &rows, text, Int32(min(max(pixels, 1), 512)), &problem)
        guard status == TAILOR_VIPS_OK, let bytes else { return nil }
        defer { tailor_vips_free(bytes) }
        (width, height) = (Int(columns), Int(rows))
        ink = Array(UnsafeBufferPointer(start: bytes, count: width * height))
    }
}
