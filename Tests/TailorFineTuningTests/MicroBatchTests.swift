import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// A batch that is cut so that it fits gives the step of the whole batch.
@Suite struct MicroBatchTests {
    private static func parameters(after microBatchSize: Int, steps: Int = 2) throws -> [String: [Float]] {
        var recipe = Recipe.tiny()
        recipe.batchNorm = .frozen
        recipe.labelSmoothing = 0.1
        recipe.gradientClipping = 1
        let model = try ResNet18(classCount: 3, seed: 4)
        let weights = [0.5, 1, 2.5]
        let fitting = try Fitting(
            recipe, of: model,
            resources: Fitting.Resources(
                device: .cpu, autocast: nil, classWeights: weights,
                classWeightsTensor: try Tensor(weights.map(Float.init), shape: [3]), scalesGradients: false),
            microBatchSize: microBatchSize)
        for step in 0..<steps {
            var generator = SeededGenerator(seed: UInt64(step))
            let pixels = (0..<7 * 32 * 32 * 3).map { _ in Float.random(in: -2...2, using: &generator) }
            let batch = LabelledImages(labels: [0, 1, 2, 2, 1, 0, 2], imageSize: 32) {
                try pixels.withUnsafeBufferPointer {
                    try Tensor.images($0, count: 7, height: 32, width: 32)
                }
            }
            _ = try fitting.step(batch, trainableFrom: .stem, factor: 1, step: step)
        }
        var found: [String: [Float]] = [:]
        for (name, _, tensor) in model.parameters { found[name] = try tensor.floats() }
        return found
    }

    @Test(arguments: [1, 2, 3, 6])
    func partsSumUpToTheWhole(_ size: Int) throws {
        let whole = try Self.parameters(after: 7)
        let parts = try Self.parameters(after: size)
        #expect(whole.count == parts.count)
        var moved: Float = 0
        let start = try ResNet18(classCount: 3, seed: 4)
        for (name, _, tensor) in start.parameters {
            let (before, a, b) = (try tensor.floats(), try #require(whole[name]), try #require(parts[name]))
            for index in before.indices {
                moved = max(moved, abs(a[index] - before[index]))
                #expect(abs(a[index] - b[index]) <= 2e-6 + 2e-4 * abs(a[index]), "\(name) \(index)")
            }
        }
        // What is compared did change.
        #expect(moved > 1e-4)
    }

    @Test func aLimitedRunEndsAsTheOtherDoes() throws {
        let images = try MadeImages()
        var recipe = Recipe.tiny()
        recipe.batchNorm = .frozen
        recipe.augmentation = .none
        let data = try TrainingData.prepare(images.root, options: .init(seed: 3))
        func run(_ name: String, _ resources: FineTuner.Machine.Resources) throws -> [EpochRecord] {
            let tuner = try FineTuner(
                data: data, recipe: recipe, weights: nil, seed: 3,
                machine: .init(device: .cpu, workers: 1, resources: resources), folder: images.run(name))
            #expect(try tuner.run().status == .finished)
            return try EpochRecord.history(from: images.run(name).metrics)
        }
        let whole = try run("whole", .init())
        let parts = try run(
            "parts", .init(microBatchSize: 3, evaluationBatchSize: 2, prefetch: 1, cacheBytes: 0))
        #expect(whole.count == parts.count)
        for (a, b) in zip(whole, parts) {
            #expect(abs(a.trainLoss - b.trainLoss) < 1e-3)
            #expect(abs(a.validationLoss - b.validationLoss) < 1e-2)
        }
    }
}
