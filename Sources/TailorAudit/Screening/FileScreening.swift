import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Screening of all files before the first epoch: each is read, decoded and measured, so that failures are
/// known with path and reason before the run.
public struct FileScreening: Sendable {
    public struct Options: Sendable {
        /// Share of the files that may be skipped, 0…1.
        public var unreadableShare: Double
        /// Whether to refuse any unreadable file.
        public var strict: Bool
        /// Number of decoding threads.
        public var workers: Int
        public var limits: ImageDecoder.Limits
        /// Samples of 16-bit images that become black and white; nil for 0 and 65535.
        public var intensityRange: IntensityRange?

        public init(
            unreadableShare: Double = 0.05, strict: Bool = false,
            workers: Int = ProcessorCount.available,
            limits: ImageDecoder.Limits = .init(),
            intensityRange: IntensityRange? = nil
        ) {
            self.unreadableShare = unreadableShare
            self.strict = strict
            self.workers = workers
            self.limits = limits
            self.intensityRange = intensityRange
        }
    }

    /// Readable images, in the given order.
    public let images: [ScreenedImage]
    /// Skipped files and the scan's problems, in byte order of their paths.
    public let unreadable: [FileProblem]

    /// Screens the samples of some splits.
    ///
    /// - Parameters:
    ///   - problems: problems of the scan, counted with the unreadable files.
    ///   - cache: takes the decoded images that fit, so that the first epoch need not decode them again.
    ///   - progress: called with the number of files done, one call at a time, from any of the threads.
    /// - Throws: `DatasetError.unreadableFiles` when more are unreadable than may be skipped, and
    ///   `ContentHashError`, which is no file's fault.
    public init(
        _ splits: [(part: SplitPart, samples: [Sample])], problems: [FileProblem] = [],
        options: Options = .init(), cache: DecodedImageCache? = nil,
        progress: (@Sendable (Int) -> Void)? = nil
    ) throws {
        let samples = splits.flatMap(\.samples)
        let outcomes = try ImagePass(
            workers: options.workers, limits: options.limits, intensityRange: options.intensityRange,
            cache: cache
        ).measure(samples, progress: progress)
        let parts = splits.flatMap { [SplitPart](repeating: $0.part, count: $0.samples.count) }
        images = samples.indices.compactMap { index in
            outcomes[index].value.map {
                ScreenedImage(sample: samples[index], split: parts[index], measurement: $0)
            }
        }
        unreadable = (problems + outcomes.compactMap(\.problem)).sorted {
            PathKey($0.path) < PathKey($1.path)
        }
        let total = samples.count + problems.count
        let allowed = options.strict ? 0 : options.unreadableShare * Double(total)
        guard unreadable.isEmpty || Double(unreadable.count) <= allowed else {
            throw DatasetError.unreadableFiles(
                problems: unreadable, total: total, share: options.unreadableShare, strict: options.strict)
        }
    }
}
