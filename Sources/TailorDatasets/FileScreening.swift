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
    ///   - progress: called with the number of files done, from any of the threads, in no certain order.
    /// Throws `DatasetError.unreadableFiles` when more are unreadable than may be skipped, and
    /// `ContentHashError`: no file's problem, but the program's.
    public static func run(
        _ samples: [Sample], problems: [FileProblem] = [], options: Options = .init(),
        cache: DecodedImageCache? = nil, inspect: Inspection? = nil,
        progress: (@Sendable (Int) -> Void)? = nil
    ) throws -> FileScreening {
        let work = Work(
            samples: samples, options: options, cache: cache, inspect: inspect, progress: progress)
        let threads = WorkerThreads()
        threads.start(min(options.workers, samples.count), name: "screening") { work.run() }
        threads.join()
        if let error = work.hashError { throw error }

        let screening = FileScreening(
            images: work.images,
            unreadable: (problems + work.failures).sorted { PathKey($0.path) < PathKey($1.path) },
            allIdentical: samples.count > 1 && work.allIdentical && work.failures.count < samples.count)
        try screening.check(total: samples.count + problems.count, options: options)
        return screening
    }

    private func check(total: Int, options: Options) throws {
        let allowed = options.strict ? 0 : options.unreadableShare * Double(total)
        guard Double(unreadable.count) <= allowed || unreadable.isEmpty else {
            throw DatasetError.unreadableFiles(
                problems: unreadable, total: total, share: options.unreadableShare, strict: options.strict)
        }
    }
}

/// What the screening's threads share; everything that changes is guarded by `lock`.
private final class Work: @unchecked Sendable {
    private let samples: [Sample]
    private let decoder: ImageDecoder
    private let cache: DecodedImageCache?
    private let inspect: FileScreening.Inspection?
    private let progress: (@Sendable (Int) -> Void)?
    private let lock = NSLock()
    private var next = 0
    private var done = 0
    private var reference: RGBImage?
    private(set) var images: [ScreenedImage?]
    private(set) var failures: [FileProblem] = []
    private(set) var hashError: ContentHashError?
    private(set) var allIdentical = true

    init(
        samples: [Sample], options: FileScreening.Options, cache: DecodedImageCache?,
        inspect: FileScreening.Inspection?, progress: (@Sendable (Int) -> Void)?
    ) {
        self.samples = samples
        decoder = ImageDecoder(limits: options.limits)
        self.cache = cache
        self.inspect = inspect
        self.progress = progress
        images = [ScreenedImage?](repeating: nil, count: samples.count)
    }

    func run() {
        while let index = take() {
            let sample = samples[index]
            let result = Result { try screen(sample) }
            let finished = lock.withLock { () -> Int in
                switch result {
                case .success(let (image, isReference)):
                    images[index] = image
                    if !isReference { allIdentical = false }
                case .failure(let error as ContentHashError):
                    hashError = error
                case .failure(let error):
                    failures.append(FileProblem(path: sample.relativePath, reason: reason(error)))
                }
                done += 1
                return done
            }
            progress?(finished)
        }
    }

    private func take() -> Int? {
        lock.withLock {
            guard hashError == nil, next < samples.count else { return nil }
            next += 1
            return next - 1
        }
    }

    /// The second value tells whether the pixels equal those of the first image that was decoded.
    private func screen(_ sample: Sample) throws -> (ScreenedImage, Bool) {
        let data = try decoder.read(sample.url)
        let image = try decoder.decode(data, name: sample.url.path)
        guard let format = ImageFormat(sniffing: data) else {
            throw ImageError.notAnImage(path: sample.url.path, content: "unknown format")
        }
        cache?.insert(image, for: sample)
        try inspect?(sample, data, image)
        let reference = lock.withLock { () -> RGBImage? in
            guard allIdentical else { return nil }
            if self.reference == nil { self.reference = image }
            return self.reference
        }
        let facts = ScreenedImage(
            sample: sample, width: image.width, height: image.height, fileBytes: data.count,
            format: format, sha256: try ContentHash.sha256(data), pixelHash: try image.contentHash())
        return (facts, reference == image)
    }

    /// Without the path, which the problem states already.
    private func reason(_ error: any Error) -> String {
        (error as? ImageError)?.reason ?? "\(error)"
    }
}
