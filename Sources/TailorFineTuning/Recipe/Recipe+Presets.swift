import TailorImages

extension Recipe {
    /// The default: linear probe, then the whole network at once (LP-FT; Kumar et al., 2022), with rates and depth
    /// found by short runs or, where there is time, by several full ones.
    ///
    /// Few images make few steps, hence small batches: half of 32 takes half the time to as good a result.
    ///
    /// Rates below the head grow geometrically from 1 to 10, the guide's proportion of layer1 to layer4; a head that
    /// is fitted already needs less than the guide's new one.
    public static let standard = Recipe(
        name: "standard",
        probe: LinearProbe(augmentedViews: 1),
        phases: [Phase(trainableFrom: .stem, epochs: 12)],
        search: TaskSearch(),
        timeBudget: 600,
        seeds: 3,
        optimizer: OptimizerRecipe(kind: .adamw, momentum: 0.9, beta2: 0.98, weightDecay: 0.01),
        learningRates: .geometric(layer1: 5e-5, layer4: 5e-4, head: 1.5e-3),
        schedule: Schedule(warmupEpochs: 1),
        earlyStopping: nil,
        batchSize: 16,
        labelSmoothing: 0.1,
        gradientClipping: 5,
        weightAveraging: 0.98,
        trainImageSize: 224,
        augmentation: .standard
    )

    /// Five epochs from the top of the network down, nothing searched: for a first look.
    public static let quick = Recipe(
        name: "quick",
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
        batchNorm: .trained,
        trainImageSize: 224,
        augmentation: .guide
    )

    public static let presets: [Recipe] = [.standard, .quick, .guide]

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
