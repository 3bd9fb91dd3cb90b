import CTorch

/// Keeps float16 gradients from vanishing (Micikevicius et al., 2018), as `torch.amp.GradScaler`.
///
/// One step: `scale(loss).backward()`, `step(optimizer)`, `update()`. To clip, call `unscale` before.
public final class GradientScaler {
    /// What to save for resuming.
    public struct State: Codable, Sendable, Hashable {
        public var scale: Double
        /// Steps since the scale last changed.
        public var goodSteps: Int

        public init(scale: Double, goodSteps: Int = 0) {
            self.scale = scale
            self.goodSteps = goodSteps
        }
    }

    public var state: State
    public let growthFactor: Double
    public let backoffFactor: Double
    /// Good steps in a row before the scale grows.
    public let growthInterval: Int
    private var foundInfinite: Bool?

    public init(
        initialScale: Double = 65536, growthFactor: Double = 2, backoffFactor: Double = 0.5,
        growthInterval: Int = 2000
    ) {
        state = State(scale: initialScale)
        self.growthFactor = growthFactor
        self.backoffFactor = backoffFactor
        self.growthInterval = growthInterval
    }

    /// The loss times the present scale; `backward` starts from it.
    public func scale(_ loss: Tensor) throws -> Tensor { try loss.multiplied(by: state.scale) }

    /// Divides the optimiser's gradients by the scale, once a step.
    ///
    /// - Returns: whether a gradient is infinite or NaN, in which case `step` will do nothing.
    /// - Throws: `TensorError` when called twice before `update`.
    @discardableResult
    public func unscale(_ optimizer: some Optimizer) throws -> Bool {
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

    /// Steps the optimiser unless a gradient is infinite or NaN; unscales first if that was not done.
    ///
    /// - Returns: whether the optimiser stepped.
    @discardableResult
    public func step(_ optimizer: some Optimizer) throws -> Bool {
        let found = try foundInfinite ?? unscale(optimizer)
        if !found { try optimizer.step() }
        return !found
    }

    /// Forgets what `unscale` found, for gradients that were dropped: the step is computed anew, with the same scale.
    public func discardStep() { foundInfinite = nil }

    /// Adapts the scale after a step: smaller after a skipped one, larger after many good ones.
    ///
    /// - Throws: `TensorError` when nothing was unscaled since the last update.
    public func update() throws {
        guard let found = foundInfinite else {
            throw TensorError.invalid("update", "no step was taken since the last update")
        }
        foundInfinite = nil
        if found {
            state = State(scale: state.scale * backoffFactor)
        } else if state.goodSteps + 1 >= growthInterval {
            // As PyTorch: a scale that would become infinite stays.
            let grown = state.scale * growthFactor
            state = State(scale: Float(grown).isFinite ? grown : state.scale)
        } else {
            state.goodSteps += 1
        }
    }
}
