import CTurboJPEG
import CVIPS
import Foundation
import TailorSupport

/// Reads image files of every format by content, within limits, upright, as 8-bit RGB.
///
/// What becomes RGB, and how: grey is repeated; a palette is looked up; 1 bit is black and white; 16
/// bits are divided by 257, or scaled from an intensity range; alpha is laid over white; bands that a TIFF does not call alpha are left out;
/// CMYK is converted without a profile, and taken as inverted in a JPEG (both as Pillow does). ICC
/// profiles are ignored, as Pillow and torchvision ignore them. Of animations and multi-page files the
/// first image counts. Everything else is refused by name; a damaged file is never replaced by a partial
/// image.
///
/// Safe to use from several threads.
public struct ImageDecoder: Sendable {
    public let limits: Limits
    /// Range of the samples of 16-bit images that is scaled to 0…255; nil for the whole.
    public let intensityRange: IntensityRange?

    public init(limits: Limits = Limits(), intensityRange: IntensityRange? = nil) {
        self.limits = limits
        self.intensityRange = intensityRange
    }

    /// Decodes a file. Throws `ImageError` with the file's path. Never blocks: a FIFO or a device is refused.
    public func decode(contentsOf url: URL) throws -> RGBImage {
        try decode(try read(url), name: url.path)
    }

    /// Decodes a file's bytes; errors call it `name`.
    public func decode(_ data: Data, name: String) throws -> RGBImage {
        try decodeWithFacts(data, name: name).image
    }

    /// Decodes a file's bytes to an upright image and its header; reads the header once.
    package func decodeWithFacts(_ data: Data, name: String) throws -> (image: RGBImage, facts: ImageFacts) {
        try withImage(data, name: name) { ($0, $1) }
    }

    /// Decodes a file's bytes and lets `use` have the upright image and its header. Until it is done, the image counts
    /// among the pixels that may be decoded at one time; `use` must decode no other.
    package func withImage<R>(
        _ data: Data, name: String, _ use: (RGBImage, ImageFacts) throws -> R
    ) throws -> R {
        try withEncodedImage(data, name: name) { image in
            try PixelBudget.shared.hold(image.facts.width * image.facts.height) {
                let decoded = try image.decode(intensityRange)
                var facts = image.facts
                facts.largestSample = image.largestSample
                return try use(decoded, facts)
            }
        }
    }

    /// Reads a file's header without decoding pixels. Throws as `decode` does, except for damage beyond the
    /// header.
    public func probe(contentsOf url: URL) throws -> ImageFacts {
        try probe(try read(url), name: url.path)
    }

    /// Reads the header of a file's bytes; errors call it `name`.
    public func probe(_ data: Data, name: String) throws -> ImageFacts {
        try withEncodedImage(data, name: name) { $0.facts }
    }

    /// Reads a regular file within the limit. Throws `ImageError`.
    package func read(_ url: URL) throws -> Data {
        do {
            let file = try RegularFile(reading: url)
            guard file.size <= limits.maximumFileBytes else {
                throw ImageError.fileTooLarge(
                    path: file.path, bytes: file.size, limit: limits.maximumFileBytes)
            }
            // One byte more than it should have: a file that grows is noticed.
            let data = try file.remainder(upTo: file.size + 1)
            guard data.count == file.size else {
                throw ImageError.changed(path: file.path, expectedBytes: file.size, gotBytes: data.count)
            }
            return data
        } catch let error as FileError {
            throw ImageError.unreadable(path: error.path, reason: error.reason)
        }
    }

    private func withEncodedImage<R>(
        _ data: Data, name: String, _ body: (any EncodedImage) throws -> R
    ) throws -> R {
        guard !data.isEmpty else { throw ImageError.empty(path: name) }
        guard data.count <= limits.maximumFileBytes else {
            throw ImageError.fileTooLarge(path: name, bytes: data.count, limit: limits.maximumFileBytes)
        }
        guard let format = ImageFormat(sniffing: data) else {
            throw ImageError.notAnImage(path: name, content: ImageFormat.describeUnknown(data))
        }
        return try data.withUnsafeBytes { bytes in
            let image: any EncodedImage =
                switch format {
                case .jpeg: try JPEGFile(bytes, path: name, limits: limits)
                case .bmp: try BMPFile(bytes, path: name)
                case .pnm: try PNMFile(bytes, path: name)
                case .png, .tiff, .webp, .gif, .heif:
                    try VIPSFile(bytes, format: format, path: name, limits: limits)
                }
            try limits.checkSize(width: image.facts.width, height: image.facts.height, path: name)
            return try body(image)
        }
    }
}

/// An image file whose header has been read and whose pixels have not been decoded.
///
/// Must not outlive the bytes it reads from. Not thread-safe.
protocol EncodedImage {
    var facts: ImageFacts { get }
    /// Decodes the pixels, upright; `range` is that of 16-bit samples. Call once.
    func decode(_ range: IntensityRange?) throws -> RGBImage
    /// Largest 16-bit sample that `decode` met; nil for 8 bits.
    var largestSample: Int? { get }
}

extension EncodedImage {
    var largestSample: Int? { nil }

    /// Makes an image whose `3 × width × height` bytes `fill` writes.
    func makeImage(_ fill: (UnsafeMutableBufferPointer<UInt8>) throws -> Void) throws -> RGBImage {
        guard let bytes = RGBImage.byteCount(width: facts.width, height: facts.height) else {
            throw ImageError.invalidArgument("an image of \(facts.width)×\(facts.height) pixels")
        }
        let pixels = try [UInt8](unsafeUninitializedCapacity: bytes) { buffer, count in
            try fill(UnsafeMutableBufferPointer(rebasing: buffer[0..<bytes]))
            count = bytes
        }
        return RGBImage(unchecked: pixels, width: facts.width, height: facts.height)
    }

    /// Makes an upright image of rows as stored, which `read` writes from the top, as many at once as it is told.
    func makeUprightImage(
        _ read: (_ buffer: UnsafeMutableBufferPointer<UInt8>, _ rows: Int) throws -> Void
    ) throws -> RGBImage {
        guard facts.orientation != .upright else { return try makeImage { try read($0, facts.height) } }
        let (width, height) = (facts.width, facts.height)
        let placement = PixelPlacement(facts.orientation, width: width, height: height)
        // Whole cache lines of the turned image at a time, and no second image beside it.
        var strip = [UInt8](repeating: 0, count: 3 * width * min(64, height))
        let turned = try makeImage { target in
            for top in stride(from: 0, to: height, by: 64) {
                let rows = min(64, height - top)
                try strip.withUnsafeMutableBufferPointer { strip in
                    let part = UnsafeMutableBufferPointer(rebasing: strip[..<(3 * width * rows)])
                    try read(part, rows)
                    placement.place(UnsafeBufferPointer(part), top: top, rows: rows, into: target)
                }
            }
        }
        return RGBImage(
            unchecked: turned.pixels, width: facts.uprightWidth, height: facts.uprightHeight)
    }
}

/// The text of a C function's message buffer, up to its terminating zero.
func message(_ buffer: [CChar]) -> String {
    String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

/// Versions and formats of the image libraries on this machine.
package enum ImageLibraries {
    /// Version of libjpeg-turbo that was compiled against, as `libjpeg-turbo 2.1.5`.
    package static var jpegVersion: String { String(cString: tailor_jpeg_version()) }

    /// Version of the libvips that runs, as `8.14.1`; nil if libvips does not start.
    package static var vipsVersion: String? { tailor_vips_version().map { String(cString: $0) } }

    /// Formats that can be read here; libvips may have been built without some.
    package static var readableFormats: [ImageFormat] {
        let optional: [(ImageFormat, tailor_vips_format)] = [
            (.png, TAILOR_VIPS_PNG), (.tiff, TAILOR_VIPS_TIFF), (.webp, TAILOR_VIPS_WEBP),
            (.gif, TAILOR_VIPS_GIF), (.heif, TAILOR_VIPS_HEIF),
        ]
        return [.jpeg, .bmp, .pnm] + optional.filter { tailor_vips_reads($0.1) != 0 }.map(\.0)
    }
}
