import TailorTensors

/// Convolution without bias, weights `[output, input, kernel, kernel]`.
///
/// A class, like the other layers, so that moving it to another device is seen by all holders.
final class Convolution {
    private(set) var weight: Tensor
    let stride: Int

    /// Creates weights by He initialisation with fan-out (He et al., 2015), as torchvision's ResNet. Padding
    /// keeps the size at stride 1.
    init(_ inputChannels: Int, _ outputChannels: Int, kernelSize: Int, stride: Int, generator: TorchGenerator)
        throws
    {
        let deviation = (2 / Double(outputChannels * kernelSize * kernelSize)).squareRoot()
        weight = try Tensor.normal(
            [outputChannels, inputChannels, kernelSize, kernelSize], standardDeviation: deviation,
            generator: generator
        ).channelsLast()
        try weight.setRequiresGradient()
        self.stride = stride
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor {
        try conv2d(x, weight: weight, stride: stride, padding: weight.shape[2] / 2)
    }

    /// Followed by batch norm by its running statistics, the residual's sum and ReLU where wanted.
    func callAsFunction(
        _ x: Tensor, normalizedBy norm: BatchNorm, adding residual: Tensor? = nil, relu: Bool = false
    ) throws -> Tensor {
        try normalizedConv2d(
            x, weight: weight, normWeight: norm.weight, normBias: norm.bias, runningMean: norm.runningMean,
            runningVariance: norm.runningVariance, stride: stride, padding: weight.shape[2] / 2,
            adding: residual, relu: relu)
    }

    func move(to device: Device) throws { weight = try weight.leaf(on: device) }
}

/// Mode of batch norm in one forward pass.
enum NormMode: Equatable {
    /// Normalises by the running statistics.
    case running
    /// Normalises by the batch's statistics and updates the running ones by this momentum.
    case batch(momentum: Double = 0.1)
}

/// Batch normalisation (Ioffe and Szegedy, 2015) over `[channels]`; epsilon 1e-5.
final class BatchNorm {
    private(set) var weight: Tensor
    private(set) var bias: Tensor
    private(set) var runningMean: Tensor
    private(set) var runningVariance: Tensor
    private(set) var batchesTracked: Tensor

    init(_ channels: Int) throws {
        weight = try Tensor.ones([channels])
        bias = try Tensor.zeros([channels])
        runningMean = try Tensor.zeros([channels])
        runningVariance = try Tensor.ones([channels])
        batchesTracked = try Tensor.zeros([], dtype: .int64)
        try weight.setRequiresGradient()
        try bias.setRequiresGradient()
    }

    /// Normalises by the batch's statistics and moves the running ones towards them.
    func callAsFunction(_ x: Tensor, momentum: Double) throws -> Tensor {
        // Adding a Swift number would convert to float, which cannot count beyond 2^24.
        let one = try Tensor.ones([], dtype: .int64, device: batchesTracked.device)
        try batchesTracked.copy(from: batchesTracked + one)
        return try batchNorm(
            x, weight: weight, bias: bias, runningMean: runningMean, runningVariance: runningVariance,
            training: true, momentum: momentum)
    }

    func resetStatistics() throws {
        try runningMean.copy(from: .zeros([]))
        try runningVariance.copy(from: .ones([]))
        try batchesTracked.copy(from: .zeros([], dtype: .int64))
    }

    func move(to device: Device) throws {
        weight = try weight.leaf(on: device)
        bias = try bias.leaf(on: device)
        runningMean = try runningMean.to(device)
        runningVariance = try runningVariance.to(device)
        batchesTracked = try batchesTracked.to(device)
    }
}

/// Fully connected layer, weights `[output, input]`.
final class Linear {
    private(set) var weight: Tensor
    private(set) var bias: Tensor

    /// Creates weights uniform within ±1/√input, PyTorch's default.
    init(_ inputs: Int, _ outputs: Int, generator: TorchGenerator) throws {
        let bound = 1 / Double(inputs).squareRoot()
        weight = try Tensor.uniform([outputs, inputs], in: -bound...bound, generator: generator)
        bias = try Tensor.uniform([outputs], in: -bound...bound, generator: generator)
        try weight.setRequiresGradient()
        try bias.setRequiresGradient()
    }

    func callAsFunction(_ x: Tensor) throws -> Tensor { try linear(x, weight: weight, bias: bias) }

    func move(to device: Device) throws {
        weight = try weight.leaf(on: device)
        bias = try bias.leaf(on: device)
    }
}

extension Tensor {
    /// Copy on a device as a leaf that requires gradients.
    func leaf(on device: Device) throws -> Tensor {
        guard device != self.device else { return self }
        let moved = try detach().to(device)
        try moved.setRequiresGradient()
        return moved
    }
}
