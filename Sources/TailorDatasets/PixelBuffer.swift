import Synchronization

/// The numbers of a batch, `[count, height, width, 3]`. Its memory goes back to the loader when the last
/// reference is dropped, and is used for a later batch.
public final class PixelBuffer: @unchecked Sendable {
    // `@unchecked`: the loader's threads write to parts of their own; then it is only read.
    let storage: UnsafeMutableBufferPointer<Float>
    public let count: Int
    private let pool: PixelBufferPool

    init(pool: PixelBufferPool, count: Int) {
        storage = pool.take()
        self.count = min(count, storage.count)
        self.pool = pool
    }

    deinit { pool.giveBack(storage) }

    /// The pointer is good within `body` only.
    public func withUnsafeBufferPointer<R>(_ body: (UnsafeBufferPointer<Float>) throws -> R) rethrows -> R {
        try body(UnsafeBufferPointer(rebasing: storage[..<count]))
    }

    /// A copy.
    public var floats: [Float] { withUnsafeBufferPointer { Array($0) } }
}

/// Fresh memory of this size has to be cleared by the system page by page; hence it is kept.
final class PixelBufferPool: Sendable {
    /// Memory that nobody but the pool knows of.
    private struct Memory: @unchecked Sendable {
        let buffer: UnsafeMutableBufferPointer<Float>
    }

    private let free = Mutex<[Memory]>([])
    private let capacity: Int
    private let kept: Int

    /// - Parameters:
    ///   - capacity: numbers in each buffer.
    ///   - kept: buffers that wait here at most; more are freed.
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
