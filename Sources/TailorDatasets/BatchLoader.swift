import Foundation
import TailorImages
import TailorSupport

/// Data loader that prepares batches ahead of the training step, on its own threads.
///
/// Batches come in order and, for the same seed and epoch, are bit-identical for any number of workers: a
/// sample's randomness derives from (seed, epoch, index), and from its occurrence when an oversampled epoch
/// visits it again. At most `prefetch` batches are waiting or in progress. For one consumer.
package final class BatchLoader {
    package struct Batch: Sendable {
        /// Normalised pixels `[count, height, width, 3]`.
        package let pixels: PixelBuffer
        /// Class indices of the samples.
        package let labels: [Int64]
        /// Indices into the loader's samples.
        package let indices: [Int]
        package let height: Int
        package let width: Int

        package var count: Int { labels.count }
    }

    private let core: LoaderCore
    private let threads = WorkerThreads()
    /// Number of batches that `next` returns in total.
    package let batchCount: Int

    /// Creates a loader and starts loading.
    ///
    /// - Parameters:
    ///   - order: indices into `samples`, for a whole epoch.
    ///   - dropLast: whether to drop an incomplete last batch, unless it is the only one.
    ///   - skippingBatches: number of batches to skip, to resume an epoch; the others are the same as
    /// without. (Slicing
    ///     `order` is equivalent only if no index occurs twice.)
    ///   - cache: cache of decoded images to read and, if there is room, to fill.
    /// Throws `BatchLoaderError` for a batch size below 1 and for an order beyond the samples, and
    /// `ImageError.invalidArgument` for a transform out of range.
    package init(
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
            let started = threads.start(min(workers, order.count), name: "loader") { [core] in core.work() }
            if started == 0 { core.loadOnTheCaller() }
        }
    }

    deinit { stop() }

    /// Returns the next batch, nil after the last.
    ///
    /// Throws `SampleLoadingError` with the path when a sample of the batch cannot be loaded, and again on
    /// each further call. After `stop`, throws `BatchLoaderError.stopped`.
    package func next() throws -> Batch? { try core.next() }

    /// Stops the threads and waits until they have finished their current images; further calls do nothing.
    package func stop() {
        core.stop()
        threads.join()
    }
}

/// Invalid arguments of a loader, or use after `stop`.
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

/// Failure to load an image during an epoch.
public struct SampleLoadingError: CategorizedError, Equatable, Sendable {
    /// Full path of the file.
    public let path: String
    /// Index of the batch within the epoch, from 0.
    public let batch: Int
    public let reason: String

    public var category: ErrorCategory { .work }

    public var description: String {
        let path = path.printable
        let what = reason.contains(path) ? reason : "\(path): \(reason)"
        return "batch \(batch): \(what)"
    }
}
