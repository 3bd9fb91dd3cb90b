import Foundation
import Tailor
import TestSupport
import Testing

@Suite struct LifetimeTests {
    /// A network with its optimiser is a fifth of a gigabyte, and a cross-validation trains several.
    @Test func aFinishedTrainingIsLetGo() throws {
        let images = try MadeImages(train: 4, validation: 2, test: 0)
        let data = try TrainingData.prepare(images.root, options: .init(seed: 1, workers: 1))
        weak var kept: FineTuner?
        do {
            var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 1)])
            recipe.seeds = 2
            let tuner = try FineTuner(
                data: data, recipe: recipe, weights: nil, seed: 1, machine: .init(workers: 1),
                folder: images.run("a"))
            kept = tuner
            #expect(try tuner.run().status == .finished)
        }
        #expect(kept == nil)
    }
}
