import Foundation
import TailorSupport

/// Bound on the pixels that are decoded at one time, by all threads together: eight photographs of a hundred
/// megapixels would need gigabytes.
package final class PixelBudget: @unchecked Sendable {
    // `@unchecked`: `held` is guarded by `condition`.
    private let condition = NSCondition()
    private var held = 0
    private let total: Int

    /// A quarter of the memory, at eight bytes a pixel: what decoders hold beside the three of the image.
    package static let shared = PixelBudget(pixels: MemoryLimit.available / 4 / 8)

    package init(pixels: Int) { total = pixels }

    /// Runs `body` once there is room for its pixels; what alone exceeds the budget runs alone. Must not be
    /// nested.
    package func hold<R>(_ pixels: Int, _ body: () throws -> R) rethrows -> R {
        condition.lock()
        while held > 0 && held + pixels > total { condition.wait() }
        held += pixels
        condition.unlock()
        defer {
            condition.withLock {
                held -= pixels
                condition.broadcast()
            }
        }
        return try body()
    }
}
