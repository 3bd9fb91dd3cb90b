import Foundation
import TailorDatasets

/// `transform` of 0 ..< count, in order, computed by several threads.
func parallelMap<Value: Sendable>(
    _ count: Int, workers: Int, _ transform: @escaping @Sendable (Int) -> Value
) -> [Value] {
    let results = SharedResults<Value>(count: count)
    let threads = WorkerThreads()
    threads.start(min(workers, max(count, 1)), name: "audit") {
        while let range = results.take() {
            results.put(range.map { (index: $0, value: transform($0)) })
        }
    }
    threads.join()
    return results.values
}

/// Everything that changes is guarded by `lock`.
private final class SharedResults<Value: Sendable>: @unchecked Sendable {
    private let lock = NSLock()
    private let count: Int
    private var next = 0
    private var filled: [Value?]

    init(count: Int) {
        self.count = count
        filled = Array(repeating: nil, count: count)
    }

    /// The next few indices: a lock for each would cost more than a short piece of work.
    func take() -> Range<Int>? {
        lock.withLock {
            guard next < count else { return nil }
            let range = next..<min(next + 16, count)
            next = range.upperBound
            return range
        }
    }

    func put(_ values: [(index: Int, value: Value)]) {
        lock.withLock { for (index, value) in values { filled[index] = value } }
    }

    var values: [Value] { lock.withLock { filled.compactMap { $0 } } }
}
