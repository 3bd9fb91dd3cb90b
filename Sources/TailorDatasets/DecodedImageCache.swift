import Foundation
import TailorImages
import TailorSupport

/// Decoded images kept in memory, up to a budget: some hundred images are decoded once and stay.
///
/// What is in stays in, and what does not fit is decoded each time: an epoch visits every image, so
/// making room by dropping the oldest would only drop what is needed soonest. For one dataset.
public final class DecodedImageCache: @unchecked Sendable {
    // `@unchecked`: everything that changes is guarded by `lock`.
    private let lock = NSLock()
    private var images: [PathKey: RGBImage] = [:]
    private var used = 0

    /// In bytes of pixels.
    public let byteBudget: Int

    public init(byteBudget: Int = DecodedImageCache.defaultByteBudget) {
        self.byteBudget = max(0, byteBudget)
    }

    /// A quarter of the memory this process may use.
    public static var defaultByteBudget: Int {
        var memory = Int(clamping: ProcessInfo.processInfo.physicalMemory)
        #if os(Linux)
            // Within a container the machine's memory is not ours; version 2 of cgroups, then version 1.
            for path in ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"] {
                guard let text = try? String(contentsOfFile: path, encoding: .utf8),
                    let limit = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
                else { continue }
                memory = min(memory, limit)
            }
        #endif
        return memory / 4
    }

    public func image(for sample: Sample) -> RGBImage? {
        lock.withLock { images[PathKey(sample.relativePath)] }
    }

    /// Keeps the image if it fits and is not there yet; tells whether it is kept now.
    @discardableResult
    public func insert(_ image: RGBImage, for sample: Sample) -> Bool {
        let key = PathKey(sample.relativePath)
        return lock.withLock {
            if images[key] != nil { return true }
            guard image.pixels.count <= byteBudget - used else { return false }
            images[key] = image
            used += image.pixels.count
            return true
        }
    }

    /// Images kept, and the bytes of their pixels.
    public var contents: (images: Int, bytes: Int) { lock.withLock { (images.count, used) } }

    public func removeAll() {
        lock.withLock {
            images = [:]
            used = 0
        }
    }
}
