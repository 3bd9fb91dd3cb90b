import Foundation
import TailorImages
import TailorSupport

/// Loads batches ahead of the training step, on threads of its own.
///
/// Batches come in order and, for the same seed and epoch, are the same to the bit whatever the number of
/// workers: a sample's randomness derives from (seed, epoch, index), and from its occurrence when an
/// oversampled epoch visits it again. At most `prefetch` batches wait or are at work. For one consumer.
public final class BatchLoader {
    public struct Batch: Sendable {
        /// `[count, height, width, 3]`, normalised.
        public let pixels: PixelBuffer
        /// Class indices.
        public let labels: [Int64]
        /// Into the loader's samples.
        public let indices: [Int]
        public let height: Int
        public let width: Int

        public var count: Int { labels.count }
    }

    private let core: LoaderCore
    private let threads = WorkerThreads()
    /// How many batches `next` gives in all.
    public let batchCount: Int

    /// Starts loading at once.
    ///
    /// - Parameters:
    ///   - order: indices into `samples`, for a whole epoch.
    ///   - dropLast: leave out a last batch that is not full, unless it is the only one.
    ///   - skippingBatches: start at this batch, to continue an epoch; it and all after it are the same as
    ///     without. (A slice of `order` does as well as long as no index occurs twice.)
    ///   - cache: where decoded images are looked up, and kept if there is room.
    /// Throws `BatchLoaderError` for a batch size below 1 and for an order beyond the samples, and
    /// `ImageError.invalidArgument` for a transform out of range.
    public init(
        samples: [Sample], order: [Int], batchSize: Int, dropLast: Bool = false, transform: SampleTransform,
        workers: Int, seed: UInt64, epoch: Int, skippingBatches: Int = 0, prefetch: Int = 3,
        decoder: ImageDecoder = ImageDecoder(), cache: DecodedImageCache? = nil
    ) throws {
        guard batchSize >= 1 else { throw BatchLoaderError.batchSize(batchSize) }
        try transform.validate()
        if let wrong = order.first(where: { !samples.indices.contains($0) }) {
            throw BatchLoaderError.orderBeyondSamples(index: wrong, count: samples.count)
        }
        let full = order.count / batchSize
        let isPartialKept = order.count % batchSize > 0 && (!dropLast || full == 0)
        let total = full + (isPartialKept ? 1 : 0)
        let first = min(max(0, skippingBatches), total)
        batchCount = total - first
        core = LoaderCore(
            samples: samples, order: order, batchSize: batchSize, batches: first..<total,
            prefetch: max(1, prefetch),
            loader: SampleLoader(
                transform: transform, decoder: decoder, cache: cache, seed: seed, epoch: epoch))
        if batchCount > 0 {
            threads.start(min(workers, order.count), name: "loader") { [core] in core.work() }
        }
    }

    deinit { stop() }

    /// The next batch, nil after the last.
    ///
    /// When a sample of it cannot be loaded, throws `SampleLoadingError` with its path, and again at each
    /// further call; the batches before it were given. After `stop`, throws `BatchLoaderError.stopped`.
    public func next() throws -> Batch? { try core.next() }

    /// Ends the threads and waits for them: no longer than the images take that they are at. Again is no harm.
    public func stop() {
        core.stop()
        threads.join()
    }
}

/// A loader that cannot be, or is no more.
public enum BatchLoaderError: CategorizedError, Equatable, Sendable {
    case batchSize(Int)
    case orderBeyondSamples(index: Int, count: Int)
    case stopped

    public var category: ErrorCategory { .work }

    public var description: String {
        switch self {
        case .batchSize(let size): "expected a batch size of 1 or more, got \(size)"
        case .orderBeyondSamples(let index, let count):
            "the order names sample \(index), but there are \(counted(count, "sample"))"
        case .stopped: "the loader was stopped"
        }
    }
}

/// An image that could not be loaded in the middle of an epoch.
public struct SampleLoadingError: CategorizedError, Equatable, Sendable {
    /// The file's full path.
    public let path: String
    /// Counted from 0 within the epoch.
    public let batch: Int
    public let reason: String

    public var category: ErrorCategory { .work }

    public var description: String {
        let path = path.printable
        let what = reason.contains(path) ? reason : "\(path): \(reason)"
        return "batch \(batch): \(what)"
    }
}
