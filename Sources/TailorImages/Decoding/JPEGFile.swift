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
        let status = tailor_jpeg_open(
            &decoder, &info, bytes.bindMemory(to: UInt8.self).baseAddress, bytes.count,
            tailor_jpeg_limits(
                maximum_scans: Int32(clamping: limits.maximumScans),
                maximum_scan_blocks: Int64(limits.maximumScanBlocks),
                maximum_memory: Int64(limits.maximumMemoryBytes)), &text)
        guard status == TAILOR_JPEG_OK, let decoder else {
            throw Self.error(status, message(text), path: path)
        }
        self.decoder = decoder
        self.path = path
        let segments = JPEGSegments(bytes)
        facts = ImageFacts(
            format: .jpeg, width: Int(info.width), height: Int(info.height),
            colorModel: info.components == 1 ? .grey : info.components == 4 ? .cmyk : .rgb, bitsPerSample: 8,
            orientation: Orientation(exif: segments.orientation, xmp: segments.xmp))
        try checkCost(info, fileBytes: bytes.count, limits: limits)
    }

    private func checkCost(_ info: tailor_jpeg_info, fileBytes: Int, limits: ImageDecoder.Limits) throws {
        let (width, height) = (facts.width, facts.height)
        try limits.checkSize(width: width, height: height, path: path)
        if info.coefficient_bytes > 0 {
            try limits.checkMemory(
                width: width, height: height, besides: Int(info.coefficient_bytes) + fileBytes,
                because: "in several scans", remedy: "save it as a baseline JPEG", format: .jpeg, path: path)
        }
        // Several times as slow as Huffman coding, and hardly anybody writes it.
        guard info.arithmetic == 0 || width * height <= limits.maximumPixels / 4 else {
            throw ImageError.tooCostly(
                path: path, format: .jpeg,
                reason: "\(width)×\(height) pixels with arithmetic coding; the limit is "
                    + "\(limits.maximumPixels / 4) pixels (save it with Huffman coding)")
        }
    }

    deinit { tailor_jpeg_close(decoder) }

    func decode(_: IntensityRange?) throws -> RGBImage {
        try makeUprightImage { buffer, rows in
            var text = [CChar](repeating: 0, count: Int(TAILOR_JPEG_MESSAGE_SIZE))
            let status = tailor_jpeg_read(decoder, buffer.baseAddress, buffer.count, Int64(rows), &text)
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
