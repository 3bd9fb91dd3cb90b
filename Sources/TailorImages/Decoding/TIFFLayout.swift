/// How the first image of a TIFF file is cut into strips or tiles, and what unpacking it costs.
struct TIFFLayout {
    let width: Int
    let height: Int
    let isTiled: Bool
    /// Width and height of a strip or tile in pixels, not cut at the edge of the image.
    let tileWidth: Int
    let tileHeight: Int
    /// Samples of a pixel that lie together; 1 when each has a plane of its own.
    let samplesTogether: Int
    /// Planes: 1, or one a sample.
    let planes: Int
    /// Bytes of a sample once unpacked: fewer than 8 bits become 8.
    let sampleBytes: Int
    let compression: Int
    private let isYCbCr: Bool

    /// nil when the directory lacks what a reader needs.
    init?(_ directory: TIFFDirectory) {
        guard let width = directory.value(of: 256), let height = directory.value(of: 257), width > 0,
            height > 0,
            width <= Self.maximumSide, height <= Self.maximumSide
        else { return nil }
        (self.width, self.height) = (width, height)
        let samples = min(max(directory.value(of: 277) ?? 1, 1), 65535)
        let isPlanar = directory.value(of: 284) == 2 && samples > 1
        samplesTogether = isPlanar ? 1 : samples
        planes = isPlanar ? samples : 1
        sampleBytes = (min(max(directory.value(of: 258) ?? 1, 1), 64) + 7) / 8
        compression = directory.value(of: 259) ?? 1
        isYCbCr = directory.value(of: 262) == 6
        if let tileWidth = directory.value(of: 322), let tileHeight = directory.value(of: 323) {
            isTiled = true
            self.tileWidth = min(max(tileWidth, 1), Self.maximumSide)
            self.tileHeight = min(max(tileHeight, 1), Self.maximumSide)
        } else {
            isTiled = false
            tileWidth = width
            tileHeight = min(max(directory.value(of: 278) ?? height, 1), height)
        }
    }

    /// Wider images are refused later, tiles because of their size: no product of these numbers overflows.
    private static let maximumSide = 1 << 20

    var across: Int { (width + tileWidth - 1) / tileWidth }
    var down: Int { (height + tileHeight - 1) / tileHeight }
    /// Strips or tiles of all planes.
    var tiles: Int { across * down * planes }
    /// Bytes of one strip or tile, unpacked.
    var tileBytes: Int { tileWidth * tileHeight * samplesTogether * sampleBytes }
    /// Bytes of all samples, unpacked, padding of tiles included; a palette becomes three samples.
    var unpackedBytes: Int {
        isTiled
            ? tiles * tileBytes : width * height * samplesTogether * planes * sampleBytes
    }

    /// How many times slower than Deflate a compression unpacks what an author who means harm packs.
    var slowness: Int {
        switch compression {
        case 33003, 33005, 34712: 8  // JPEG 2000
        case 34925, 50002: 4  // LZMA, JPEG XL
        case 2, 3, 4, 34887, 50001: 2  // fax, LERC, WebP
        default: 1
        }
    }

    /// Bytes that libvips holds beside the RGB pixels: two rows of tiles, or strips with the rows around them.
    var workingBytes: Int {
        if isTiled { return 2 * (across + 1) * tileBytes }
        // It reads tall strips row by row, where it can.
        if tileHeight > 128, planes == 1, !isYCbCr { return 64 * width * samplesTogether * sampleBytes }
        return 2 * tileBytes * planes
    }
}
