import Foundation

/// Group of threads that run one closure each and can be joined.
///
/// Threads rather than tasks, because decoding would block Swift's cooperative pool for milliseconds at a
/// time. POSIX's rather than Foundation's, which do not say when a thread could not be started: waiting for it
/// would never end.
package final class WorkerThreads: @unchecked Sendable {
    // `@unchecked`: `live` is guarded by `condition`.
    private let condition = NSCondition()
    private var live = 0

    /// Stack of a thread, in bytes; decoders keep rows on it. Tests ask for more than there can be.
    @TaskLocal package static var stackSize = 4 << 20

    package init() {}

    /// Starts `count` threads (at least one), or as many as the system allows; limits on tasks or memory may
    /// leave none. The closure must not retain the caller of `join`.
    ///
    /// - Returns: number of threads that were started.
    @discardableResult
    package func start(_ count: Int, name: String, _ body: @escaping @Sendable () -> Void) -> Int {
        let count = max(1, count)
        for number in 0..<count {
            condition.withLock { live += 1 }
            let thread = ThreadStart(name: "\(name)-\(number)") { [self] in
                #if canImport(ObjectiveC)
                    autoreleasepool(invoking: body)
                #else
                    body()
                #endif
                end()
            }
            guard thread.start(stackSize: Self.stackSize) else {
                end()
                return number
            }
        }
        return count
    }

    private func end() {
        condition.withLock {
            live -= 1
            condition.broadcast()
        }
    }

    /// Waits until all closures have returned.
    package func join() {
        condition.lock()
        defer { condition.unlock() }
        while live > 0 { condition.wait() }
    }

    /// Number of threads, at most `count`, that the system lets this process have at one time beside those that it
    /// has. They are started for the answer, and have ended when it is there.
    package static func startable(_ count: Int) -> Int {
        guard count > 0 else { return 0 }
        let gate = NSCondition()
        nonisolated(unsafe) var isOpen = false
        let threads = WorkerThreads()
        let started = threads.start(count, name: "probe") {
            gate.lock()
            while !isOpen { gate.wait() }
            gate.unlock()
        }
        gate.withLock {
            isOpen = true
            gate.broadcast()
        }
        threads.join()
        return started
    }
}

/// Limit that leaves a process fewer threads than it needs.
package struct ThreadShortage: CustomStringConvertible, Sendable {
    package let needed: Int
    package let startable: Int

    /// Nil where the threads can be had.
    package init?(needed: Int) {
        startable = WorkerThreads.startable(needed)
        self.needed = needed
        if startable >= needed { return nil }
    }

    package var description: String {
        "the system lets this process start \(counted(startable, "further thread")), and \(needed) are needed: "
            + "a limit on tasks or on memory (ulimit -u and -v, its control group)"
    }
}

/// What a new thread is called and does.
private final class ThreadStart: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(name: String, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    /// Starts a thread that nobody joins. False if the system refuses.
    func start(stackSize: Int) -> Bool {
        let handle = Unmanaged.passRetained(self)
        let isStarted = startDetachedThread(stackSize: stackSize, argument: handle.toOpaque())
        if !isStarted { handle.release() }
        return isStarted
    }

    func run() {
        Thread.current.name = name
        body()
    }
}

private func startDetachedThread(stackSize: Int, argument: UnsafeMutableRawPointer) -> Bool {
    var attributes = pthread_attr_t()
    guard pthread_attr_init(&attributes) == 0 else { return false }
    defer { pthread_attr_destroy(&attributes) }
    guard pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED)) == 0,
        pthread_attr_setstacksize(&attributes, stackSize) == 0
    else { return false }
    #if canImport(Darwin)
        var thread: pthread_t?
    #else
        var thread = pthread_t()
    #endif
    return pthread_create(&thread, &attributes, runThread, argument) == 0
}

#if canImport(Darwin)
    private func runThread(_ argument: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
        Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run()
        return nil
    }
#else
    private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
        if let argument { Unmanaged<ThreadStart>.fromOpaque(argument).takeRetainedValue().run() }
        return nil
    }
#endif
