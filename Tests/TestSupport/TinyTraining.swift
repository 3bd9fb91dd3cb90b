import Foundation
import Tailor

extension Recipe {
    /// Small enough for a test: 32-pixel images, batches of 8.
    public static func tiny(
        phases: [Phase] = [Phase(trainableFrom: .stem, epochs: 2)], probe: LinearProbe? = nil
    )
        -> Recipe
    {
        var recipe = Recipe.standard
        recipe.name = "tiny"
        recipe.probe = probe
        recipe.phases = phases
        recipe.batchSize = 8
        recipe.trainImageSize = 32
        recipe.preprocessing = Preprocessing(imageSize: 32)
        recipe.precision = .float32
        recipe.batchNorm = .trained
        recipe.search = nil
        recipe.timeBudget = nil
        recipe.seeds = 1
        recipe.weightAveraging = nil
        recipe.optimizer = OptimizerRecipe(kind: .sgd, momentum: 0.9, nesterov: true, weightDecay: 1e-4)
        recipe.learningRates = .geometric(layer1: 0.0005, layer4: 0.005, head: 0.005)
        recipe.augmentation.cropScale = 0.8...1
        return recipe
    }
}

/// Trains on `images` into a run folder of this name; the recipe's network starts from random weights
/// unless some are given.
@discardableResult
public func train(
    _ images: MadeImages, _ recipe: Recipe, into name: String, seed: UInt64 = 3, workers: Int = 2,
    weights: LoadedWeights? = nil, resume: Bool = false, stopAfterSteps: Int? = nil,
    stopAfterTrialSteps: Int? = nil, report: @escaping (TrainingEvent) -> Void = { _ in }
) throws -> RunRecord {
    let data = try TrainingData.prepare(images.root, options: .init(seed: seed, workers: workers))
    let tuner = try FineTuner(
        data: data, recipe: recipe, weights: weights, seed: seed,
        machine: .init(device: .cpu, workers: workers),
        folder: images.run(name))
    var steps = 0
    var trialSteps = 0
    return try tuner.run(
        resume: resume,
        shouldStop: {
            stopAfterSteps.map { steps >= $0 } ?? stopAfterTrialSteps.map { trialSteps >= $0 } ?? false
        },
        report: {
            if case .step = $0 { steps += 1 }
            if case .pass("trial", _, _) = $0 { trialSteps += 1 }
            report($0)
        })
}
