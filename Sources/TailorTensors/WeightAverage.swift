import CTorch

/// Exponential moving average of parameters over optimiser steps (Polyak and Juditsky, 1992; PyTorch's
/// `torch.optim.swa_utils.get_ema_multi_avg_fn`).
package final class WeightAverage {
    private let entries: [(name: String, parameter: Tensor, average: Tensor)]

    /// Starts from the parameters' current values.
    package init(of parameters: [ParameterGroup.Parameter]) throws {
        entries = try parameters.map { ($0.name, $0.tensor, try $0.tensor.detach().clone()) }
    }

    /// Resets the average to the parameters' current values.
    package func reset() throws {
        for entry in entries { try entry.average.copy(from: entry.parameter) }
    }

    /// Updates average = decay × average + (1 − decay) × parameter, all in one call to libtorch.
    ///
    /// - Parameter decay: 0...1; throws `TensorError` otherwise.
    package func update(decay: Double) throws {
        guard (0...1).contains(decay) else {
            throw TensorError.invalid("WeightAverage.update", "decay must be 0 to 1, got \(decay)")
        }
        try withHandles(entries.map(\.average)) { averages, count in
            try withHandles(entries.map(\.parameter)) { parameters, _ in
                try check(ctorch_average_step(averages, parameters, count, 1 - decay), "WeightAverage.update")
            }
        }
    }

    /// Runs `body` with the averages in place of the parameters and swaps them back afterwards.
    ///
    /// Throws what `body` throws, and `TensorError` when a parameter no longer fits its average (moved to
    /// another device, say); then no parameter has changed and `body` has not run.
    package func withAverages<R>(_ body: () throws -> R) throws -> R {
        try exchange()
        let result: R
        do {
            result = try body()
        } catch {
            // The first exchange succeeded, so this one does; an error of `body` is the one to throw.
            try? exchange()
            throw error
        }
        try exchange()
        return result
    }

    private func exchange() throws {
        try Self.exchange(entries.map(\.parameter), entries.map(\.average))
    }

    /// Swaps the contents of tensors pairwise: all of them, or none if one throws.
    package static func exchange(_ first: [Tensor], _ second: [Tensor]) throws {
        guard first.count == second.count else {
            throw TensorError.invalid(
                "exchange", "\(first.count) tensors cannot change places with \(second.count)")
        }
        try withHandles(first) { first, count in
            try withHandles(second) { second, _ in
                try check(ctorch_exchange(first, second, count), "exchange")
            }
        }
    }

    /// State to save for resuming, by parameter name. Shared, not copied.
    package var state: [(String, Tensor)] { entries.map { ($0.name, $0.average) } }

    /// Replaces the averages by these values.
    ///
    /// - Throws: `OptimizerStateError` for a parameter that is missing or of another shape.
    package func load(_ state: [String: Tensor]) throws {
        for entry in entries {
            guard let saved = state[entry.name] else { throw OptimizerStateError.missingEntry(entry.name) }
            guard saved.shape == entry.average.shape else {
                throw OptimizerStateError.wrongShape(
                    entry.name, expected: entry.average.shape, got: saved.shape)
            }
        }
        for entry in entries {
            if let saved = state[entry.name] { try entry.average.copy(from: saved) }
        }
    }
}
