/// An upright picture: 8 bits each of red, green and blue, row by row from the top left.
public struct RGBImage: Sendable, Equatable {
    /// Pixels; at least 1.
    public let width: Int
    /// Pixels; at least 1.
    public let height: Int
    /// `3 × width × height` bytes: red, green, blue of each pixel; rows without padding. Always of that
    /// count: whoever replaces it by another count gets `ImageError.invalidArgument` from what reads it.
    public var pixels: [UInt8]

    /// Throws `ImageError.invalidArgument` when a side is below 1 or the count is not `3 × width × height`.
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

    /// One colour everywhere. Throws `ImageError.invalidArgument` when a side is below 1.
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

    /// For code that has just made `pixels` of the right count.
    init(unchecked pixels: [UInt8], width: Int, height: Int) {
        self.width = width
        self.height = height
        self.pixels = pixels
    }

    /// Nil when a side is below 1 or the product overflows.
    static func byteCount(width: Int, height: Int) -> Int? {
        guard width > 0, height > 0 else { return nil }
        let (area, areaOverflows) = width.multipliedReportingOverflow(by: height)
        let (bytes, bytesOverflow) = area.multipliedReportingOverflow(by: 3)
        return areaOverflows || bytesOverflow ? nil : bytes
    }

    /// Before handing `pixels` to unchecked code.
    func checkPixelCount() throws {
        guard pixels.count == Self.byteCount(width: width, height: height) else {
            throw ImageError.invalidArgument(
                "an image of \(width)×\(height) pixels with \(pixels.count) bytes instead of \(3 * width * height)"
            )
        }
    }
}
