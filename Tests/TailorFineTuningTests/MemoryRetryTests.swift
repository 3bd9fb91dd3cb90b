import Tailor
import Testing

/// What happens to a step when the device runs out of memory, without a device that does.
struct MemoryRetryTests {
    private static let full = TensorError(kind: .outOfMemory, operation: "test", message: "full")

    @Test func theBatchIsHalvedUntilItFits() throws {
        var size = 13
        var tried: [Int] = []
        var discarded: [Int] = []
        let result = try MemoryRetry.run(&size) { part in
            tried.append(part)
            if part > 3 { throw Self.full }
            return "done"
        } discard: {
            discarded.append($0)
        }
        #expect(result == "done" && size == 2)
        #expect(tried == [13, 7, 4, 2] && discarded == [7, 4, 2])
    }

    @Test func oneImageThatDoesNotFitAndOtherErrorsEndIt() throws {
        var size = 2
        var attempts = 0
        #expect(throws: Self.full) {
            try MemoryRetry.run(&size) { _ in
                attempts += 1
                throw Self.full
            } discard: { _ in
            }
        }
        #expect(attempts == 2 && size == 1)
        size = 8
        attempts = 0
        let other = TensorError(kind: .libtorch, operation: "test", message: "other")
        #expect(throws: other) {
            try MemoryRetry.run(&size) { _ in
                attempts += 1
                throw other
            } discard: { _ in
            }
        }
        #expect(attempts == 1 && size == 8)
    }

    /// Memory runs out after the gradients were unscaled: the step that is then taken is the step of a run in which
    /// it did not.
    @Test func gradientsAreUnscaledOnceAStep() throws {
        func trained(failing: Bool) throws -> ([Float], GradientScaler.State) {
            let weight = try Tensor([1, -2], shape: [2])
            try weight.setRequiresGradient()
            let optimizer = try SGD(
                groups: [ParameterGroup(name: "all", parameters: [("w", weight)], learningRate: 0.1)],
                momentum: 0.9)
            let scaler = GradientScaler(initialScale: 1024)
            for step in 0..<3 {
                var size = 4
                var fails = failing && step == 1
                try MemoryRetry.run(&size) { _ in
                    optimizer.clearGradients()
                    let loss = try (weight * Tensor([3, 0.5], shape: [2])).sum()
                    try scaler.scale(loss).backward()
                    try scaler.unscale(optimizer)
                    if fails {
                        fails = false
                        throw Self.full
                    }
                    try scaler.step(optimizer)
                } discard: { _ in
                    optimizer.clearGradients()
                    scaler.discardStep()
                }
                try scaler.update()
            }
            return (try weight.floats(), scaler.state)
        }
        let (expected, expectedState) = try trained(failing: false)
        let (got, state) = try trained(failing: true)
        #expect(got == expected && state == expectedState)
    }
}
