import TailorDatasets
import TailorImages
import TailorResNet
import TailorSupport

/// The ranges within which a recipe's numbers make sense; ``Recipe/validate()`` and the command line ask here.
package enum RecipeLimits {
    package static let batchSize = 1...65_536
    /// Epochs of one phase, and of all together.
    package static let epochs = 1...100_000
    package static let augmentedViews = 0...1000
    /// Penalties that the linear probe tries.
    package static let l2StrengthCount = 1...1000
    package static let l2Strength = 1e-8...1e6
    /// Sides of images, in pixels.
    package static let imageSize = 32...4096
    /// Peak learning rates.
    package static let learningRate = 0.0...1e6
    package static let weightDecay = 0.0...1e6
    /// Largest norm of a gradient.
    package static let gradientClipping = 1e-9...1e9
    package static let cropScale = 1e-4...1.0
    package static let cropRatio = 1e-2...100.0
    /// Per channel, of pixels scaled to 0…1.
    package static let mean = -1000.0...1000
    package static let standardDeviation = 1e-6...1000
    package static let seeds = 1...100
    /// Parts of a cross-validation.
    package static let folds = 2...20
    /// Seconds.
    package static let timeBudget = 1.0...1e7
    /// Factors on learning rates that a search tries, and how many.
    package static let rateFactor = 1e-4...1e4
    package static let searchValues = 20
    /// Optimiser steps of a trial and of a full run.
    package static let searchSteps = 1...10_000_000
    package static let patience = 1...100_000
    /// Momentum, label smoothing, the decay of the weight average.
    package static let fraction = 0.0..<1.0
    /// Length of the warm-up and of the cosine, in epochs.
    package static let scheduleEpochs = 0.0...100_000
}

/// A recipe, a flag or a recipe file that cannot be carried out.
public struct RecipeError: CategorizedError, Hashable {
    public var category: ErrorCategory { .input }

    public let description: String

    init(_ description: String) { self.description = description }
}

extension Recipe {
    /// Throws ``RecipeError`` naming the first number that makes no sense.
    public func validate() throws {
        func require(_ condition: Bool, _ text: @autoclosure () -> String) throws {
            if !condition { throw RecipeError("recipe \(name): " + text()) }
        }
        func expected<T>(_ range: ClosedRange<T>) -> String {
            "expected \(range.lowerBound)…\(range.upperBound)"
        }
        let fraction = RecipeLimits.fraction
        try require(
            probe != nil || !phases.isEmpty, "neither a linear probe nor a phase: nothing would be trained")
        try require(
            RecipeLimits.batchSize.contains(batchSize),
            "batch size \(batchSize), \(expected(RecipeLimits.batchSize))")
        try require(
            accumulationSteps >= 1 && accumulationSteps <= batchSize,
            "accumulation steps \(accumulationSteps), expected 1…\(batchSize) (the batch size)")
        try require(
            fraction.contains(labelSmoothing),
            "label smoothing \(labelSmoothing), expected 0 ≤ value < 1")
        if let probe {
            try require(
                RecipeLimits.l2StrengthCount.contains(probe.l2Strengths.count),
                "\(probe.l2Strengths.count) L2 strengths of the probe, \(expected(RecipeLimits.l2StrengthCount))"
            )
            for strength in probe.l2Strengths {
                try require(
                    RecipeLimits.l2Strength.contains(strength),
                    "L2 strength \(strength) of the probe, \(expected(RecipeLimits.l2Strength))")
            }
            try require(
                RecipeLimits.augmentedViews.contains(probe.augmentedViews),
                "\(probe.augmentedViews) augmented views of the probe, \(expected(RecipeLimits.augmentedViews))"
            )
        }
        for phase in phases {
            try require(
                RecipeLimits.epochs.contains(phase.epochs),
                "phase \(phase.name) has \(counted(phase.epochs, "epoch")), \(expected(RecipeLimits.epochs))")
        }
        // Each is in range by now, but their sum need not be, nor fit an integer.
        try require(
            phases.count <= RecipeLimits.epochs.upperBound
                && (phases.isEmpty || RecipeLimits.epochs.contains(epochs)),
            "\(phases.count) phases with too many epochs together, \(expected(RecipeLimits.epochs))")
        for (above, below) in zip(phases, phases.dropFirst()) {
            try require(
                below.trainableFrom <= above.trainableFrom,
                "phase \(below.name) comes after \(above.name): unfreezing goes from the head down")
        }
        for stage in ResNet18.Stage.allCases {
            let rate = learningRates[stage]
            try require(rate >= 0, "learning rate \(rate) of \(stage), expected ≥ 0")
            try require(
                RecipeLimits.learningRate.contains(rate),
                "learning rate \(rate) of \(stage), \(expected(RecipeLimits.learningRate))")
        }
        try require(learningRates.head > 0, "learning rate 0 of the head: a new head must learn")
        try require(
            fraction.contains(optimizer.momentum), "momentum \(optimizer.momentum), expected 0 ≤ value < 1")
        try require(
            fraction.contains(optimizer.beta2), "beta2 \(optimizer.beta2), expected 0 ≤ value < 1")
        try require(
            !optimizer.nesterov || optimizer.momentum > 0 || optimizer.kind == .adamw,
            "Nesterov needs a momentum above 0")
        try require(
            RecipeLimits.weightDecay.contains(optimizer.weightDecay),
            "weight decay \(optimizer.weightDecay), \(expected(RecipeLimits.weightDecay))")
        try require(
            RecipeLimits.scheduleEpochs.contains(schedule.warmupEpochs),
            "warm-up of \(schedule.warmupEpochs) epochs, \(expected(RecipeLimits.scheduleEpochs))")
        if let cosine = schedule.cosineEpochs {
            try require(
                cosine >= 1e-3 && RecipeLimits.scheduleEpochs.contains(cosine),
                "cosine over \(cosine) epochs, expected 0.001 to \(RecipeLimits.scheduleEpochs.upperBound)")
        }
        if let clipping = gradientClipping {
            try require(
                RecipeLimits.gradientClipping.contains(clipping),
                "gradient clipping \(clipping), \(expected(RecipeLimits.gradientClipping))")
        }
        if let decay = weightAveraging {
            try require(fraction.contains(decay), "weight averaging \(decay), expected 0 ≤ value < 1")
            try require(
                batchNorm != .trained,
                "weight averaging needs batch-norm statistics that do not depend on the last weights: "
                    + "frozen or task, not trained"
            )
        }
        try require(RecipeLimits.seeds.contains(seeds), "\(seeds) seeds, \(expected(RecipeLimits.seeds))")
        if let timeBudget {
            try require(
                RecipeLimits.timeBudget.contains(timeBudget),
                "a time budget of \(timeBudget) seconds, \(expected(RecipeLimits.timeBudget))")
        }
        if let search {
            try require(
                !search.rateFactors.isEmpty && search.rateFactors.count <= RecipeLimits.searchValues
                    && search.rateFactors.allSatisfy(RecipeLimits.rateFactor.contains),
                "rate factors \(search.rateFactors) to try, expected 1 to \(RecipeLimits.searchValues) numbers, "
                    + "\(RecipeLimits.rateFactor.lowerBound)…\(RecipeLimits.rateFactor.upperBound) each")
            try require(
                search.depths.count <= ResNet18.Stage.allCases.count
                    && Set(search.depths).count == search.depths.count,
                "depths \(search.depths) to try, expected different stages")
            try require(
                search.leastCropScales.count <= RecipeLimits.searchValues
                    && search.leastCropScales.allSatisfy(RecipeLimits.cropScale.contains),
                "least crop scales \(search.leastCropScales) to try, \(expected(RecipeLimits.cropScale)) each"
            )
            try require(
                RecipeLimits.searchSteps.contains(search.trialSteps),
                "\(search.trialSteps) steps of a trial, \(expected(RecipeLimits.searchSteps))")
            try require(
                RecipeLimits.searchSteps.contains(search.fullSteps ?? 1),
                "\(search.fullSteps ?? 1) steps of the full run, \(expected(RecipeLimits.searchSteps))")
            try require(
                RecipeLimits.epochs.contains(search.fullEpochs.lowerBound)
                    && RecipeLimits.epochs.contains(search.fullEpochs.upperBound),
                "\(search.fullEpochs.lowerBound) to \(search.fullEpochs.upperBound) epochs of the full run, "
                    + expected(RecipeLimits.epochs))
            try require(!phases.isEmpty, "a search, but no phase whose rates it could find")
        }
        if let stopping = earlyStopping {
            try require(
                RecipeLimits.patience.contains(stopping.patience),
                "patience \(stopping.patience), \(expected(RecipeLimits.patience))")
        }
        try require(
            RecipeLimits.imageSize.contains(trainImageSize),
            "training image size \(trainImageSize), \(expected(RecipeLimits.imageSize)) pixels")
        try require(
            RecipeLimits.imageSize.contains(preprocessing.imageSize),
            "image size \(preprocessing.imageSize), \(expected(RecipeLimits.imageSize)) pixels")
        do {
            if case .weights(let text) = imbalance { try Balance.checkClassWeights(text) }
            try preprocessing.validate()
            try augmentation.validate()
            // Finite and above 0 by now; these are the ranges that make sense.
            for (name, range, limits) in [
                ("crop scale", augmentation.cropScale, RecipeLimits.cropScale),
                ("crop ratio", augmentation.cropRatio, RecipeLimits.cropRatio),
            ] {
                try require(
                    limits.contains(range.lowerBound) && limits.contains(range.upperBound),
                    "\(name) \(range.lowerBound) to \(range.upperBound), \(expected(limits))")
            }
            for (name, values, limits) in [
                ("mean", preprocessing.mean, RecipeLimits.mean),
                ("standard deviation", preprocessing.standardDeviation, RecipeLimits.standardDeviation),
            ] {
                try require(
                    values.allSatisfy { limits.contains(Double($0)) },
                    "\(name) \(values), \(expected(limits)) each")
            }
        } catch let ImageError.invalidArgument(reason) {
            throw RecipeError("recipe \(name): \(reason)")
        } catch let error as ClassWeightsError {
            throw RecipeError("recipe \(name): \(error)")
        }
    }
}
