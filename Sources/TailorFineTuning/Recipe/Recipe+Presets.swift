import TailorImages

extension Recipe {
    /// The default: linear probe, then gentle fine-tuning from the top down (LP-FT; Kumar et al., 2022).
    ///
    /// Rates have the guide's proportions, 1 : 10 : 100 from the first layers over layer4 to the head. They
    /// are gentle: from a fitted head, larger ones lose more than a short run wins back.
    public static let standard = Recipe(
        name: "standard",
        probe: LinearProbe(),
        phases: [
            Phase(trainableFrom: .layer4, epochs: 2),
            Phase(trainableFrom: .layer3, epochs: 1),
            Phase(trainableFrom: .stem, epochs: 2),
        ],
        optimizer: OptimizerRecipe(kind: .adamw, momentum: 0.9, weightDecay: 0.01),
        learningRates: .geometric(layer1: 1e-5, layer4: 1e-4, head: 1e-3),
        schedule: Schedule(warmupEpochs: 0.5),
        earlyStopping: EarlyStopping(metric: .validationLoss, patience: 3),
        labelSmoothing: 0.1,
        gradientClipping: 5,
        weightAveraging: 0.98,
        trainImageSize: 224,
        augmentation: .standard
    )

    /// The practitioner's guide to the letter: no probe, progressive unfreezing, SGD 0.1 for the head and
    /// 0.001…0.01 below it, five epochs of warm-up, cosine with `T_max` 100, patience 3 on validation loss.
    public static let guide = Recipe(
        name: "guide",
        probe: nil,
        phases: [
            Phase(trainableFrom: .head, epochs: 5),
            Phase(trainableFrom: .layer4, epochs: 10),
            Phase(trainableFrom: .layer3, epochs: 10),
            Phase(trainableFrom: .layer2, epochs: 10),
            Phase(trainableFrom: .stem, epochs: 70),
        ],
        optimizer: OptimizerRecipe(kind: .sgd, momentum: 0.9, nesterov: false, weightDecay: 0),
        learningRates: .geometric(layer1: 0.001, layer4: 0.01, head: 0.1),
        schedule: Schedule(warmupEpochs: 5, cosineEpochs: 100),
        earlyStopping: EarlyStopping(metric: .validationLoss, patience: 3),
        imbalance: .balanced,
        recalibratesBatchNorm: false,
        trainImageSize: 224,
        augmentation: .guide
    )

    public static let presets: [Recipe] = [.standard, .guide]

    /// Spreads `total` epochs over the phases in the proportions they have now: early phases round down
    /// but keep at least one epoch, the last phase takes the rest. With fewer epochs than phases the last
    /// phases are left out: who has time for little, unfreezes little.
    public mutating func setEpochs(_ total: Int) {
        let kept = phases.prefix(max(total, 0))
        let before = kept.reduce(0) { $0 + $1.epochs }
        var left = total
        phases = kept.enumerated().map { index, phase in
            let after = kept.count - index - 1
            let share = after == 0 ? left : min(max(1, phase.epochs * total / max(before, 1)), left - after)
            left -= share
            return Phase(trainableFrom: phase.trainableFrom, epochs: share)
        }
    }
}
