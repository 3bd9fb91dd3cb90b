import Foundation
import TailorImages
import TailorSupport

/// An image that was decoded once and can be trained on.
public struct ScreenedImage: Sendable, Hashable {
    public let sample: Sample
    /// Upright, in pixels.
    public let width: Int
    public let height: Int
    public let fileBytes: Int
    /// By content, whatever the name says.
    public let format: ImageFormat
    /// Of the file, in hexadecimal.
    public let sha256: String
    /// Of size and pixels; see `RGBImage.contentHash()`.
    public let pixelHash: String

    package init(
        sample: Sample, width: Int, height: Int, fileBytes: Int, format: ImageFormat, sha256: String,
        pixelHash: String
    ) {
        self.sample = sample
        self.width = width
        self.height = height
        self.fileBytes = fileBytes
        self.format = format
        self.sha256 = sha256
        self.pixelHash = pixelHash
    }
}

/// Every file read and decoded once, before the first epoch: what fails is known by path and reason
/// then, and not in the middle of a run. The same reading gives the files' hashes.
public struct FileScreening: Sendable {
    public struct Options: Sendable {
        /// The share of the files that may be skipped, 0…1.
        public var unreadableShare: Double
        /// Refuse any unreadable file.
        public var strict: Bool
        /// Threads that decode.
        public var workers: Int
        public var limits: ImageDecoder.Limits

        public init(
            unreadableShare: Double = 0.05, strict: Bool = false,
            workers: Int = ProcessInfo.processInfo.activeProcessorCount, limits: ImageDecoder.Limits = .init()
        ) {
            self.unreadableShare = unreadableShare
            self.strict = strict
            self.workers = workers
            self.limits = limits
        }
    }

    /// One for each sample, in their order; nil where the file is unreadable.
    public let images: [ScreenedImage?]
    /// Skipped, with what the scan had already found, in the order of their paths' bytes.
    public let unreadable: [FileProblem]
    /// Two or more images, and every pixel of all of them the same.
    public let allIdentical: Bool

    /// Takes a file's bytes and its picture while both are at hand; called from several threads. What it
    /// throws makes the file an unreadable one, but for `ContentHashError`.
    public typealias Inspection = @Sendable (_ sample: Sample, _ data: Data, _ image: RGBImage) throws -> Void

    /// Decodes every sample, in parallel; the result does not depend on the number of workers.
    ///
    /// - Parameters:
    ///   - problems: what the scan found, to be counted with the unreadable files.
    ///   - cache: takes the decoded images that fit, so that the first epoch need not decode them again.
    ///   - inspect: called for every image that decodes.
    ///   - progress: called with the number of files done, one call at a time, from any of the threads.
    /// Throws `DatasetError.unreadableFiles` when more are unreadable than may be skipped, and
    /// `ContentHashError`: no file's problem, but the program's.
    public static func run(
        _ samples: [Sample], problems: [FileProblem] = [], options: Options = .init(),
        cache: DecodedImageCache? = nil, inspect: Inspection? = nil,
        progress: (@Sendable (Int) -> Void)? = nil
    ) throws -> FileScreening {
        let decoder = ImageDecoder(limits: options.limits)
        let outcomes = try ParallelMap.run(
            samples.count, workers: options.workers, name: "screening", progress: progress
        ) { index in
            let sample = samples[index]
            return try FileOutcome(of: sample.relativePath) {
                try screened(sample, decoder: decoder, cache: cache, inspect: inspect)
            }
        }
        let images = outcomes.map(\.value)
        let pictures = Set(images.compactMap { $0?.pixelHash })
        let screening = FileScreening(
            images: images,
            unreadable: (problems + outcomes.compactMap(\.problem)).sorted {
                PathKey($0.path) < PathKey($1.path)
            },
            allIdentical: samples.count > 1 && pictures.count == 1)
        try screening.check(total: samples.count + problems.count, options: options)
        return screening
    }

    private static func screened(
        _ sample: Sample, decoder: ImageDecoder, cache: DecodedImageCache?, inspect: Inspection?
    ) throws -> ScreenedImage {
        let data = try decoder.read(sample.url)
        let image = try decoder.decode(data, name: sample.url.path)
        guard let format = ImageFormat(sniffing: data) else {
            throw ImageError.notAnImage(path: sample.url.path, content: "unknown format")
        }
        cache?.insert(image, for: sample)
        try inspect?(sample, data, image)
        return ScreenedImage(
            sample: sample, width: image.width, height: image.height, fileBytes: data.count,
            format: format, sha256: try ContentHash.sha256(data), pixelHash: try image.contentHash())
    }

    private func check(total: Int, options: Options) throws {
        let allowed = options.strict ? 0 : options.unreadableShare * Double(total)
        guard Double(unreadable.count) <= allowed || unreadable.isEmpty else {
            throw DatasetError.unreadableFiles(
                problems: unreadable, total: total, share: options.unreadableShare, strict: options.strict)
        }
    }
}
