import Foundation

/// Independent pieces of work on a few threads.
package enum ParallelWork {
    /// The results of `body` for 0 ..< `count`, in that order.
    ///
    /// - Parameters:
    ///   - check: called before each piece; what it throws ends the work.
    ///   - progress: called with the number of pieces done, one call at a time, from any of the threads.
    /// Once a piece throws no further ones are begun; of several errors the one of the lowest index is thrown.
    package static func map<T: Sendable>(
        _ count: Int, workers: Int, name: String, check: (@Sendable () throws -> Void)? = nil,
        progress: (@Sendable (Int) -> Void)? = nil, _ body: @escaping @Sendable (Int) throws -> T
    ) throws -> [T] {
        let shared = Shared<T>(count: count)
        let threads = WorkerThreads()
        threads.start(min(workers, count), name: name) {
            while let index = shared.take() {
                let result = Result {
                    try check?()
                    return try body(index)
                }
                shared.finish(index, result, progress: progress)
            }
        }
        threads.join()
        return try shared.results()
    }
}

/// What `body` gives for 0 ..< `count`, in that order, computed by several threads.
package func parallelMap<T: Sendable>(
    _ count: Int, workers: Int, _ body: @escaping @Sendable (Int) -> T
) -> [T] {
    let shared = Shared<T>(count: count)
    let threads = WorkerThreads()
    threads.start(min(workers, count), name: "work") {
        while let index = shared.take() { shared.finish(index, .success(body(index)), progress: nil) }
    }
    threads.join()
    return shared.present
}

private final class Shared<T: Sendable>: @unchecked Sendable {
    // `@unchecked`: everything that changes is guarded by `lock`.
    private let lock = NSLock()
    private var next = 0
    private var done = 0
    private var values: [T?]
    private var failure: (index: Int, error: any Error)?

    init(count: Int) { values = [T?](repeating: nil, count: count) }

    func take() -> Int? {
        lock.withLock {
            guard failure == nil, next < values.count else { return nil }
            next += 1
            return next - 1
        }
    }

    func finish(_ index: Int, _ result: Result<T, any Error>, progress: (@Sendable (Int) -> Void)?) {
        lock.withLock {
            switch result {
            case .success(let value): values[index] = value
            case .failure(let error):
                if index < failure?.index ?? .max { failure = (index, error) }
            }
            done += 1
            progress?(done)
        }
    }

    /// Called once the threads have ended.
    func results() throws -> [T] {
        if let failure { throw failure.error }
        return present
    }

    var present: [T] { lock.withLock { values.compactMap { $0 } } }
}
