/// A part of a picture, in whole pixels from its top left.
public struct PixelRectangle: Codable, Sendable, Hashable {
    public var x: Int
    public var y: Int
    public var width: Int
    public var height: Int

    public init(x: Int, y: Int, width: Int, height: Int) {
        self.x = x
        self.y = y
        self.width = width
        self.height = height
    }
}

extension RGBImage {
    /// The pixels of a rectangle, unchanged. Throws `ImageError.invalidArgument` unless it lies within the
    /// picture and has a pixel.
    public func cropped(to part: PixelRectangle) throws -> RGBImage {
        try checkPixelCount()
        guard part.x >= 0, part.y >= 0, part.width >= 1, part.height >= 1, part.x <= width - part.width,
            part.y <= height - part.height
        else {
            throw ImageError.invalidArgument(
                "a crop of \(part.width)×\(part.height) pixels at \(part.x), \(part.y) of an image of "
                    + "\(width)×\(height)")
        }
        var kept: [UInt8] = []
        kept.reserveCapacity(3 * part.width * part.height)
        for row in part.y..<part.y + part.height {
            let start = 3 * (row * width + part.x)
            kept += pixels[start..<start + 3 * part.width]
        }
        return RGBImage(unchecked: kept, width: part.width, height: part.height)
    }
}
