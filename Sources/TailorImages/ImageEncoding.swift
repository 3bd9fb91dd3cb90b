import CTurboJPEG
import CVIPS
import Foundation

extension RGBImage {
    /// Encodes as JPEG (4:2:0, optimised tables), for thumbnails.
    ///
    /// - Parameter quality: 1...100; outside is `ImageError.invalidArgument`.
    public func jpegData(quality: Int = 85) throws -> Data {
        try checkPixelCount()
        guard (1...100).contains(quality) else {
            throw ImageError.invalidArgument("JPEG quality: expected 1 to 100, got \(quality)")
        }
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var text = [CChar](repeating: 0, count: Int(TAILOR_JPEG_MESSAGE_SIZE))
        let status = tailor_jpeg_encode(
            &bytes, &count, pixels, Int64(width), Int64(height), Int32(quality), &text)
        guard status == TAILOR_JPEG_OK, let bytes else {
            throw ImageError.encodingFailed(format: .jpeg, reason: message(text))
        }
        defer { tailor_jpeg_free(bytes) }
        return Data(bytes: bytes, count: count)
    }

    /// Encodes as 8-bit PNG, without loss.
    public func pngData() throws -> Data {
        try checkPixelCount()
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        var text = [CChar](repeating: 0, count: Int(TAILOR_VIPS_MESSAGE_SIZE))
        let status = tailor_vips_encode_png(&bytes, &count, pixels, Int64(width), Int64(height), &text)
        guard status == TAILOR_VIPS_OK, let bytes else {
            throw ImageError.encodingFailed(format: .png, reason: message(text))
        }
        defer { tailor_vips_free(bytes) }
        return Data(bytes: bytes, count: count)
    }
}
