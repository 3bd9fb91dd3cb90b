/// What libvips is given of a file: the file itself, or a copy without what costs much and changes no pixel.
///
/// Must not outlive the bytes it reads from.
final class VIPSInput {
    /// The bytes for libvips; live as this object.
    private(set) var bytes: UnsafeRawBufferPointer
    /// Metadata that libvips does not see, because the copy lacks it.
    private(set) var orientation: Int?
    private(set) var xmp: UnsafeRawBufferPointer?
    /// First directory of a TIFF.
    let directory: TIFFDirectory?

    private let format: ImageFormat
    private let path: String
    private let limits: ImageDecoder.Limits
    private var copy: UnsafeMutableRawBufferPointer?
    /// Most bytes a pixel of a HEIF: planes of 16 bits, interleaved pixels, and ours.
    private let heifBytes = 11

    /// Throws `ImageError` for a file that would cost more than the limits allow.
    init(
        _ bytes: UnsafeRawBufferPointer, format: ImageFormat, path: String, limits: ImageDecoder.Limits
    ) throws {
        self.bytes = bytes
        self.format = format
        self.path = path
        self.limits = limits
        directory = format == .tiff ? TIFFDirectory(bytes) : nil
        switch format {
        case .png: try preparePNG()
        case .tiff: try prepareTIFF()
        case .webp: try prepareWebP()
        case .heif: try prepareHEIF()
        case .gif, .jpeg, .bmp, .pnm: break
        }
    }

    deinit { copy?.deallocate() }

    /// Bytes of the file and of its copy.
    var heldBytes: Int { bytes.count + (copy?.count ?? 0) }

    /// Throws unless the image, whose header libvips has read, can be decoded in one piece.
    func checkMemory(width: Int, height: Int) throws {
        let pixels = width * height
        let needed: (besides: Int, remedy: String)? =
            switch format {
            // The canvas with alpha; a frame with alpha beside it; planes of 16 bits and interleaved pixels.
            case .gif: (4 * pixels, "save it as PNG")
            case .webp: (5 * pixels, "save it as PNG or JPEG")
            case .heif: ((heifBytes - 3) * pixels, "save it as PNG or JPEG")
            case .png, .tiff, .jpeg, .bmp, .pnm: nil
            }
        guard let needed else { return }
        try limits.checkMemory(
            width: width, height: height, besides: needed.besides + heldBytes,
            because: "unpacked in one piece", remedy: needed.remedy, format: format, path: path)
    }

    /// Has libvips read `count` bytes that `write` puts into a buffer.
    private func replace(count: Int, _ write: (UnsafeMutableRawBufferPointer) -> Void) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
        write(buffer)
        copy = buffer
        bytes = UnsafeRawBufferPointer(buffer)
    }

    private func preparePNG() throws {
        let chunks = PNGChunks(bytes, maximumMetadataBytes: limits.maximumMetadataBytes)
        try limits.checkSize(width: chunks.width, height: chunks.height, path: path)
        let samples = chunks.width * chunks.height * chunks.channels * (chunks.bitDepth > 8 ? 2 : 1)
        try limits.checkSamples(samples, format: format, path: path)
        orientation = chunks.exif.flatMap(Orientation.number(exifWithName:))
        let fileBytes = bytes.count
        if chunks.keptBytes < fileBytes { replace(count: chunks.keptBytes, chunks.write(into:)) }
        guard chunks.isInterlaced else { return }
        let remedy = "save it without interlacing"
        try limits.checkMemory(
            width: chunks.width, height: chunks.height, besides: samples + fileBytes + (copy?.count ?? 0),
            because: "interlaced", remedy: remedy, format: format, path: path)
        // Seven passes over the rows take twice as long as one.
        guard samples <= limits.maximumSampleBytes / 2 else {
            throw ImageError.tooCostly(
                path: path, format: format,
                reason: "interlaced, its samples unpack to \(samples) bytes; the limit is "
                    + "\(limits.maximumSampleBytes / 2) (\(remedy))")
        }
    }

    private func prepareTIFF() throws {
        guard let directory else { return }
        guard directory.entries <= limits.maximumTags else {
            throw tooCostly("\(directory.entries) tags; the limit is \(limits.maximumTags)")
        }
        let valueBytes = directory.valueBytes
        guard valueBytes <= bytes.count else {
            throw tooCostly("its tags take \(valueBytes) bytes, the file has \(bytes.count)")
        }
        if let layout = TIFFLayout(directory) { try check(layout, directory) }
        // libvips would count the pages, of which the first is read.
        if let place = directory.followingPlace {
            let file = bytes
            replace(count: file.count) { copy in
                copy.copyMemory(from: file)
                for index in place { copy[index] = 0 }
            }
        }
    }

    private func check(_ layout: TIFFLayout, _ directory: TIFFDirectory) throws {
        let (width, height) = (layout.width, layout.height)
        try limits.checkSize(width: width, height: height, path: path)
        guard !layout.isTiled || layout.planes == 1 else {
            throw ImageError.unsupported(path: path, format: format, reason: "tiles of separate planes")
        }
        guard layout.tiles <= limits.maximumTiles else {
            throw tooCostly("\(layout.tiles) strips or tiles; the limit is \(limits.maximumTiles)")
        }
        let (unpacked, most) = (layout.unpackedBytes, limits.maximumSampleBytes / layout.slowness)
        guard unpacked <= most else {
            let compression = layout.slowness > 1 ? " of compression \(layout.compression)" : ""
            throw tooCostly(
                "its samples\(compression) unpack to \(unpacked) bytes; the limit is \(most) (save it smaller, "
                    + "or with LZW or Deflate)")
        }
        try limits.checkMemory(
            width: width, height: height,
            besides: layout.workingBytes + bytes.count * (directory.followingPlace == nil ? 1 : 2),
            because: "in strips or tiles of \(layout.tileWidth)×\(layout.tileHeight)",
            remedy: "save it with strips of a few rows", format: format, path: path)
        guard layout.compression == 7 else { return }
        let blocks = TIFFScans(bytes).blocks(directory, layout, maximumTiles: limits.maximumTiles)
        guard blocks <= limits.maximumScanBlocks else {
            throw tooCostly(
                "the scans of its JPEG data visit \(blocks) blocks; the limit is \(limits.maximumScanBlocks) "
                    + "(save it with baseline JPEG data)")
        }
    }

    private func prepareWebP() throws {
        guard bytes.count >= 12 else { return }
        let chunks = WebPChunks(bytes)
        guard chunks.frames <= limits.maximumFrames else {
            throw tooCostly("\(chunks.frames) frames; the limit is \(limits.maximumFrames)")
        }
        orientation = chunks.exif.flatMap(Orientation.number(exifWithName:))
        xmp = chunks.xmp
        if chunks.keptBytes < bytes.count || chunks.hasMetadata {
            replace(count: chunks.keptBytes, chunks.write(into:))
        }
    }

    private func prepareHEIF() throws {
        let boxes = HEIFBoxes(bytes)
        guard boxes.count <= HEIFBoxes.maximumCount else {
            throw tooCostly("more than \(HEIFBoxes.maximumCount) boxes")
        }
        guard boxes.metaBytes <= limits.maximumMetadataBytes else {
            throw tooCostly(
                "its box of metadata has \(boxes.metaBytes) bytes; the limit is \(limits.maximumMetadataBytes)"
            )
        }
        guard boxes.itemBytes <= bytes.count else {
            throw tooCostly("its items take \(boxes.itemBytes) bytes, the file has \(bytes.count)")
        }
        guard boxes.references <= HEIFBoxes.maximumReferences else {
            throw tooCostly(
                "\(boxes.references) references between items; the limit is \(HEIFBoxes.maximumReferences)")
        }
        guard !boxes.isTooDeep else {
            throw tooCostly(
                "its items are made from one another in a circle, or more than \(HEIFBoxes.maximumDepth) deep"
            )
        }
        guard boxes.codedPixels <= limits.maximumPixels,
            heifBytes * boxes.codedPixels + bytes.count <= limits.maximumMemoryBytes
        else {
            throw tooCostly(
                "coded as \(boxes.codedPixels) pixels, which take \(heifBytes) bytes each; the limit is "
                    + "\(limits.maximumMemoryBytes) bytes (save it as PNG or JPEG)")
        }
        // libvips would make a string of each entry; libheif turns the image by other properties.
        guard !boxes.exifTypes.isEmpty else { return }
        let file = bytes
        replace(count: file.count) { copy in
            copy.copyMemory(from: file)
            for place in boxes.exifTypes { copy[place] = UInt8(ascii: "-") }
        }
    }

    private func tooCostly(_ reason: String) -> ImageError {
        .tooCostly(path: path, format: format, reason: reason)
    }
}
