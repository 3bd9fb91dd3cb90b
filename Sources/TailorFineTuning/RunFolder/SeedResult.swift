import TailorResNet

/// Result of one full run: its best epoch on the validation images; part of `run.json`.
public struct SeedResult: Codable, Sendable, Hashable {
    public var seed: UInt64
    public var epoch: Int
    public var validationLoss: Double
    public var validationAccuracy: Double
    public var validationMacroF1: Double
    /// Factor on the recipe's learning rates, and what was trained; nil where nothing was searched.
    public var rateFactor: Double?
    public var depth: ResNet18.Stage?
    /// Loss at the temperature that makes it least.
    package var calibratedLoss: Double?

    package init(
        seed: UInt64, epoch: Int, validationLoss: Double, validationAccuracy: Double,
        validationMacroF1: Double, rateFactor: Double?, depth: ResNet18.Stage?,
        calibratedLoss: Double? = nil
    ) {
        self.seed = seed
        self.epoch = epoch
        self.validationLoss = validationLoss
        self.validationAccuracy = validationAccuracy
        self.validationMacroF1 = validationMacroF1
        self.rateFactor = rateFactor
        self.depth = depth
        self.calibratedLoss = calibratedLoss
    }
}

extension SeedResult {
    fileprivate var scores: ValidationScores {
        ValidationScores(
            loss: validationLoss, calibratedLoss: calibratedLoss, accuracy: validationAccuracy,
            macroF1: validationMacroF1)
    }
}

/// How far runs that differ by nothing but their seed lie apart.
public struct SeedSpread: Sendable, Hashable {
    public var count: Int
    /// Mean of the runs' best macro-F1 on the validation images.
    public var mean: Double
    /// Of one run, with n − 1 in the denominator.
    public var standardDeviation: Double
    /// Of the mean, 95 %, by Student's t; cut at 0 and 1.
    public var interval: ClosedRange<Double>
}

extension [SeedResult] {
    /// The run that is the best by the rule by which models are kept.
    public var best: SeedResult? {
        reduce(nil) { best, result in result.scores.isBetter(than: best?.scores) ? result : best }
    }

    /// Of the runs with the rates and the depth of the best; nil when that is only one.
    public var spread: SeedSpread? {
        guard let best else { return nil }
        let values = filter { $0.rateFactor == best.rateFactor && $0.depth == best.depth }
            .map(\.validationMacroF1)
        guard values.count > 1 else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (count - 1)).squareRoot()
        let margin = Self.quantile(freedom: values.count - 1) * deviation / count.squareRoot()
        return SeedSpread(
            count: values.count, mean: mean, standardDeviation: deviation,
            interval: Swift.max(0, mean - margin)...Swift.min(1, mean + margin))
    }

    /// 97.5 % quantile of Student's t: exact for up to three degrees of freedom, else by the expansion of Cornish and
    /// Fisher (Abramowitz and Stegun, 26.7.5), right to 0.01 from four on.
    package static func quantile(freedom: Int) -> Double {
        let exact = [12.7062, 4.3027, 3.1824]
        if (1...exact.count).contains(freedom) { return exact[freedom - 1] }
        let z = 1.959964
        let n = Double(freedom)
        let square = z * z
        return z + z * (square + 1) / (4 * n)
            + z * ((5 * square + 16) * square + 3) / (96 * n * n)
            + z * (((3 * square + 19) * square + 17) * square - 15) / (384 * n * n * n)
    }
}
