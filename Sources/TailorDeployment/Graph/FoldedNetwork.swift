import Foundation
import TailorResNet
import TailorTensors

/// Parameters of ResNet18 for inference, each batch norm folded into the convolution before it.
package struct FoldedNetwork: Sendable {
    package struct Convolution: Sendable {
        /// Name in torchvision, as `layer1.0.conv2`.
        package let name: String
        /// Weights, `[output, input, kernel, kernel]` row-major.
        package let weight: [Float]
        /// Biases, `[output]`.
        package let bias: [Float]
        package let shape: [Int]
        package let stride: Int

        var outputChannels: Int { shape[0] }
        var padding: Int { shape[2] / 2 }
    }

    package struct Block: Sendable {
        /// Name in torchvision, as `layer1.0`.
        package let name: String
        let conv1: Convolution
        let conv2: Convolution
        let downsample: Convolution?
    }

    package let stem: Convolution
    let blocks: [Block]
    /// Weights of the head, `[classes, 512]` row-major.
    let headWeight: [Float]
    /// Biases of the head, `[classes]`.
    package let headBias: [Float]

    var classCount: Int { headBias.count }

    /// All convolutions from input to output, without the head.
    package var convolutions: [Convolution] {
        [stem] + blocks.flatMap { [$0.conv1, $0.conv2] + ($0.downsample.map { [$0] } ?? []) }
    }

    /// Epsilon of PyTorch's batch norm.
    private static let epsilon = 1e-5

    /// Folds a model's parameters and running statistics; the model does not change.
    package init(_ model: ResNet18) throws {
        let state = Dictionary(model.stateDictionary(), uniquingKeysWith: { first, _ in first })
        func tensor(_ name: String) throws -> Tensor {
            guard let tensor = state[name] else { throw DeploymentError.missingParameter(name) }
            return tensor
        }
        func folded(_ convolution: String, _ norm: String, stride: Int) throws -> Convolution {
            let weights = try tensor(convolution + ".weight")
            return Self.fold(
                name: convolution, weight: try weights.floats(), shape: weights.shape, stride: stride,
                gamma: try tensor(norm + ".weight").floats(), beta: try tensor(norm + ".bias").floats(),
                mean: try tensor(norm + ".running_mean").floats(),
                variance: try tensor(norm + ".running_var").floats())
        }
        stem = try folded("conv1", "bn1", stride: 2)
        blocks = try (1...4).flatMap { layer in
            try (0...1).map { index in
                let name = "layer\(layer).\(index)"
                let stride = layer > 1 && index == 0 ? 2 : 1
                return Block(
                    name: name, conv1: try folded(name + ".conv1", name + ".bn1", stride: stride),
                    conv2: try folded(name + ".conv2", name + ".bn2", stride: 1),
                    downsample: state[name + ".downsample.0.weight"] == nil
                        ? nil : try folded(name + ".downsample.0", name + ".downsample.1", stride: stride))
            }
        }
        headWeight = try tensor("fc.weight").floats()
        headBias = try tensor("fc.bias").floats()
    }

    /// Folds y = γ (W x − μ) / √(σ² + ε) + β into one convolution with a bias.
    package static func fold(
        name: String, weight: [Float], shape: [Int], stride: Int, gamma: [Float], beta: [Float],
        mean: [Float], variance: [Float]
    ) -> Convolution {
        let perChannel = shape[1...].reduce(1, *)
        var folded = weight
        var bias = [Float](repeating: 0, count: shape[0])
        for channel in 0..<shape[0] {
            let factor = Double(gamma[channel]) / (Double(variance[channel]) + epsilon).squareRoot()
            bias[channel] = Float(Double(beta[channel]) - Double(mean[channel]) * factor)
            for index in channel * perChannel..<(channel + 1) * perChannel {
                folded[index] = Float(Double(weight[index]) * factor)
            }
        }
        return Convolution(name: name, weight: folded, bias: bias, shape: shape, stride: stride)
    }
}
