extension ImageDecoder {
    /// Limits on what decoding one file may cost, in time and memory, whatever its content. All are checked
    /// before the work that they bound.
    public struct Limits: Sendable, Hashable {
        /// Largest file in bytes; larger ones are not read.
        public var maximumFileBytes: Int
        /// Largest width × height, checked against the header before anything is decoded.
        public var maximumPixels: Int
        /// Largest width or height in pixels; bounds what resizing a very long image costs.
        public var maximumSide: Int
        /// Most scans of a JPEG; real files have about ten.
        public var maximumScans: Int
        /// Most blocks of 8 × 8 samples that all scans of a JPEG of several scans may visit together; real files
        /// of 50 megapixels visit about ten million.
        public var maximumScanBlocks: Int
        /// Most bytes of samples that a PNG or TIFF may unpack to before they become 8-bit RGB, padding of tiles
        /// included; for slow compressions a part of it.
        public var maximumSampleBytes: Int
        /// Most strips or tiles of a TIFF.
        public var maximumTiles: Int
        /// Most entries of a TIFF's first directory; real files have a few dozen.
        public var maximumTags: Int
        /// Most frames of an animated WebP, of which the first is read.
        public var maximumFrames: Int
        /// Most bytes of EXIF or XMP, once unpacked, that are looked through for an orientation.
        public var maximumMetadataBytes: Int
        /// Most bytes that decoding may take: the file, the RGB pixels, and whatever else the format needs at
        /// once (a progressive JPEG, an interlaced PNG, a WebP or a HEIF are unpacked in one piece).
        public var maximumMemoryBytes: Int

        public init(
            maximumFileBytes: Int = 64 << 20, maximumPixels: Int = 100_000_000,
            maximumSide: Int = 100_000, maximumScans: Int = 100, maximumScanBlocks: Int = 50_000_000,
            maximumSampleBytes: Int = 400_000_000, maximumTiles: Int = 100_000,
            maximumTags: Int = 1000, maximumFrames: Int = 10_000,
            maximumMetadataBytes: Int = 1 << 20, maximumMemoryBytes: Int = 560_000_000
        ) {
            self.maximumFileBytes = maximumFileBytes
            self.maximumPixels = maximumPixels
            self.maximumSide = maximumSide
            self.maximumScans = maximumScans
            self.maximumScanBlocks = maximumScanBlocks
            self.maximumSampleBytes = maximumSampleBytes
            self.maximumTiles = maximumTiles
            self.maximumTags = maximumTags
            self.maximumFrames = maximumFrames
            self.maximumMetadataBytes = maximumMetadataBytes
            self.maximumMemoryBytes = maximumMemoryBytes
        }
    }
}

extension ImageDecoder.Limits {
    /// Throws `ImageError` if an image has too many pixels or too long a side.
    func checkSize(width: Int, height: Int, path: String) throws {
        let (pixels, overflows) = width.multipliedReportingOverflow(by: height)
        guard !overflows, pixels <= maximumPixels else {
            throw ImageError.tooManyPixels(path: path, width: width, height: height, limit: maximumPixels)
        }
        guard max(width, height) <= maximumSide else {
            throw ImageError.sideTooLong(path: path, width: width, height: height, limit: maximumSide)
        }
    }

    /// Throws `ImageError.tooCostly` if the samples of an image unpack to too many bytes.
    func checkSamples(_ bytes: Int, format: ImageFormat, path: String) throws {
        guard bytes <= maximumSampleBytes else {
            throw ImageError.tooCostly(
                path: path, format: format,
                reason: "its samples unpack to \(bytes) bytes; the limit is \(maximumSampleBytes) "
                    + "(save it smaller, or with fewer bits a sample)")
        }
    }

    /// Throws `ImageError.tooCostly` if a file needs too much memory at once.
    ///
    /// - Parameters:
    ///   - besides: bytes beside the RGB pixels, which are added here.
    ///   - remedy: what makes a file need less: "save it without interlacing".
    func checkMemory(
        width: Int, height: Int, besides: Int, because cause: String, remedy: String, format: ImageFormat,
        path: String
    ) throws {
        let needed = 3 * width * height + besides
        guard needed <= maximumMemoryBytes else {
            throw ImageError.tooCostly(
                path: path, format: format,
                reason: "\(width)×\(height) pixels, \(cause), take \(needed) bytes of memory; the limit is "
                    + "\(maximumMemoryBytes) (\(remedy))")
        }
    }
}
