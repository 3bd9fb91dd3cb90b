import Foundation
import Tailor
import TestSupport
import Testing

/// One image of 32 pixels has one value a channel in the last stage, which has no variance.
@Suite struct SingleImageBatchTests {
    @Test(arguments: [BatchNormStatistics.trained, .task])
    func training(_ statistics: BatchNormStatistics) throws {
        let images = try MadeImages(train: 3, validation: 2, test: 0)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 1)])
        recipe.batchSize = 1
        recipe.batchNorm = statistics
        #expect(try train(images, recipe, into: "one").epochsRun == 1)
    }

    /// 65 images end in a batch of one.
    @Test func statistics() throws {
        let made = try MadeImages(train: 33, validation: 0, test: 0)
        let samples = try Array(DatasetFolder.scan(made.root).train.prefix(65))
        let runner = ModelRunner(
            model: try ResNet18(classCount: 2, seed: 1), device: .cpu, autocast: nil,
            preprocessing: Preprocessing(imageSize: 32), workers: 1)
        #expect(try runner.recalibrateBatchNorm(samples, seed: 1) == 64)
        #expect(try runner.recalibrateBatchNorm(Array(samples.prefix(1)), seed: 1) == 0)
    }
}
