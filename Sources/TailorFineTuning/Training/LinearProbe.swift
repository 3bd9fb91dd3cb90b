import TailorTensors

/// Fits the head alone on features computed once (Kumar et al., 2022: fine-tuning from a fitted head
/// distorts pretrained features less than from a random one).
///
/// Every pair of learning rate and weight decay is tried; the best on the validation images is taken.
public struct LinearProbe: Codable, Sendable, Hashable {
    public var learningRates: [Double]
    public var weightDecays: [Double]
    /// Full-batch gradient steps for each pair.
    public var steps: Int
    /// Passes over the training images under the recipe's augmentation, beside the one without: the head
    /// learns from crops and mirror images too, and fine-tuning does not start by meeting them.
    public var augmentedViews: Int

    public init(
        learningRates: [Double] = [0.03, 0.1, 0.3], weightDecays: [Double] = [0.002, 0.02, 0.2],
        steps: Int = 300, augmentedViews: Int = 2
    ) {
        self.learningRates = learningRates
        self.weightDecays = weightDecays
        self.steps = steps
        self.augmentedViews = augmentedViews
    }
}

/// Features of a set of images with their labels.
struct FeatureSet {
    /// `[images, 512]`
    let features: Tensor
    let labels: [Int]

    static func joined(_ parts: [FeatureSet]) throws -> FeatureSet {
        FeatureSet(features: try Tensor.cat(parts.map(\.features)), labels: parts.flatMap(\.labels))
    }
}

/// A fitted head: `logits = features · weightᵀ + bias`.
struct ProbeHead {
    /// `[classes, 512]`
    let weight: Tensor
    /// `[classes]`
    let bias: Tensor
    let learningRate: Double
    let weightDecay: Double
    let trainLoss: Double
    /// `[validation images][classes]`
    let validationLogits: Tensor
}

extension LinearProbe {
    /// Fits a head for every pair of learning rate and weight decay.
    func fitAll(
        train: FeatureSet, validation: FeatureSet, classCount: Int, classWeights: Tensor?,
        labelSmoothing: Double
    )
        throws -> [ProbeHead]
    {
        let scaling = try FeatureScaling(train.features)
        let inputs = try scaling.apply(train.features)
        let targets = try Tensor(train.labels.map(Int64.init), shape: [train.labels.count])
            .to(train.features.device)
        var heads: [ProbeHead] = []
        for weightDecay in weightDecays {
            for learningRate in learningRates {
                let weight = try Tensor.zeros(
                    [classCount, train.features.shape[1]], dtype: .float32, device: train.features.device)
                let bias = try Tensor.zeros([classCount], dtype: .float32, device: train.features.device)
                try weight.setRequiresGradient(true)
                try bias.setRequiresGradient(true)
                let optimizer = try SGD(
                    groups: [
                        ParameterGroup(
                            name: "weight", parameters: [(name: "weight", tensor: weight)],
                            learningRate: learningRate, weightDecay: weightDecay),
                        ParameterGroup(
                            name: "bias", parameters: [(name: "bias", tensor: bias)],
                            learningRate: learningRate, weightDecay: 0),
                    ], momentum: 0.9, nesterov: true)
                var loss = 0.0
                for step in 0..<steps {
                    optimizer.clearGradients()
                    let objective = try crossEntropy(
                        linear(inputs, weight: weight, bias: bias), targets: targets,
                        classWeights: classWeights,
                        labelSmoothing: labelSmoothing)
                    try objective.backward()
                    try optimizer.step()
                    if step == steps - 1 { loss = try objective.item() }
                }
                guard loss.isFinite else { continue }
                let (foldedWeight, foldedBias) = try scaling.fold(
                    weight: weight.detach(), bias: bias.detach())
                heads.append(
                    ProbeHead(
                        weight: foldedWeight, bias: foldedBias, learningRate: learningRate,
                        weightDecay: weightDecay, trainLoss: loss,
                        validationLogits: try withoutGradients {
                            try linear(validation.features, weight: foldedWeight, bias: foldedBias)
                        }))
            }
        }
        return heads
    }
}

/// Centres features and brings them to similar size, so that one learning rate suits all of them. The
/// mean variance is added to each variance: a feature that hardly varies is not blown up.
private struct FeatureScaling {
    let mean: Tensor
    let inverseScale: Tensor

    init(_ features: Tensor) throws {
        mean = try features.mean([0])
        let centred = try features.subtracting(mean)
        let variance = try centred.multiplied(by: centred).mean([0])
        let floor = max(try variance.mean([0]).item(), 1e-12)
        inverseScale = try Tensor.ones(variance.shape, device: variance.device).divided(
            by: variance.adding(floor).sqrt())
    }

    func apply(_ features: Tensor) throws -> Tensor {
        try features.subtracting(mean).multiplied(by: inverseScale)
    }

    /// The head that takes raw features and gives what `weight` and `bias` give on scaled ones.
    func fold(weight: Tensor, bias: Tensor) throws -> (Tensor, Tensor) {
        let folded = try weight.multiplied(by: inverseScale)
        return (folded, try bias.subtracting(folded.multiplied(by: mean).sum([1])))
    }
}
