import Foundation
import Synchronization
import TailorImages
import TailorSupport
import Testing

@Suite struct PixelBudgetTests {
    /// Most pixels held at one time by `threads` threads that hold `sizes` in turn.
    private func most(of sizes: [Int], threads: Int, budget: Int) -> Int {
        let budget = PixelBudget(pixels: budget)
        let state = Mutex((held: 0, most: 0))
        _ = ParallelMap.run(sizes.count, workers: threads, name: "test") { index in
            budget.hold(sizes[index]) {
                state.withLock {
                    $0.held += sizes[index]
                    $0.most = max($0.most, $0.held)
                }
                usleep(1000)
                state.withLock { $0.held -= sizes[index] }
            }
        }
        return state.withLock { $0.most }
    }

    @Test func noMoreThanThereIsRoomFor() {
        let sizes = (0..<60).map { 1 + $0 * 7 % 10 }
        #expect((10...20).contains(most(of: sizes, threads: 8, budget: 20)))
    }

    /// What alone is too much is not refused, and does not wait for ever.
    @Test func aGiantRunsAlone() {
        #expect(most(of: [3, 50, 3, 3, 50, 3, 3, 3], threads: 4, budget: 10) == 50)
    }

    @Test func anErrorGivesItsRoomBack() {
        let budget = PixelBudget(pixels: 10)
        for _ in 0..<3 {
            #expect(throws: CancellationError.self) { try budget.hold(10) { throw CancellationError() } }
        }
        #expect(budget.hold(10) { 7 } == 7)
    }
}
