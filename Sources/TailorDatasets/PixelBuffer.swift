import Synchronization

/// Pixels of a batch, `[count, height, width, 3]`. The memory returns to the loader's pool when the last
/// reference is released.
package final class PixelBuffer: @unchecked Sendable {
    // `@unchecked`: the loader's threads write disjoint parts; afterwards it is only read.
    let storage: UnsafeMutableBufferPointer<Float>
    package let count: Int
    private let pool: PixelBufferPool

    init(pool: PixelBufferPool, count: Int) {
        storage = pool.take()
        self.count = min(count, storage.count)
        self.pool = pool
    }

    deinit { pool.giveBack(storage) }

    /// Calls `body` with a pointer that is valid only during the call.
    package func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        try body(UnsafeBufferPointer(rebasing: storage[..<count]))
    }

    /// Copy of the values.
    package var floats: [Float] { withUnsafeBufferPointer { Array($0) } }
}

/// Pool of buffers, because the system would clear newly allocated ones page by page.
final class PixelBufferPool: Sendable {
    /// Buffer that only the pool references.
    private struct Memory: @unchecked Sendable {
        let buffer: UnsafeMutableBufferPointer<Float>
    }

    private let free = Mutex<[Memory]>([])
    private let capacity: Int
    private let kept: Int

    /// Creates an empty pool.
    ///
    /// - Parameters:
    ///   - capacity: number of values in each buffer.
    ///   - kept: maximum number of free buffers; more are deallocated.
    init(capacity: Int, kept: Int) {
        self.capacity = capacity
        self.kept = kept
    }

    deinit { for memory in free.withLock({ $0 }) { memory.buffer.deallocate() } }

    func take() -> UnsafeMutableBufferPointer<Float> {
        if let memory = free.withLock({ $0.popLast() }) { return memory.buffer }
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: capacity)
        buffer.initialize(repeating: 0)
        return buffer
    }

    func giveBack(_ buffer: UnsafeMutableBufferPointer<Float>) {
        let memory = Memory(buffer: buffer)
        let isKept = free.withLock { free -> Bool in
            guard free.count < kept else { return false }
            free.append(memory)
            return true
        }
        if !isKept { memory.buffer.deallocate() }
    }
}
