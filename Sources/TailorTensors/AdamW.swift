import CTorch

/// Adam with decoupled weight decay (Loshchilov and Hutter, 2019), in the version of
/// `torch.optim.AdamW`: w ← w − rate·weightDecay·w before the Adam update.
package final class AdamW: Optimizer {
    package var groups: [ParameterGroup]
    package let beta1: Double
    package let beta2: Double
    package let epsilon: Double
    private var kept = OptimizerState(kinds: ["exp_avg", "exp_avg_sq", "step"], scalarKinds: ["step"])

    /// - Parameters:
    ///   - beta1: decay of the mean of gradients, 0 ..< 1
    ///   - beta2: decay of the mean of their squares, 0 ..< 1
    ///   - epsilon: added to the divisor
    /// - Throws: `TensorError` for values out of range.
    package init(
        groups: [ParameterGroup], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
    ) throws {
        for (name, beta) in [("beta1", beta1), ("beta2", beta2)] where !(0..<1).contains(beta) {
            throw TensorError.invalid("AdamW", "\(name) must lie in 0 ..< 1, got \(beta)")
        }
        guard epsilon >= 0 else {
            throw TensorError.invalid("AdamW", "epsilon must be 0 or more, got \(epsilon)")
        }
        self.groups = groups
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
    }

    package func step() throws {
        try kept.withHandles(of: groups) { parameters, state, rates, count in
            try check(
                ctorch_adamw_step(
                    parameters, state[0], state[1], state[2], rates, count, beta1, beta2, epsilon),
                "AdamW step")
        }
    }

    package func state() throws -> [String: Tensor] { kept.named() }

    package func loadState(_ state: [String: Tensor]) throws { try kept.load(state, groups: groups) }
}
