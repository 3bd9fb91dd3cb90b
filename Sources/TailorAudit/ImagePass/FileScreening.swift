import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Every file read, decoded and measured before the first epoch: what fails is known by path and reason
/// then, and not in the middle of a run.
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

    /// The readable images, in the order in which they were given.
    public let images: [ScreenedImage]
    /// Skipped files, with what the scan had already found, in the order of their paths' bytes.
    public let unreadable: [FileProblem]

    /// Screens the samples of some splits.
    ///
    /// - Parameters:
    ///   - problems: what the scan found, to be counted with the unreadable files.
    ///   - cache: takes the decoded images that fit, so that the first epoch need not decode them again.
    ///   - progress: called with the number of files done, one call at a time, from any of the threads.
    /// Throws `DatasetError.unreadableFiles` when more are unreadable than may be skipped, and
    /// `ContentHashError`: no file's problem, but the program's.
    public init(
        _ splits: [(part: SplitPart, samples: [Sample])], problems: [FileProblem] = [],
        options: Options = .init(), cache: DecodedImageCache? = nil,
        progress: (@Sendable (Int) -> Void)? = nil
    ) throws {
        let samples = splits.flatMap(\.samples)
        let outcomes = try ImagePass(workers: options.workers, limits: options.limits, cache: cache)
            .measure(samples, progress: progress)
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
