import Foundation

/// Group of threads that run one closure each and can be joined.
///
/// Threads rather than tasks, because decoding would block Swift's cooperative pool for milliseconds at a
/// time.
package final class WorkerThreads: @unchecked Sendable {
    // `@unchecked`: `live` is guarded by `condition`.
    private let condition = NSCondition()
    private var live = 0

    package init() {}

    /// Starts `count` threads (at least one). The closure must not retain the caller of `join`.
    package func start(_ count: Int, name: String, _ body: @escaping @Sendable () -> Void) {
        let count = max(1, count)
        condition.withLock { live += count }
        for number in 0..<count {
            let thread = Thread { [self] in
                #if canImport(ObjectiveC)
                    autoreleasepool(invoking: body)
                #else
                    body()
                #endif
                condition.withLock {
                    live -= 1
                    condition.broadcast()
                }
            }
            thread.name = "\(name)-\(number)"
            // Decoders keep rows on the stack; the default of secondary threads is small on macOS.
            thread.stackSize = 4 << 20
            thread.start()
        }
    }

    /// Waits until all closures have returned.
    package func join() {
        condition.lock()
        defer { condition.unlock() }
        while live > 0 { condition.wait() }
    }
}
