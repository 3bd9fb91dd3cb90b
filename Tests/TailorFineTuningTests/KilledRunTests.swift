import Foundation
import TailorFineTuning
import TestSupport
import Testing

/// A process that is killed writes nothing more: what lies in the folder at that moment is all there is.
@Suite struct KilledRunTests {
    /// Weights worth keeping wait in memory; the folder that a kill leaves must lead to the same end without them.
    @Test func aRunThatWasKilledEndsBitIdentical() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 3)], probe: LinearProbe())
        recipe.seeds = 2
        let whole = try train(images, recipe, into: "whole")
        // As if killed after each of these epochs, of the first seed and of the second.
        var epochs = 0
        _ = try train(images, recipe, into: "copied") { event in
            guard case .epochFinished = event else { return }
            epochs += 1
            try? FileManager.default.copyItem(
                at: images.run("copied").url, to: images.run("killed-\(epochs)").url)
        }
        #expect(epochs >= 7, "the probe and three epochs of two seeds")
        for epoch in 2...7 {
            let name = "killed-\(epoch)"
            let resumed = try train(images, recipe, into: name, resume: true)
            #expect(resumed.status == .finished && resumed.best?.sha256 == whole.best?.sha256, "\(name)")
            for file in ["last.safetensors", "best.safetensors", "predictions_val.csv"] {
                #expect(
                    try Data(contentsOf: images.run(name).url.appending(path: file))
                        == Data(contentsOf: images.run("whole").url.appending(path: file)), "\(name), \(file)"
                )
            }
            #expect(
                try EpochRecord.history(from: images.run(name).metrics).map(\.epoch)
                    == EpochRecord.history(from: images.run("whole").metrics).map(\.epoch), "\(name)")
        }
    }
}
