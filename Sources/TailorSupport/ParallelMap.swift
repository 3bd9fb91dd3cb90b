import Synchronization

/// Map over indices on several threads.
package enum ParallelMap {
    /// Results of `body` for 0 ..< `count`, in that order whatever the number of threads.
    ///
    /// - Parameters:
    ///   - workers: maximum number of threads; at least one is used, or the caller's where none can be started.
    ///   - name: prefix of the threads' names.
    ///   - check: called before each item; what it throws ends the work.
    ///   - progress: called with the number of items done, 1, 2, 3…, one call at a time, from any of the
    ///     threads.
    /// - Throws: what `body` or `check` throws; of several errors the one of the lowest index. Once an item
    ///   throws, no further ones are begun.
    package static func run<T: Sendable, E: Error>(
        _ count: Int, workers: Int, name: String, check: (@Sendable () throws(E) -> Void)? = nil,
        progress: (@Sendable (Int) -> Void)? = nil, _ body: @escaping @Sendable (Int) throws(E) -> T
    ) throws(E) -> [T] {
        let queue = WorkQueue<T, E>(count: count)
        let done = ProgressCount(progress)
        let threads = WorkerThreads()
        let work: @Sendable () -> Void = {
            while let index = queue.take() {
                do throws(E) {
                    try check?()
                    queue.finish(index, .success(try body(index)))
                } catch {
                    queue.finish(index, .failure(error))
                }
                done.advance()
            }
        }
        // Where no thread can be had, the caller does the work.
        if threads.start(min(workers, count), name: name, work) == 0 { work() }
        threads.join()
        return try queue.results()
    }
}

/// Counter of items finished by several threads; reports are made one at a time.
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

/// Queue of indices to be done and the results so far.
private final class WorkQueue<T: Sendable, E: Error>: Sendable {
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

    /// Results of all items, once the threads have ended.
    func results() throws(E) -> [T] {
        let state = state.withLock { $0 }
        if let failure = state.failure { throw failure.error }
        return state.values.compactMap { $0 }
    }
}
