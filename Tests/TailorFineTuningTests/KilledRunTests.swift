import Foundation
import TailorFineTuning
import TestSupport
import Testing

/// A process that is killed writes nothing more: what lies in the folder at that moment is all there is.
@Suite struct KilledRunTests {
    /// What the probe answers comes from the network, whether the run went through or not.
    @Test func aProbeThatIsKeptAnswersAlikeAfterAResume() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 1)], probe: LinearProbe())
        recipe.batchNorm = .frozen
        recipe.precision = .bfloat16
        recipe.learningRates = .uniform(0.3)
        let whole = try train(images, recipe, into: "whole")
        #expect(whole.best?.phase == EpochRecord.probePhase)
        _ = try train(images, recipe, into: "stopped", stopAfterSteps: 1)
        let resumed = try train(images, recipe, into: "stopped", resume: true)
        #expect(resumed.calibration?.temperature == whole.calibration?.temperature)
        #expect(
            try Data(contentsOf: images.run("stopped").validationPredictions)
                == Data(contentsOf: images.run("whole").validationPredictions))
    }

    /// A run must not end well without its result, nor go on as another before its first checkpoint.
    @Test func whatIsLostOrChangedMeanwhileIsNamed() throws {
        let images = try MadeImages(train: 4, validation: 2, test: 0)
        let recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 2)])
        for name in ["best.safetensors", "dataset.csv"] {
            let folder = images.run("lost-\(name)")
            var epochs = 0
            let error = #expect(throws: RunError.self) {
                try train(images, recipe, into: "lost-\(name)") { event in
                    if case .epochFinished = event { epochs += 1 }
                    if name == "dataset.csv", epochs == 2 {
                        try? FileManager.default.removeItem(at: folder.url.appending(path: name))
                    }
                }
                if name == "best.safetensors" {
                    try FileManager.default.removeItem(at: folder.bestWeights)
                    try train(images, recipe, into: "lost-\(name)", resume: true)
                }
            }
            #expect(error?.description.contains("\(name) is missing") == true && error?.category == .work)
        }

        _ = try train(images, recipe, into: "early", stopAfterSteps: 0)
        try FileManager.default.removeItem(at: images.run("early").checkpoint)
        var other = recipe
        other.batchSize = 4
        let error = #expect(throws: RunError.self) { try train(images, other, into: "early", resume: true) }
        #expect(error?.description.contains("--batch-size 8, now 4") == true)
        #expect(try train(images, recipe, into: "early", resume: true).status == .finished)
    }

    /// `auto` is another arithmetic on another processor: that the bits differ then is said and recorded.
    @Test func goingOnInOtherArithmeticIsSaid() throws {
        let images = try MadeImages(train: 4, validation: 2, test: 0)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .stem, epochs: 2)])
        recipe.precision = .automatic
        for isElsewhere in [false, true] {
            let name = "elsewhere-\(isElsewhere)"
            #expect(try train(images, recipe, into: name, stopAfterSteps: 1).status == .interrupted)
            var stopped = try RunRecord.read(from: images.run(name))
            let here = stopped.precision
            let there: TrainingPrecision = here == .float32 ? .bfloat16 : .float32
            if isElsewhere { stopped.precision = there }
            try stopped.write(to: images.run(name))
            let warnings = try train(images, recipe, into: name, resume: true).warnings
            let start = "begun in \(there.rawValue), continued in \(here.rawValue)"
            #expect(warnings.contains { $0.hasPrefix(start) } == isElsewhere, "\(warnings)")
        }
    }

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
        for epoch in [2, 4, 6] {
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
