import Synchronization
import TailorImages
import TailorSupport

/// Cache of decoded images up to a memory budget.
///
/// Nothing is evicted, and images that do not fit are decoded each time: an epoch visits every image, so
/// evicting the oldest would drop those needed soonest. For one dataset.
public final class DecodedImageCache: Sendable {
    private struct Contents: Sendable {
        var images: [PathKey: RGBImage] = [:]
        /// Size of the pixels in bytes.
        var used = 0
    }

    private let kept = Mutex(Contents())

    /// Budget in bytes of pixels.
    public let byteBudget: Int

    public init(byteBudget: Int = DecodedImageCache.defaultByteBudget) {
        self.byteBudget = max(0, byteBudget)
    }

    /// Default budget: a quarter of the memory that this process may use.
    public static var defaultByteBudget: Int { MemoryLimit.available / 4 }

    public func image(for sample: Sample) -> RGBImage? {
        kept.withLock { $0.images[PathKey(sample.relativePath)] }
    }

    /// Inserts an image if it fits and is not in the cache yet. Returns whether it is in the cache now.
    @discardableResult
    public func insert(_ image: RGBImage, for sample: Sample) -> Bool {
        let key = PathKey(sample.relativePath)
        return kept.withLock { kept in
            if kept.images[key] != nil { return true }
            guard image.pixels.count <= byteBudget - kept.used else { return false }
            kept.images[key] = image
            kept.used += image.pixels.count
            return true
        }
    }

    /// Number of images and the size of their pixels in bytes.
    public var contents: (images: Int, bytes: Int) { kept.withLock { ($0.images.count, $0.used) } }

    public func removeAll() {
        kept.withLock { $0 = Contents() }
    }
}
