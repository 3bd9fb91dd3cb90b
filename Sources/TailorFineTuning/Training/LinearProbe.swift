import TailorTensors

/// Fits the head alone on features computed once (Kumar et al., 2022: fine-tuning from a fitted head
/// distorts pretrained features less than from a random one).
///
/// The head is a logistic regression, fitted to its minimum for every strength of the L2 penalty; the best on the
/// validation images is taken.
public struct LinearProbe: Codable, Sendable, Hashable {
    /// Strengths of the L2 penalty: strength / 2 · v · ‖weight‖² is added to the mean loss, where v is the mean of
    /// the features' variances. Neither the number of images and views nor the features' unit changes its meaning.
    public var l2Strengths: [Double]
    /// Passes over the training images under the recipe's augmentation, beside the one without: the head
    /// learns from crops and mirror images too, and fine-tuning does not start by meeting them.
    public var augmentedViews: Int

    public init(l2Strengths: [Double] = Self.standardStrengths, augmentedViews: Int = 2) {
        self.l2Strengths = l2Strengths
        self.augmentedViews = augmentedViews
    }

    /// Half a power of ten apart.
    public static let standardStrengths = [
        10, 3, 1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001, 0.0003, 0.0001,
    ]
}

extension LinearProbe {
    private enum CodingKeys: String, CodingKey {
        case l2Strengths, augmentedViews
    }

    /// Keys of versions that fitted the head by gradient steps; read, and ignored.
    package enum FormerKey: String, CodingKey, CaseIterable {
        case learningRates, weightDecays, steps
    }

    /// Takes the standard strengths where an earlier version wrote what it tried instead.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let former = try decoder.container(keyedBy: FormerKey.self)
        let isFormer = FormerKey.allCases.contains { former.contains($0) }
        self.init(
            l2Strengths: isFormer && !values.contains(.l2Strengths)
                ? Self.standardStrengths : try values.decode([Double].self, forKey: .l2Strengths),
            augmentedViews: try values.decode(Int.self, forKey: .augmentedViews))
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
    let l2Strength: Double
    /// Weighted mean cross-entropy on the training images in nats, without the penalty.
    let trainLoss: Double
    /// `[validation images][classes]`
    let validationLogits: Tensor
}

extension LinearProbe {
    /// Fits a head for one strength after the other, from the strongest to the weakest. Labels are not smoothed.
    ///
    /// - Parameters:
    ///   - classWeights: `[classes]`; nil counts all images alike.
    ///   - keepGoing: called over and over; what it throws ends the fit.
    ///   - isEnough: asked after every head; true leaves weaker penalties out, which take the most time.
    /// - Throws: ``LogisticRegressionError``, for one for features that are not finite.
    func fit(
        train: FeatureSet, validation: FeatureSet, classCount: Int, classWeights: [Double]?,
        keepGoing: () throws -> Void = {}, isEnough: (ProbeHead) throws -> Bool = { _ in false }
    ) throws {
        let regression = try LogisticRegression(
            features: train.features, labels: train.labels, classCount: classCount,
            classWeights: classWeights)
        let device = train.features.device
        // All features are one: nothing depends on the strength.
        let variance = regression.meanVariance > 0 ? regression.meanVariance : 1
        let strengths = l2Strengths.sorted(by: >)
        func head(_ fit: LogisticRegression.Fit) throws -> ProbeHead {
            let weight = try Tensor(
                fit.weight.map(Float.init), shape: [classCount, train.features.shape[1]], device: device)
            let bias = try Tensor(fit.bias.map(Float.init), shape: [classCount], device: device)
            return ProbeHead(
                weight: weight, bias: bias, l2Strength: fit.strength / variance, trainLoss: fit.loss,
                validationLogits: try withoutGradients {
                    try linear(validation.features, weight: weight, bias: bias)
                })
        }
        // Closer to the minimum no prediction changes, but the weak strengths' time doubles.
        _ = try regression.fit(
            strengths: strengths.map { $0 * variance }, tolerance: 1e-6, keepGoing: keepGoing
        ) { try isEnough(try head($0)) }
    }
}
