import TailorImages

extension Recipe {
    /// The default: linear probe, then gentle fine-tuning from the top down (LP-FT; Kumar et al., 2022).
    ///
    /// Rates are gentle: from a fitted head, larger ones lose more than a short run wins back.
    public static let standard = Recipe(
        name: "standard",
        probe: LinearProbe(),
        phases: [
            Phase(trainableFrom: .layer4, epochs: 2),
            Phase(trainableFrom: .layer3, epochs: 1),
            Phase(trainableFrom: .stem, epochs: 2),
        ],
        optimizer: OptimizerRecipe(kind: .sgd, momentum: 0.9, nesterov: true, weightDecay: 1e-4),
        learningRates: .geometric(layer1: 0.0005, layer4: 0.005, head: 0.005),
        schedule: Schedule(warmupEpochs: 0.5),
        earlyStopping: EarlyStopping(metric: .validationLoss, patience: 3),
        labelSmoothing: 0.1,
        gradientClipping: 5,
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
        trainImageSize: 224,
        augmentation: .guide
    )

    public static let presets: [Recipe] = [.standard, .guide]

    /// Spreads `total` epochs over the phases in the proportions they have now: early phases round
    /// down but keep at least one epoch while there are enough, the last phase takes the rest.
    public mutating func setEpochs(_ total: Int) {
        guard total > 0, !phases.isEmpty else {
            phases = []
            return
        }
        let before = max(epochs, 1)
        var left = total
        var spread: [Phase] = []
        for (index, phase) in phases.enumerated() {
            let phasesAfter = phases.count - index - 1
            var share = phasesAfter == 0 ? left : max(1, phase.epochs * total / before)
            share = min(share, max(left - phasesAfter, 0))
            if phasesAfter == 0 { share = left }
            if share > 0 { spread.append(Phase(trainableFrom: phase.trainableFrom, epochs: share)) }
            left -= share
        }
        phases = spread
    }
}
