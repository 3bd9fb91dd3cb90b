import Foundation
import TailorSupport
import Testing

@Suite struct ParallelMapTests {
    struct Refusal: Error, Equatable { let index: Int }

    @Test(arguments: [-1, 1, 3, 64])
    func resultsInOrder(workers: Int) {
        for count in [0, 1, 2, 100] {
            // Nothing throws, hence no `try`.
            let squares = ParallelMap.run(count, workers: workers, name: "test") { $0 * $0 }
            #expect(squares == (0..<count).map { $0 * $0 })
        }
    }

    @Test(arguments: [1, 4])
    func theErrorOfTheLowestIndexIsThrown(workers: Int) {
        // Index 20 waits for a later one to fail first.
        let later = DispatchSemaphore(value: 0)
        if workers == 1 { later.signal() }
        let error = #expect(throws: Refusal.self) {
            try ParallelMap.run(200, workers: workers, name: "test") { index throws(Refusal) in
                if index == 20 { later.wait() }
                if index == 21 { later.signal() }
                if index == 20 || index == 21 { throw Refusal(index: index) }
            }
        }
        #expect(error == Refusal(index: 20))
    }

    @Test func nothingIsBegunAfterAnError() {
        let begun = ProgressLog()
        #expect(throws: Refusal.self) {
            try ParallelMap.run(1000, workers: 1, name: "test") { index throws(Refusal) in
                begun.add(index)
                if index == 3 { throw Refusal(index: 3) }
            }
        }
        #expect(begun.numbers == [0, 1, 2, 3])
    }

    @Test func aCheckEndsTheWork() {
        let begun = ProgressLog()
        let check: @Sendable () throws -> Void = {
            if begun.numbers.count == 5 { throw Refusal(index: -1) }
        }
        let body: @Sendable (Int) throws -> Void = { begun.add($0) }
        #expect(throws: Refusal(index: -1)) {
            _ = try ParallelMap.run(100, workers: 1, name: "test", check: check, body)
        }
        #expect(begun.numbers == [0, 1, 2, 3, 4])
    }

    @Test(arguments: [1, 7])
    func progressCountsUpward(workers: Int) {
        let progress = ProgressLog()
        _ = ParallelMap.run(300, workers: workers, name: "test", progress: progress.add) { $0 }
        #expect(progress.numbers == Array(1...300))
    }
}

/// What several threads report, in its order.
private final class ProgressLog: @unchecked Sendable {
    private let lock = NSLock()
    private var found: [Int] = []
    var numbers: [Int] { lock.withLock { found } }
    @Sendable func add(_ number: Int) { lock.withLock { found.append(number) } }
}
