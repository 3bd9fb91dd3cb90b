import CTorch
import TailorCheckpoints
import TailorTensors
import TestSupport
import Testing

extension TensorLayer {
    @Suite struct Errors {
        /// One forced error a family of functions: libtorch's words, no C++ backtrace.
        @Test func messagesAreLibtorchsWithoutBacktrace() throws {
            let x = try Tensor.ones([2, 3])
            let image = try Tensor.ones([1, 3, 8, 8])
            let vector = try Tensor.ones([3])
            let one = try Tensor.ones([1, 3, 1, 1])
            let table: [(expected: String, body: () throws -> Void)] = [
                (
                    "tensor: shape [2, 2] of Float takes 16 bytes, got 12",
                    { _ = try Tensor([1, 2, 3], shape: [2, 2]) }
                ),
                (
                    "full: dimension 1 is negative: -1",
                    { _ = try Tensor.zeros([2, -1]) }
                ),
                (
                    "full: a tensor has at most 8 dimensions here, got 9",
                    { _ = try Tensor.zeros([1, 1, 1, 1, 1, 1, 1, 1, 1]) }
                ),
                (
                    "add: The size of tensor a (3) must match the size of tensor b (2) at non-singleton "
                        + "dimension 1",
                    { _ = try x.adding(Tensor.ones([2, 2])) }
                ),
                (
                    "matmul: mat1 and mat2 shapes cannot be multiplied (2x3 and 2x3)",
                    { _ = try x.matmul(x) }
                ),
                ("reshape: shape '[5]' is invalid for input of size 6", { _ = try x.reshape([5]) }),
                (
                    "sum: Dimension out of range (expected to be in range of [-2, 1], but got 2)",
                    { _ = try x.sum([2]) }
                ),
                (
                    "conv2d: Given groups=1, weight of size [4, 2, 3, 3], expected input[1, 3, 8, 8] to have "
                        + "2 channels, but got 3 channels instead",
                    { _ = try conv2d(image, weight: Tensor.ones([4, 2, 3, 3])) }
                ),
                (
                    "batchNorm: batch norm needs more than one value per channel when training, got input of "
                        + "shape [1, 3, 1, 1]",
                    {
                        _ = try batchNorm(
                            one, weight: vector, bias: vector, runningMean: vector,
                            runningVariance: vector, training: true)
                    }
                ),
                (
                    "crossEntropy: Target 7 is out of bounds.",
                    { _ = try crossEntropy(x, targets: Tensor([Int64(0), 7], shape: [2])) }
                ),
                (
                    "backward: grad can be implicitly created only for scalar outputs",
                    {
                        try x.setRequiresGradient()
                        try x.multiplied(by: 2).backward()
                    }
                ),
                (
                    "setRequiresGradient: Only Tensors of floating point and complex dtype can require gradients",
                    { try Tensor([Int64(1)], shape: [1]).setRequiresGradient() }
                ),
                (
                    "uniform: uniform_ expects to-from <= std::numeric_limits<Float>::max(), but found",
                    {
                        _ = try Tensor.uniform([2], in: -3e38...3e38, generator: TorchGenerator(seed: 1))
                    }
                ),
                (
                    "generator state: RNG state must be a torch.ByteTensor",
                    {
                        try TorchGenerator(seed: 1).setState(vector)
                    }
                ),
            ]
            for (expected, body) in table {
                let text = message(body)
                #expect(text.hasPrefix(expected), "got: \(text)")
                #expect(!text.contains("Exception raised from") && !text.contains("frame #0"))
            }
        }

        /// Swift cannot hand out a missing generator; another caller of the C header can.
        @Test func aMissingGeneratorIsAnErrorAndNotACrash() throws {
            let shape: [Int64] = [2]
            var out: OpaquePointer?
            let calls: [(String, () -> ctorch_status)] = [
                ("uniform", { ctorch_uniform(&out, shape, 1, 0, 1, nil) }),
                ("normal", { ctorch_normal(&out, shape, 1, 0, 1, nil) }),
                ("state", { ctorch_generator_state(&out, nil) }),
                ("set_state", { ctorch_generator_set_state(nil, nil) }),
            ]
            for (name, call) in calls {
                #expect(call() == CTORCH_ERROR, "\(name)")
                #expect(String(cString: ctorch_last_error()) == "a generator is missing (NULL)", "\(name)")
                #expect(out == nil)
            }
            ctorch_generator_free(nil)
        }

        @Test func aDeviceThatIsNotThereIsAnError() throws {
            let missing = Device.cuda(Device.cudaDeviceCount)
            #expect(throws: TensorError.self) { try Tensor.ones([1], device: missing) }
            #expect(throws: TensorError.self) { try TorchGenerator(seed: 1, device: missing) }
            #expect(throws: TensorError.self) { try TorchRuntime.cudaDevice(missing.index) }
        }

        @Test func moreMemoryThanThereIsIsAnErrorAndNotACrash() throws {
            // 2⁶² bytes, and a product that does not fit in 64 bits.
            do {
                _ = try Tensor.zeros([1 << 30, 1 << 30])
                Issue.record("nothing was thrown")
            } catch let error as TensorError {
                #expect(error.kind == .outOfMemory, "\(error)")
            }
            #expect(
                message { _ = try Tensor.zeros([1 << 40, 1 << 40]) }
                    == "full: shape [1099511627776, 1099511627776] takes more bytes than a number can hold")
        }

        @Test func everyHandleIsGivenBack() throws {
            func work() throws {
                let generator = try TorchGenerator(seed: 3)
                let weight = try Tensor.normal([4, 3, 3, 3], generator: generator).channelsLast()
                let head = try Tensor.normal([2, 4], generator: generator)
                try weight.setRequiresGradient()
                try head.setRequiresGradient()
                let groups = [
                    ParameterGroup(
                        name: "all", parameters: [("weight", weight), ("head", head)], learningRate: 0.1)
                ]
                let optimizers: [any Optimizer] = [
                    try SGD(groups: groups, momentum: 0.9), try AdamW(groups: groups),
                ]
                for optimizer in optimizers {
                    for _ in 0..<2 {
                        optimizer.clearGradients()
                        let images = try Tensor.normal([2, 3, 6, 6], generator: generator)
                        let features = try globalAveragePool(conv2d(images, weight: weight).relu())
                        let logits = try linear(features, weight: head)
                        try crossEntropy(logits, targets: Tensor([Int64(0), 1], shape: [2])).backward()
                        try optimizer.step()
                    }
                    try optimizer.loadState(optimizer.state())
                }
                #expect(throws: TensorError.self) { try weight.matmul(head) }
                _ = try Safetensors.decode(Safetensors.encode([("weight", weight)]), name: "memory")
            }
            let before = liveTorchHandles
            try work()
            #expect(liveTorchHandles == before)
        }
    }
}
