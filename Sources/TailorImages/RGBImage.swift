import TailorSupport

/// An upright RGB image of 8 bits a channel, row by row from the top left.
public struct RGBImage: Sendable, Equatable {
    /// Width in pixels, at least 1.
    public let width: Int
    /// Height in pixels, at least 1.
    public let height: Int
    /// Red, green and blue of each pixel, `3 × width × height` bytes, rows without padding. With another
    /// count every operation throws `ImageError.invalidArgument`.
    public var pixels: [UInt8]

    /// Creates an image from its pixels. Throws `ImageError.invalidArgument` if a side is below 1 or the
    /// count is not `3 × width × height`.
    public init(width: Int, height: Int, pixels: [UInt8]) throws {
        guard let count = Self.byteCount(width: width, height: height) else {
            throw ImageError.invalidArgument("an image of \(width)×\(height) pixels")
        }
        guard pixels.count == count else {
            throw ImageError.invalidArgument(
                "an image of \(width)×\(height) pixels: expected \(count) bytes, got \(pixels.count)")
        }
        self.init(unchecked: pixels, width: width, height: height)
    }

    /// Creates an image of one colour. Throws `ImageError.invalidArgument` if a side is below 1.
    public init(width: Int, height: Int, red: UInt8, green: UInt8, blue: UInt8) throws {
        guard let count = Self.byteCount(width: width, height: height) else {
            throw ImageError.invalidArgument("an image of \(width)×\(height) pixels")
        }
        var pixels = [UInt8](repeating: red, count: count)
        if green != red || blue != red {
            for start in stride(from: 0, to: count, by: 3) {
                pixels[start + 1] = green
                pixels[start + 2] = blue
            }
        }
        self.init(unchecked: pixels, width: width, height: height)
    }

    /// Creates an image without checking that `pixels` has the right count.
    init(unchecked pixels: [UInt8], width: Int, height: Int) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Bytes of an image, `3 × width × height`; nil if a side is below 1 or the product overflows.
    static func byteCount(width: Int, height: Int) -> Int? {
        guard width > 0, height > 0 else { return nil }
        let (area, areaOverflows) = width.multipliedReportingOverflow(by: height)
        let (bytes, bytesOverflow) = area.multipliedReportingOverflow(by: 3)
        return areaOverflows || bytesOverflow ? nil : bytes
    }

    /// Throws unless `pixels` has the right count. Call before handing it to unchecked code.
    func checkPixelCount() throws {
        guard pixels.count == Self.byteCount(width: width, height: height) else {
            throw ImageError.invalidArgument(
                "an image of \(width)×\(height) pixels with \(pixels.count) bytes instead of \(3 * width * height)"
            )
        }
    }
}

extension RGBImage {
    /// Crops to a rectangle. Throws `ImageError.invalidArgument` unless it lies within the image and is not
    /// empty.
    public func cropped(to part: PixelRect) throws -> RGBImage {
        try checkPixelCount()
        guard part.fits(width: width, height: height) else {
            throw ImageError.invalidArgument(
                "a crop of \(part.width)×\(part.height) pixels at \(part.left), \(part.top) of an image of "
                    + "\(width)×\(height)")
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(3 * part.width * part.height)
        for row in part.top..<part.top + part.height {
            let start = 3 * (row * width + part.left)
            kept += pixels[start..<start + 3 * part.width]
        }
        return RGBImage(unchecked: kept, width: part.width, height: part.height)
    }

    /// SHA-256 of size and pixels, in hexadecimal; the same for copies re-encoded without loss.
    /// Throws `ContentHashError`.
    package func contentHash() throws -> String {
        var hasher = try ContentHasher()
        try hasher.update("\(width)×\(height)\n")
        try pixels.withUnsafeBytes { try hasher.update($0) }
        return try hasher.finish()
    }
}

/// A rectangle of whole pixels.
public struct PixelRect: Codable, Sendable, Hashable {
    public var left: Int
    public var top: Int
    public var width: Int
    public var height: Int

    public init(left: Int, top: Int, width: Int, height: Int) {
        self.left = left
        self.top = top
        self.width = width
        self.height = height
    }

    /// True if the rectangle is not empty and lies within `width` × `height` pixels.
    func fits(width outerWidth: Int, height outerHeight: Int) -> Bool {
        width > 0 && height > 0 && left >= 0 && top >= 0 && width <= outerWidth && height <= outerHeight
            && left <= outerWidth - width && top <= outerHeight - height
    }
}
