import CTurboJPEG
import Foundation

/// A JPEG file, decoded by libjpeg-turbo.
final class JPEGFile: EncodedImage {
    let facts: ImageFacts
    private let path: String
    private let decoder: OpaquePointer

    init(_ bytes: UnsafeRawBufferPointer, path: String, limits: ImageDecoder.Limits) throws {
        var decoder: OpaquePointer?
        var info = tailor_jpeg_info()
        var text = [CChar](repeating: 0, count: Int(TAILOR_JPEG_MESSAGE_SIZE))
        let limits = tailor_jpeg_limits(
            maximum_scans: Int32(clamping: limits.maximumScans),
            maximum_memory: Int64(limits.maximumDecoderBytes))
        let status = tailor_jpeg_open(
            &decoder, &info, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count, limits, &text)
        guard status == TAILOR_JPEG_OK, let decoder else {
            throw Self.error(status, message(text), path: path)
        }
        self.decoder = decoder
        self.path = path
        facts = ImageFacts(
            format: .jpeg, width: Int(info.width), height: Int(info.height),
            colorModel: info.components == 1 ? .grey : info.components == 4 ? .cmyk : .rgb, bitsPerSample: 8,
            orientation: Self.orientation(decoder))
    }

    /// By the first EXIF segment that names one, else by the last XMP packet.
    private static func orientation(_ decoder: OpaquePointer) -> Orientation {
        var (exif, xmp): (Int?, UnsafeRawBufferPointer?) = (nil, nil)
        var (index, size) = (0, 0)
        while let start = tailor_jpeg_app1(decoder, index, &size) {
            let segment = UnsafeRawBufferPointer(start: start, count: size)
            func content(after name: String) -> UnsafeRawBufferPointer? {
                guard segment.starts(with: name.utf8) else { return nil }
                return UnsafeRawBufferPointer(rebasing: segment.dropFirst(name.utf8.count))
            }
            if let block = content(after: "Exif\0\0") {
                exif = exif ?? Orientation.number(exif: block)
            } else if let packet = content(after: "http://ns.adobe.com/xap/1.0/\0") {
                xmp = packet
            }
            index += 1
        }
        return Orientation(exif: exif, xmp: xmp)
    }

    deinit { tailor_jpeg_close(decoder) }

    func decode(_: IntensityRange?) throws -> RGBImage {
        try makeImage { buffer in
            var text = [CChar](repeating: 0, count: Int(TAILOR_JPEG_MESSAGE_SIZE))
            let status = tailor_jpeg_read(decoder, buffer.baseAddress, buffer.count, &text)
            guard status == TAILOR_JPEG_OK else { throw Self.error(status, message(text), path: path) }
        }
    }

    private static func error(_ status: tailor_jpeg_status, _ text: String, path: String) -> ImageError {
        let reason = "libjpeg: \(text)"
        switch status {
        case TAILOR_JPEG_TRUNCATED: return .truncated(path: path, format: .jpeg, reason: reason)
        case TAILOR_JPEG_UNSUPPORTED: return .unsupported(path: path, format: .jpeg, reason: reason)
        case TAILOR_JPEG_LIMIT, TAILOR_JPEG_NO_MEMORY:
            return .tooCostly(path: path, format: .jpeg, reason: reason)
        default: return .corrupt(path: path, format: .jpeg, reason: reason)
        }
    }
}
