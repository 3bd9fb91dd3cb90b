/// Facts from an image file's header.
public struct ImageFacts: Codable, Sendable, Hashable {
    /// Colour model as the format's library reads it, before any conversion.
    public enum ColorModel: String, Codable, Sendable {
        case grey
        case greyWithAlpha
        case rgb
        case rgbWithAlpha
        case cmyk
    }

    /// Format, recognised by content.
    public var format: ImageFormat
    /// Width in pixels as stored, before `orientation` is applied.
    public var width: Int
    /// Height in pixels as stored, before `orientation` is applied.
    public var height: Int
    /// Colour model; for a palette, that of its entries.
    public var colorModel: ColorModel
    /// Bits of a sample once unpacked: 8 or 16 (1-bit and palette images are unpacked to 8).
    public var bitsPerSample: Int
    public var orientation: Orientation
    /// Number of bands beside the colours that the file does not call alpha (infrared, masks); not used.
    public var droppedBands: Int
    /// Largest sample of a decoded 16-bit image, 0…65535; nil for 8 bits and before decoding.
    public var largestSample: Int?

    public init(
        format: ImageFormat, width: Int, height: Int, colorModel: ColorModel, bitsPerSample: Int,
        orientation: Orientation, droppedBands: Int = 0, largestSample: Int? = nil
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.colorModel = colorModel
        self.bitsPerSample = bitsPerSample
        self.orientation = orientation
        self.droppedBands = droppedBands
        self.largestSample = largestSample
    }

    /// Width of the decoded, upright image.
    public var uprightWidth: Int { orientation.swapsSides ? height : width }
    /// Height of the decoded, upright image.
    public var uprightHeight: Int { orientation.swapsSides ? width : height }
}
