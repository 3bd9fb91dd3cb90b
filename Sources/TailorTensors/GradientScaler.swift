import CTorch

/// Loss scaling that keeps float16 gradients from underflowing (Micikevicius et al., 2018), as
/// `torch.amp.GradScaler`.
///
/// One step: `scale(loss).backward()`, `step(optimizer)`, `update()`. To clip, call `unscale` before.
package final class GradientScaler {
    /// State to save for resuming.
    package struct State: Codable, Sendable, Hashable {
        package var scale: Double
        /// Number of steps since the scale last changed.
        package var goodSteps: Int

        package init(scale: Double, goodSteps: Int = 0) {
            self.scale = scale
            self.goodSteps = goodSteps
        }
    }

    package var state: State
    package let growthFactor: Double
    package let backoffFactor: Double
    /// Number of finite steps in a row before the scale grows.
    package let growthInterval: Int
    private var foundInfinite: Bool?

    package init(
        initialScale: Double = 65536, growthFactor: Double = 2, backoffFactor: Double = 0.5,
        growthInterval: Int = 2000
    ) {
        state = State(scale: initialScale)
        self.growthFactor = growthFactor
        self.backoffFactor = backoffFactor
        self.growthInterval = growthInterval
    }

    /// Loss times the current scale, on which to call `backward`.
    package func scale(_ loss: Tensor) throws -> Tensor { try loss.multiplied(by: state.scale) }

    /// Divides the optimiser's gradients by the scale, once per step.
    ///
    /// - Returns: whether a gradient is infinite or NaN, in which case `step` does nothing.
    /// - Throws: `TensorError` when called twice before `update`.
    @discardableResult
    package func unscale(_ optimizer: some Optimizer) throws -> Bool {
        guard foundInfinite == nil else {
            throw TensorError.invalid("unscale", "the gradients were unscaled already since the last update")
        }
        var found = false
        try withHandles(optimizer.parameters) {
            try check(ctorch_unscale_gradients(&found, $0, $1, state.scale), "unscale")
        }
        foundInfinite = found
        return found
    }

    /// Steps the optimiser unless a gradient is infinite or NaN; unscales first if needed.
    ///
    /// - Returns: whether the optimiser stepped.
    @discardableResult
    package func step(_ optimizer: some Optimizer) throws -> Bool {
        let found = try foundInfinite ?? unscale(optimizer)
        if !found { try optimizer.step() }
        return !found
    }

    /// Discards the result of `unscale` when gradients were dropped and the step is recomputed with the same
    /// scale.
    package func discardStep() { foundInfinite = nil }

    /// Updates the scale after a step: smaller after a skipped one, larger after many finite ones.
    ///
    /// - Throws: `TensorError` when nothing was unscaled since the last update.
    package func update() throws {
        guard let found = foundInfinite else {
            throw TensorError.invalid("update", "no step was taken since the last update")
        }
        foundInfinite = nil
        if found {
            state = State(scale: state.scale * backoffFactor)
        } else if state.goodSteps + 1 >= growthInterval {
            // As in PyTorch, a scale that would become infinite stays.
            let grown = state.scale * growthFactor
            state = State(scale: Float(grown).isFinite ? grown : state.scale)
        } else {
            state.goodSteps += 1
        }
    }
}
