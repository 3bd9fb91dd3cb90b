/// What a file's header says about its picture.
public struct ImageFacts: Codable, Sendable, Hashable {
    /// As the format's library reads it before any conversion.
    public enum ColorModel: String, Codable, Sendable {
        case grey
        case greyWithAlpha
        case rgb
        case rgbWithAlpha
        case cmyk
    }

    /// By content.
    public var format: ImageFormat
    /// Pixels, as stored: before `orientation` is applied.
    public var width: Int
    /// Pixels, as stored: before `orientation` is applied.
    public var height: Int
    /// A palette counts as what its entries are.
    public var colorModel: ColorModel
    /// Of a sample once unpacked: 8 or 16 (1-bit and palette pictures are unpacked to 8).
    public var bitsPerSample: Int
    public var orientation: Orientation

    public init(
        format: ImageFormat, width: Int, height: Int, colorModel: ColorModel, bitsPerSample: Int,
        orientation: Orientation
    ) {
        self.format = format
        self.width = width
        self.height = height
        self.colorModel = colorModel
        self.bitsPerSample = bitsPerSample
        self.orientation = orientation
    }

    /// Width of the decoded, upright picture.
    public var uprightWidth: Int { orientation.swapsSides ? height : width }
    /// Height of the decoded, upright picture.
    public var uprightHeight: Int { orientation.swapsSides ? width : height }
}
