import Synchronization

/// Independent pieces of work on a few threads.
package enum ParallelMap {
    /// The results of `body` for 0 ..< `count`, in that order, whatever the number of threads.
    ///
    /// - Parameters:
    ///   - workers: threads at most; at least one works.
    ///   - name: what the threads are called.
    ///   - check: called before each piece; what it throws ends the work.
    ///   - progress: called with the number of pieces done, 1, 2, 3…, one call at a time, from any of the threads.
    /// Once a piece throws no further ones are begun; of several errors the one of the lowest index is thrown.
    /// Throws nothing when `body` and `check` do not.
    package static func run<T: Sendable, E: Error>(
        _ count: Int, workers: Int, name: String, check: (@Sendable () throws(E) -> Void)? = nil,
        progress: (@Sendable (Int) -> Void)? = nil, _ body: @escaping @Sendable (Int) throws(E) -> T
    ) throws(E) -> [T] {
        let pieces = Pieces<T, E>(count: count)
        let done = ProgressCount(progress)
        let threads = WorkerThreads()
        threads.start(min(workers, count), name: name) {
            while let index = pieces.take() {
                do throws(E) {
                    try check?()
                    pieces.finish(index, .success(try body(index)))
                } catch {
                    pieces.finish(index, .failure(error))
                }
                done.advance()
            }
        }
        threads.join()
        return try pieces.results()
    }
}

/// Counts pieces of work that several threads finish, one report at a time.
package final class ProgressCount: Sendable {
    private let done = Mutex(0)
    private let report: (@Sendable (Int) -> Void)?

    package init(_ report: (@Sendable (Int) -> Void)?) { self.report = report }

    package func advance() {
        done.withLock { done in
            done += 1
            report?(done)
        }
    }
}

/// What is to be done, and what came of it.
private final class Pieces<T: Sendable, E: Error>: Sendable {
    private struct State: Sendable {
        var next = 0
        var values: [T?]
        var failure: (index: Int, error: E)?
    }

    private let state: Mutex<State>

    init(count: Int) { state = Mutex(State(values: [T?](repeating: nil, count: max(0, count)))) }

    func take() -> Int? {
        state.withLock { state in
            guard state.failure == nil, state.next < state.values.count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func finish(_ index: Int, _ result: Result<T, E>) {
        state.withLock { state in
            switch result {
            case .success(let value): state.values[index] = value
            case .failure(let error):
                if index < state.failure?.index ?? .max { state.failure = (index, error) }
            }
        }
    }

    /// Called once the threads have ended.
    func results() throws(E) -> [T] {
        let state = state.withLock { $0 }
        if let failure = state.failure { throw failure.error }
        return state.values.compactMap { $0 }
    }
}
