import Foundation
import TailorSupport

/// Reads image files of every format by content, within limits, upright, as 8-bit RGB.
///
/// What becomes RGB, and how: grey is repeated; a palette is looked up; 1 bit is black and white; 16
/// bits are divided by 257; alpha is laid over white; CMYK is converted without a profile, and taken as
/// inverted in a JPEG (both as Pillow does). ICC profiles are ignored, as Pillow and torchvision ignore
/// them. Of animations and multi-page files the first picture counts. Everything else is refused by
/// name; a damaged file is never replaced by a partial picture.
///
/// Safe to use from several threads.
public struct ImageDecoder: Sendable {
    /// What one file may cost.
    public struct Limits: Sendable, Hashable {
        /// Bytes of a file; larger ones are not read.
        public var maximumFileBytes: Int
        /// Width × height; known from the header, before anything is decoded.
        public var maximumPixels: Int
        /// Width or height; it bounds what resizing a very long picture costs.
        public var maximumSide: Int
        /// Progressive scans of a JPEG; real ones have about ten.
        public var maximumScans: Int
        /// Bytes that libjpeg may hold besides the pixels.
        public var maximumDecoderBytes: Int

        public init(
            maximumFileBytes: Int = 64 << 20, maximumPixels: Int = 100_000_000,
            maximumSide: Int = 100_000, maximumScans: Int = 100, maximumDecoderBytes: Int = 1 << 30
        ) {
            self.maximumFileBytes = maximumFileBytes
            self.maximumPixels = maximumPixels
            self.maximumSide = maximumSide
            self.maximumScans = maximumScans
            self.maximumDecoderBytes = maximumDecoderBytes
        }
    }

    public let limits: Limits

    public init(limits: Limits = Limits()) { self.limits = limits }

    /// The picture of a file. Throws `ImageError` with the file's path. Never waits: a FIFO or a device
    /// is refused.
    public func decode(contentsOf url: URL) throws -> RGBImage {
        try decode(try read(url), name: url.path)
    }

    /// The picture of a file's bytes; `name` is what errors call it.
    public func decode(_ data: Data, name: String) throws -> RGBImage {
        try decodeWithFacts(data, name: name).image
    }

    /// The upright image of a file's bytes with what its header says, the header being read once.
    package func decodeWithFacts(_ data: Data, name: String) throws -> (image: RGBImage, facts: ImageFacts) {
        try withEncodedImage(data, name: name) { image in
            (try image.decode().upright(from: image.facts.orientation), image.facts)
        }
    }

    /// What the header says, without decoding pixels. Throws as `decode` does, except for damage that
    /// lies beyond the header.
    public func probe(contentsOf url: URL) throws -> ImageFacts {
        try probe(try read(url), name: url.path)
    }

    /// What the header of a file's bytes says; `name` is what errors call it.
    public func probe(_ data: Data, name: String) throws -> ImageFacts {
        try withEncodedImage(data, name: name) { $0.facts }
    }

    /// The bytes of a regular file within the limit. Throws `ImageError`.
    public func read(_ url: URL) throws -> Data {
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
                case .png, .tiff, .webp, .gif, .heif: try VIPSFile(bytes, format: format, path: name)
                }
            let facts = image.facts
            let (pixels, overflows) = facts.width.multipliedReportingOverflow(by: facts.height)
            guard !overflows, pixels <= limits.maximumPixels else {
                throw ImageError.tooManyPixels(
                    path: name, width: facts.width, height: facts.height, limit: limits.maximumPixels)
            }
            guard max(facts.width, facts.height) <= limits.maximumSide else {
                throw ImageError.sideTooLong(
                    path: name, width: facts.width, height: facts.height, limit: limits.maximumSide)
            }
            return try body(image)
        }
    }
}
