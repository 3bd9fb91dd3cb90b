import Foundation
import Synchronization
import TailorSupport
import Testing

@Suite struct WorkerThreadsTests {
    /// A stack that no address space has room for: the system refuses, as it does at a limit on tasks.
    private static let impossible = 1 << 47

    @Test func allOfThemRunAndAreWaitedFor() {
        let runs = Atomic(0)
        let threads = WorkerThreads()
        #expect(threads.start(7, name: "test") { runs.add(1, ordering: .relaxed) } == 7)
        threads.join()
        #expect(runs.load(ordering: .relaxed) == 7)
        #expect(threads.start(0, name: "test") { runs.add(1, ordering: .relaxed) } == 1)
        threads.join()
        #expect(runs.load(ordering: .relaxed) == 8)
    }

    @Test func whereNoThreadCanBeStartedNobodyWaitsForOne() {
        WorkerThreads.$stackSize.withValue(Self.impossible) {
            let threads = WorkerThreads()
            #expect(threads.start(3, name: "test") { Issue.record("a thread ran") } == 0)
            threads.join()
            #expect(WorkerThreads.startable(3) == 0)
            let caller = ObjectIdentifier(Thread.current)
            let squares = ParallelMap.run(5, workers: 3, name: "test") { index in
                #expect(ObjectIdentifier(Thread.current) == caller)
                return index * index
            }
            #expect(squares == [0, 1, 4, 9, 16])
        }
    }

    @Test func howManyCanBeStarted() {
        #expect(WorkerThreads.startable(5) == 5)
        #expect(WorkerThreads.startable(0) == 0)
        #expect(WorkerThreads.startable(-1) == 0)
    }
}
