import TailorTensors

/// Basic residual block: two 3 × 3 convolutions and a shortcut (He et al., 2016, figure 2).
final class BasicBlock {
    let conv1: Convolution
    let bn1: BatchNorm
    let conv2: Convolution
    let bn2: BatchNorm
    /// Projection of the shortcut to the output's shape, if it differs.
    let downsample: (convolution: Convolution, norm: BatchNorm)?

    init(_ inputChannels: Int, _ outputChannels: Int, stride: Int, generator: TorchGenerator) throws {
        conv1 = try Convolution(
            inputChannels, outputChannels, kernelSize: 3, stride: stride, generator: generator)
        bn1 = try BatchNorm(outputChannels)
        conv2 = try Convolution(
            outputChannels, outputChannels, kernelSize: 3, stride: 1, generator: generator)
        bn2 = try BatchNorm(outputChannels)
        downsample =
            stride == 1 && inputChannels == outputChannels
            ? nil
            : (
                try Convolution(
                    inputChannels, outputChannels, kernelSize: 1, stride: stride, generator: generator),
                try BatchNorm(outputChannels)
            )
    }

    /// Maps `[n, input, h, w]` to `[n, output, h / stride, w / stride]`.
    func callAsFunction(_ x: Tensor, _ mode: NormMode) throws -> Tensor {
        switch mode {
        case .running:
            let hidden = try conv1(x, normalizedBy: bn1, relu: true)
            let shortcut = try downsample.map { try $0.convolution(x, normalizedBy: $0.norm) } ?? x
            return try conv2(hidden, normalizedBy: bn2, adding: shortcut, relu: true)
        case .batch(let momentum):
            let hidden = try bn1(conv1(x), momentum: momentum).relu()
            let residual = try bn2(conv2(hidden), momentum: momentum)
            let shortcut =
                try downsample.map { try $0.norm($0.convolution(x), momentum: momentum) } ?? x
            return try residual.adding(shortcut).relu()
        }
    }
}
