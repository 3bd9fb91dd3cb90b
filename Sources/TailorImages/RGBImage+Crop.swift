extension RGBImage {
    /// The pixels of a rectangle, unchanged. Throws `ImageError.invalidArgument` unless it lies within the
    /// picture and has a pixel.
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
}
