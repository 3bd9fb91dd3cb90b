import Foundation

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
final class PixelBufferPool: @unchecked Sendable {
    // `@unchecked`: `free` is guarded by `lock`.
    private let lock = NSLock()
    private var free: [UnsafeMutableBufferPointer<Float>] = []
    private let capacity: Int
    private let kept: Int

    /// - Parameters:
    ///   - capacity: numbers in each buffer.
    ///   - kept: buffers that wait here at most; more are freed.
    init(capacity: Int, kept: Int) {
        self.capacity = capacity
        self.kept = kept
    }

    deinit { for buffer in free { buffer.deallocate() } }

    func take() -> UnsafeMutableBufferPointer<Float> {
        if let buffer = lock.withLock({ free.popLast() }) { return buffer }
        let buffer = UnsafeMutableBufferPointer<Float>.allocate(capacity: capacity)
        buffer.initialize(repeating: 0)
        return buffer
    }

    func giveBack(_ buffer: UnsafeMutableBufferPointer<Float>) {
        let isKept = lock.withLock { () -> Bool in
            guard free.count < kept else { return false }
            free.append(buffer)
            return true
        }
        if !isKept { buffer.deallocate() }
    }
}
