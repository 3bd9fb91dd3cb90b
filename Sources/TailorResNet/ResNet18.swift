import TailorSupport
import TailorTensors

/// ResNet18 (He et al., 2016) as torchvision defines it, parameter names and initialisation included.
///
/// Whether batch norm learns is an argument of every pass, not hidden state. Not thread-safe.
public final class ResNet18 {
    /// Parts of the network from input to output; what is frozen or given a learning rate together.
    public enum Stage: String, CaseIterable, Comparable, Codable, Sendable {
        case stem, layer1, layer2, layer3, layer4, head

        private var depth: Int { Stage.allCases.firstIndex(of: self) ?? 0 }
        public static func < (a: Stage, b: Stage) -> Bool { a.depth < b.depth }
    }

    /// Length of the vector that the head classifies.
    public static let featureCount = 512

    let conv1: Convolution
    let bn1: BatchNorm
    /// layer1 to layer4, two blocks each.
    let layers: [(stage: Stage, blocks: [BasicBlock])]
    private(set) var fc: Linear

    public private(set) var classCount: Int

    /// A network on the CPU with random weights as torchvision draws them, from libtorch's generator with
    /// this seed; convolution weights are channels-last. All parameters take gradients.
    ///
    /// - Throws: ``HeadError`` for fewer than one class.
    public init(classCount: Int, seed: UInt64) throws {
        guard classCount >= 1 else { throw HeadError(expected: "at least 1 class", got: "\(classCount)") }
        let generator = try TorchGenerator(seed: seed)
        self.classCount = classCount
        conv1 = try Convolution(3, 64, kernelSize: 7, stride: 2, generator: generator)
        bn1 = try BatchNorm(64)
        var channels = 64
        layers = try [(Stage.layer1, 64, 1), (.layer2, 128, 2), (.layer3, 256, 2), (.layer4, 512, 2)].map {
            stage, width, stride in
            defer { channels = width }
            return (
                stage,
                [
                    try BasicBlock(channels, width, stride: stride, generator: generator),
                    try BasicBlock(width, width, stride: 1, generator: generator),
                ]
            )
        }
        fc = try Linear(Self.featureCount, classCount, generator: generator)
    }

    /// Logits `[n, classes]` of images `[n, 3, h, w]`.
    ///
    /// - Parameter trainableFrom: this stage and those above it learn; those below run without gradients
    ///   and with batch norm in evaluation mode. `nil`: everything in evaluation mode.
    public func logits(_ images: Tensor, trainableFrom: Stage?) throws -> Tensor {
        guard let first = trainableFrom else {
            return try withoutGradients { try fc(trunk(images) { _ in .evaluation }) }
        }
        return try fc(trunk(images) { $0 >= first ? .training() : .evaluation })
    }

    /// What the head classifies, `[n, 512]`, in evaluation mode and without gradients.
    public func features(_ images: Tensor) throws -> Tensor {
        try withoutGradients { try trunk(images) { _ in .evaluation } }
    }

    /// Logits `[n, classes]` of features `[n, 512]`. Records gradients of the head.
    public func classify(features: Tensor) throws -> Tensor { try fc(features) }

    /// Moves all running statistics by `momentum` towards those of these images `[n, 3, h, w]`; weights stay.
    /// Returns the features `[n, 512]`, normalised by the batch.
    public func updateRunningStatistics(_ images: Tensor, momentum: Double) throws -> Tensor {
        try withoutGradients { try trunk(images) { _ in .training(momentum: momentum) } }
    }

    /// Running statistics as in a new network.
    public func resetRunningStatistics() throws { for (_, _, norm) in norms { try norm.resetStatistics() } }

    private func trunk(_ images: Tensor, _ mode: (Stage) -> NormMode) throws -> Tensor {
        var x = try run(.stem, mode) { norm in
            try maxPool2d(bn1(conv1(images), norm).relu(), kernelSize: 3, stride: 2, padding: 1)
        }
        for (stage, blocks) in layers {
            x = try run(stage, mode) { norm in try blocks.reduce(x) { try $1($0, norm) } }
        }
        return try globalAveragePool(x)
    }

    /// A stage that does not learn builds no graph, which saves its activations' memory.
    private func run(
        _ stage: Stage, _ mode: (Stage) -> NormMode, _ body: (NormMode) throws -> Tensor
    ) throws -> Tensor {
        let norm = mode(stage)
        return norm == .evaluation ? try withoutGradients { try body(norm) } : try body(norm)
    }

    /// Overwrites the head, in place, by given weights `[classCount, 512]` and `[classCount]`.
    ///
    /// - Throws: ``HeadError`` for other shapes.
    public func setHead(weight: Tensor, bias: Tensor) throws {
        guard weight.shape == fc.weight.shape, bias.shape == fc.bias.shape else {
            throw HeadError(
                expected: "\(fc.weight.shape) and \(fc.bias.shape)", got: "\(weight.shape) and \(bias.shape)")
        }
        try fc.weight.copy(from: weight)
        try fc.bias.copy(from: bias)
    }

    /// Puts a fresh random head for `classCount` classes in place of the present one. Optimisers made before
    /// keep the old one.
    ///
    /// - Throws: ``HeadError`` for fewer than one class.
    public func resetHead(classCount: Int, seed: UInt64) throws {
        guard classCount >= 1 else { throw HeadError(expected: "at least 1 class", got: "\(classCount)") }
        let device = fc.weight.device
        fc = try Linear(Self.featureCount, classCount, generator: TorchGenerator(seed: seed))
        try fc.move(to: device)
        self.classCount = classCount
    }

    /// Moves parameters and statistics; gradients are not taken along. Optimisers made before keep the old
    /// parameters.
    public func move(to device: Device) throws {
        for (_, _, convolution) in convolutions { try convolution.move(to: device) }
        for (_, _, norm) in norms { try norm.move(to: device) }
        try fc.move(to: device)
    }
}

/// A head that this network cannot take.
public struct HeadError: CategorizedError, Sendable, Equatable {
    public let expected: String
    public let got: String

    public init(expected: String, got: String) {
        self.expected = expected
        self.got = got
    }

    public var category: ErrorCategory { .input }

    public var description: String { "the head of ResNet18: expected \(expected), got \(got)" }
}
