import Foundation
import Tailor
import TailorCheckpoints
import TestSupport
import Testing

/// What the first step of fine-tuning finds.
@Suite struct FineTuningStartTests {
    /// A head fitted on separable features is too sure for smoothed labels: fine-tuning starts from the same head times
    /// one number below 1, the kept probe stays as it was fitted.
    @Test func theHeadIsNoSurerThanSmoothedLabelsAllow() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var probe = LinearProbe(augmentedViews: 0)
        probe.l2Strengths = [0.0001]
        var recipe = Recipe.tiny(phases: [], probe: probe)
        recipe.batchNorm = .frozen
        _ = try train(images, recipe, into: "probe")
        recipe.phases = [Phase(trainableFrom: .head, epochs: 1)]
        recipe.learningRates = .uniform(1e-12)
        recipe.optimizer.weightDecay = 0
        recipe.labelSmoothing = 0.3
        _ = try train(images, recipe, into: "tuned")
        func head(_ name: String) throws -> [Float] {
            let tensors = try Safetensors.read(images.run(name).lastWeights).tensors
            return try #require(tensors["fc.weight"]).floats() + #require(tensors["fc.bias"]).floats()
        }
        let (fitted, started) = (try head("probe"), try head("tuned"))
        let largest = try #require(fitted.indices.max { abs(fitted[$0]) < abs(fitted[$1]) })
        let scale = started[largest] / fitted[largest]
        #expect(scale > 0 && scale < 0.9, "\(scale)")
        expectClose(started, fitted.map { $0 * scale }, absolute: 1e-5 * abs(fitted[largest]), "head")
    }
}
