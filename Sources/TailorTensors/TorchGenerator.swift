import CTorch

/// Random generator of PyTorch: the same seed draws what `torch.manual_seed(seed)` draws in Python.
package final class TorchGenerator {
    fileprivate let handle: OpaquePointer

    package init(seed: UInt64, device: Device = .cpu) throws {
        var handle: OpaquePointer?
        try check(ctorch_generator_new(&handle, seed, device.raw), "generator")
        guard let handle else { throw TensorError.invalid("generator", "no generator came back") }
        self.handle = handle
    }

    deinit { ctorch_generator_free(handle) }

    /// State of the generator, uint8 `[n]` on the CPU (a copy).
    package func state() throws -> Tensor {
        try produce("generator state") { ctorch_generator_state($0, handle) }
    }

    package func setState(_ state: Tensor) throws {
        try check(ctorch_generator_set_state(handle, state.handle), "generator state")
    }
}

extension Tensor {
    /// Draws float32 values uniformly from `range` (its upper end excluded), on the generator's device.
    package static func uniform(
        _ shape: [Int], in range: ClosedRange<Double> = 0...1, generator: TorchGenerator
    ) throws -> Tensor {
        try produce("uniform") { out in
            shape.withInt64s {
                ctorch_uniform(out, $0, $1, range.lowerBound, range.upperBound, generator.handle)
            }
        }
    }

    /// Draws float32 values from a normal distribution, on the generator's device.
    package static func normal(
        _ shape: [Int], mean: Double = 0, standardDeviation: Double = 1, generator: TorchGenerator
    ) throws -> Tensor {
        try produce("normal") { out in
            shape.withInt64s {
                ctorch_normal(out, $0, $1, mean, standardDeviation, generator.handle)
            }
        }
    }
}
