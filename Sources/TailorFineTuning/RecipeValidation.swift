import TailorResNet

/// A recipe, a flag or a recipe file that cannot be carried out.
public struct RecipeError: Error, CustomStringConvertible, Hashable {
    public let description: String

    init(_ description: String) { self.description = description }
}

extension Recipe {
    /// Throws ``RecipeError`` naming the first number that makes no sense.
    public func validate() throws {
        func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
            if !condition { throw RecipeError("recipe \(name): " + text()) }
        }
        try require(
            probe != nil || !phases.isEmpty, "neither a linear probe nor a phase: nothing would be trained")
        try require(batchSize >= 1 && batchSize <= 65_536, "batch size \(batchSize), expected 1…65536")
        try require(
            accumulationSteps >= 1 && accumulationSteps <= batchSize,
            "accumulation steps \(accumulationSteps), expected 1…\(batchSize) (the batch size)")
        try require(
            labelSmoothing >= 0 && labelSmoothing < 1,
            "label smoothing \(labelSmoothing), expected 0 ≤ value < 1")
        if let probe {
            try require(
                !probe.learningRates.isEmpty && !probe.weightDecays.isEmpty,
                "the linear probe has no learning rate or no weight decay to try")
            try require(
                (1...1_000_000).contains(probe.steps), "\(probe.steps) steps of the probe, expected 1…1000000"
            )
            try require(
                (0...1000).contains(probe.augmentedViews),
                "\(probe.augmentedViews) augmented views of the probe, expected 0…1000")
        }
        for phase in phases {
            try require(
                phase.epochs >= 1 && phase.epochs <= 100_000,
                "phase \(phase.name) has \(phase.epochs) epochs, expected 1…100000")
        }
        for (above, below) in zip(phases, phases.dropFirst()) {
            try require(
                below.trainableFrom <= above.trainableFrom,
                "phase \(below.name) comes after \(above.name): unfreezing goes from the head down")
        }
        for stage in ResNet18.Stage.allCases {
            let rate = learningRates[stage]
            try require(rate.isFinite && rate >= 0, "learning rate \(rate) of \(stage), expected ≥ 0")
        }
        try require(learningRates.head > 0, "learning rate 0 of the head: a new head must learn")
        try require(
            (0..<1).contains(optimizer.momentum), "momentum \(optimizer.momentum), expected 0 ≤ value < 1")
        try require(
            !optimizer.nesterov || optimizer.momentum > 0 || optimizer.kind == .adamw,
            "Nesterov needs a momentum above 0")
        try require(
            optimizer.weightDecay.isFinite && optimizer.weightDecay >= 0,
            "weight decay \(optimizer.weightDecay), expected ≥ 0")
        try require(
            schedule.warmupEpochs.isFinite && schedule.warmupEpochs >= 0,
            "warm-up of \(schedule.warmupEpochs) epochs, expected ≥ 0")
        if let cosine = schedule.cosineEpochs {
            try require(cosine.isFinite && cosine > 0, "cosine over \(cosine) epochs, expected > 0")
        }
        if let clipping = gradientClipping {
            try require(clipping.isFinite && clipping > 0, "gradient clipping \(clipping), expected > 0")
        }
        if let decay = weightAveraging {
            try require((0..<1).contains(decay), "weight averaging \(decay), expected 0 ≤ value < 1")
            try require(
                recalibratesBatchNorm, "weight averaging needs batch-norm statistics re-estimated every epoch"
            )
        }
        if let stopping = earlyStopping {
            try require(stopping.patience >= 1, "patience \(stopping.patience), expected ≥ 1")
        }
        try require(
            (32...4096).contains(trainImageSize),
            "training image size \(trainImageSize), expected 32…4096 pixels")
        try require(
            (32...4096).contains(preprocessing.imageSize),
            "image size \(preprocessing.imageSize), expected 32…4096 pixels")
    }
}
