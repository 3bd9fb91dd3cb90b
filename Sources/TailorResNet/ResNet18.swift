import TailorSupport
import TailorTensors

/// ResNet18 (He et al., 2016) as torchvision defines it, parameter names and initialisation included.
///
/// Whose statistics batch norm uses is an argument of every pass, not hidden state. Not thread-safe.
public final class ResNet18 {
    /// Stages of the network from input to output, each frozen or given a learning rate as a whole.
    public enum Stage: String, CaseIterable, Comparable, Codable, Sendable {
        case stem, layer1, layer2, layer3, layer4, head

        private var depth: Int { Stage.allCases.firstIndex(of: self) ?? 0 }
        public static func < (a: Stage, b: Stage) -> Bool { a.depth < b.depth }
    }

    /// Length of the feature vector before the head.
    public static let featureCount = 512

    /// Stages of two blocks each: channels, and the stride of the first block.
    static let stageShapes: [(stage: Stage, width: Int, stride: Int)] = [
        (.layer1, 64, 1), (.layer2, 128, 2), (.layer3, 256, 2), (.layer4, 512, 2),
    ]

    /// Side of what a layer of stride 2 gives, in pixels: half of what it gets, rounded up.
    static func halved(_ side: Int) -> Int { (side + 1) / 2 }

    let conv1: Convolution
    let bn1: BatchNorm
    /// Stages layer1 to layer4, two blocks each.
    let layers: [(stage: Stage, blocks: [BasicBlock])]
    private(set) var fc: Linear

    public private(set) var classCount: Int

    /// Creates a network on the CPU with random weights as torchvision draws them, from libtorch's generator
    /// with this seed; convolution weights are channels-last. All parameters require gradients.
    ///
    /// - Throws: ``HeadError`` for fewer than one class.
    public init(classCount: Int, seed: UInt64) throws {
        guard classCount >= 1 else { throw HeadError(expected: "at least 1 class", got: "\(classCount)") }
        let generator = try TorchGenerator(seed: seed)
        self.classCount = classCount
        conv1 = try Convolution(3, 64, kernelSize: 7, stride: 2, generator: generator)
        bn1 = try BatchNorm(64)
        var channels = 64
        layers = try Self.stageShapes.map { stage, width, stride in
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

    /// Statistics by which batch norm normalises where stages are trained.
    public enum NormStatistics: Sendable, Hashable {
        /// The batch's; the running ones move towards them.
        case batch
        /// The running ones, which stay as they are.
        case running
    }

    /// Whether a batch has a single value a channel in the last stage, which makes 1 pixel of 32: it has no variance, and
    /// batch norm cannot learn from it.
    public static func isSingleValue(count: Int, imageSize: Int) -> Bool { count == 1 && imageSize <= 32 }

    /// Logits `[n, classes]` of images `[n, 3, h, w]`.
    ///
    /// - Parameters:
    ///   - trainableFrom: first stage to train; those below run without gradients and normalise by the running
    ///     statistics. `nil`: all of them.
    ///   - statistics: by which the trained stages normalise.
    public func logits(
        _ images: Tensor, trainableFrom: Stage?, statistics: NormStatistics = .batch
    ) throws -> Tensor {
        guard let first = trainableFrom else {
            return try withoutGradients { try fc(backbone(images) { _ in .inference }) }
        }
        let training = StageMode(norm: statistics == .batch ? .batch() : .running, recordsGradients: true)
        return try fc(backbone(images) { $0 >= first ? training : .inference })
    }

    /// Features `[n, 512]` before the head, by the running statistics and without gradients.
    public func features(_ images: Tensor) throws -> Tensor {
        try withoutGradients { try backbone(images) { _ in .inference } }
    }

    /// Logits `[n, classes]` and activation maps `[n, classes, h / 32, w / 32]` (rounded up) of images `[n, 3, h, w]`, by
    /// the running statistics and without gradients: the last stage through the head's weights, whose mean plus the
    /// bias is the logit (Zhou et al., 2016).
    public func activationMaps(_ images: Tensor) throws -> (logits: Tensor, maps: Tensor) {
        try withoutGradients {
            let last = try stages(images) { _ in .inference }
            let weight = try fc.weight.reshape([classCount, Self.featureCount, 1, 1])
            return (try fc(globalAveragePool(last)), try conv2d(last, weight: weight))
        }
    }

    /// Logits `[n, classes]` of features `[n, 512]`. Records gradients of the head.
    public func classify(features: Tensor) throws -> Tensor { try fc(features) }

    /// Updates all running statistics by `momentum` towards those of these images `[n, 3, h, w]`; weights
    /// stay unchanged. Returns the features `[n, 512]`, normalised by the batch.
    public func updateRunningStatistics(_ images: Tensor, momentum: Double) throws -> Tensor {
        try withoutGradients {
            try backbone(images) { _ in StageMode(norm: .batch(momentum: momentum), recordsGradients: false) }
        }
    }

    /// Resets the running statistics to those of a new network.
    public func resetRunningStatistics() throws { for (_, _, norm) in norms { try norm.resetStatistics() } }

    /// How one stage runs.
    private struct StageMode {
        let norm: NormMode
        let recordsGradients: Bool

        static let inference = StageMode(norm: .running, recordsGradients: false)
    }

    private func backbone(_ images: Tensor, _ mode: (Stage) -> StageMode) throws -> Tensor {
        try globalAveragePool(stages(images, mode))
    }

    /// What the last stage gives, `[n, 512, h / 32, w / 32]`.
    private func stages(_ images: Tensor, _ mode: (Stage) -> StageMode) throws -> Tensor {
        var x = try run(.stem, mode) { norm in
            let stem =
                switch norm {
                case .running: try conv1(images, normalizedBy: bn1)
                case .batch(let momentum): try bn1(conv1(images), momentum: momentum)
                }
            // The same as pooling after ReLU, on a quarter of the values.
            return try maxPool2d(stem, kernelSize: 3, stride: 2, padding: 1).relu()
        }
        for (stage, blocks) in layers {
            x = try run(stage, mode) { norm in try blocks.reduce(x) { try $1($0, norm) } }
        }
        return x
    }

    /// Runs one stage; one that is not trained without an autograd graph, which saves the activations' memory.
    private func run(
        _ stage: Stage, _ mode: (Stage) -> StageMode, _ body: (NormMode) throws -> Tensor
    ) throws -> Tensor {
        let mode = mode(stage)
        return mode.recordsGradients ? try body(mode.norm) : try withoutGradients { try body(mode.norm) }
    }

    /// Overwrites the head in place by weights `[classCount, 512]` and bias `[classCount]`.
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

    /// Replaces the head by a random one for `classCount` classes. Existing optimisers keep the old one.
    ///
    /// - Throws: ``HeadError`` for fewer than one class.
    public func resetHead(classCount: Int, seed: UInt64) throws {
        guard classCount >= 1 else { throw HeadError(expected: "at least 1 class", got: "\(classCount)") }
        let device = fc.weight.device
        fc = try Linear(Self.featureCount, classCount, generator: TorchGenerator(seed: seed))
        try fc.move(to: device)
        self.classCount = classCount
    }

    /// Moves parameters and statistics to a device, without gradients. Existing optimisers keep the old
    /// parameters.
    public func move(to device: Device) throws {
        for (_, _, convolution) in convolutions { try convolution.move(to: device) }
        for (_, _, norm) in norms { try norm.move(to: device) }
        try fc.move(to: device)
    }
}

/// Error for a head that does not fit the network.
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
