import CTorch

/// Stochastic gradient descent with momentum, in the version of `torch.optim.SGD`.
///
/// g ← g + weightDecay·w; v ← momentum·v + g (v ← g at the first step); w ← w − rate·v, or with Nesterov
/// w ← w − rate·(g + momentum·v) (Sutskever et al., 2013).
package final class SGD: Optimizer {
    package var groups: [ParameterGroup]
    package let momentum: Double
    package let nesterov: Bool
    private var kept: OptimizerState

    /// - Parameters:
    ///   - momentum: 0 … 1; 0 keeps no state.
    ///   - nesterov: needs a momentum above 0.
    /// - Throws: `TensorError` for values out of range.
    package init(groups: [ParameterGroup], momentum: Double = 0, nesterov: Bool = false) throws {
        guard momentum >= 0, momentum.isFinite else {
            throw TensorError.invalid("SGD", "momentum must be 0 or more, got \(momentum)")
        }
        guard !nesterov || momentum > 0 else {
            throw TensorError.invalid("SGD", "Nesterov needs a momentum above 0")
        }
        self.groups = groups
        self.momentum = momentum
        self.nesterov = nesterov
        kept = OptimizerState(kinds: momentum > 0 ? ["momentum_buffer"] : [])
    }

    package func step() throws {
        try kept.withHandles(of: groups) { parameters, state, rates, count in
            try check(
                ctorch_sgd_step(parameters, state.first, rates, count, momentum, nesterov), "SGD step")
        }
    }

    package func state() throws -> [String: Tensor] { kept.named() }

    package func loadState(_ state: [String: Tensor]) throws { try kept.load(state, groups: groups) }
}
