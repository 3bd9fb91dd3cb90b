import Foundation
import Synchronization
import TailorImages
import TailorSupport

/// Decoded images kept in memory, up to a budget: some hundred images are decoded once and stay.
///
/// What is in stays in, and what does not fit is decoded each time: an epoch visits every image, so
/// making room by dropping the oldest would only drop what is needed soonest. For one dataset.
public final class DecodedImageCache: Sendable {
    private struct Contents: Sendable {
        var images: [PathKey: RGBImage] = [:]
        /// Bytes of their pixels.
        var used = 0
    }

    private let kept = Mutex(Contents())

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
        kept.withLock { $0.images[PathKey(sample.relativePath)] }
    }

    /// Keeps the image if it fits and is not there yet; tells whether it is kept now.
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

    /// Images kept, and the bytes of their pixels.
    public var contents: (images: Int, bytes: Int) { kept.withLock { ($0.images.count, $0.used) } }

    public func removeAll() {
        kept.withLock { $0 = Contents() }
    }
}
