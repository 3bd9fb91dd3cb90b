import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Runs that find rates, statistics and seeds on made images; serialized because libtorch's threads are shared.
@Suite(.serialized) struct SearchTests {
    private func recipe(factors: [Double] = [0.1, 1, 3]) -> Recipe {
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .layer4, epochs: 1)], probe: LinearProbe())
        recipe.batchNorm = .frozen
        recipe.search = TaskSearch(
            rateFactors: factors, depths: [.layer4], trialSteps: 2, fullSteps: 3, fullEpochs: 1...40)
        return recipe
    }

    @Test func theBestTrialIsCarriedOut() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        let record = try train(images, recipe(), into: "a", weights: try bundled())
        let all = try #require(record.trials)
        let trials = all.filter { $0.rung != nil }
        #expect(trials.map(\.rateFactor).sorted() == [0.1, 1, 3])
        #expect(all.count == 4 && all[3].seed == 3 && all[3].steps == 4, "the full run comes last")
        #expect(trials.allSatisfy { $0.rung == 0 && $0.steps == 2 && $0.depth == .layer4 })
        let best = try #require(TaskSearch.survivors(of: trials, imageCount: 8).first)
        #expect(all[3].candidate == best)
        let plan = try #require(record.plan)
        expectClose(plan.learningRates.head, 0.005 * best.rateFactor, absolute: 1e-9)
        // 16 images in batches of 8: three steps are two epochs.
        #expect(plan.phases == [Phase(trainableFrom: .layer4, epochs: 2)] && plan.search == nil)
        #expect(record.epochsRun == 2)
        let crops = try #require(record.cropMeasurements)
        #expect(crops.map(\.leastCropScale) == [0.8, 0.1, 0.7])
        #expect(
            plan.augmentation.cropScale.lowerBound
                == crops.min { $0.validationLoss < $1.validationLoss }?.leastCropScale)
        let rows = try CSV.parse(String(contentsOf: images.run("a").trials, encoding: .utf8))
        #expect(rows.count == 5 && rows[0].prefix(3) == ["rung", "rate_factor", "trained_from"])
        // What was found can be given as a recipe.
        let file = try JSONFile.read(Recipe.self, from: images.run("a").recipe)
        #expect(file == plan)
    }

    @Test func anInterruptedSearchEndsBitIdentical() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        let weights = try bundled()
        _ = try train(images, recipe(), into: "whole", weights: weights)
        let whole = try Data(contentsOf: images.run("whole").bestWeights)
        for stop in [1, 3, 5] {
            let name = "stopped-\(stop)"
            #expect(
                try train(
                    images, recipe(), into: name, weights: weights, stopAfterTrialSteps: stop
                ).status == .interrupted)
            let record = try train(images, recipe(), into: name, weights: weights, resume: true)
            #expect(record.trials?.count == 4, "every trial once, after a stop at step \(stop)")
            #expect(try Data(contentsOf: images.run(name).bestWeights) == whole, "stopped at step \(stop)")
        }
    }

    @Test func aTrialThatDivergesIsNotTaken() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        let record = try train(images, recipe(factors: [1e4, 1]), into: "a", weights: try bundled())
        #expect(record.status == .finished)
        let wild = try #require(record.trials?.first { $0.rateFactor == 1e4 })
        #expect(wild.validationMacroF1 == nil || (wild.validationMacroF1 ?? 1) < 0.9)
        expectClose(try #require(record.plan).learningRates.head, 0.005, absolute: 1e-9)
    }

    /// A rate of a million, a third, a ninth and a 27th of that: none can be trained with.
    @Test func aRunThatDivergesIsTriedAgainWithLess() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var wild = recipe(factors: [1000])
        wild.learningRates = .uniform(1000)
        wild.gradientClipping = nil
        #expect(throws: RunError.self) { try train(images, wild, into: "a", weights: try bundled()) }
        let record = try RunRecord.read(from: images.run("a"))
        #expect(record.status == .failed)
        expectClose(try #require(record.plan).learningRates.head, 1e6 / 27, absolute: 1)
        #expect(record.best?.phase == "probe")
    }

    @Test func frozenStatisticsStayThePretrainedOnes() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        let weights = try bundled()
        let record = try train(images, recipe(factors: [1]), into: "a", weights: weights)
        #expect(record.batchNorm == .frozen)
        let after = try Safetensors.read(images.run("a").lastWeights).tensors
        for (name, tensor) in weights.tensors where name.contains("running_") {
            #expect(try tensor.floats() == #require(after[name]).floats(), "\(name)")
        }
        let before = try #require(weights.tensors["layer4.1.bn2.weight"]).floats()
        #expect(try before != #require(after["layer4.1.bn2.weight"]).floats(), "the scale is trained")
        var task = recipe(factors: [1])
        task.batchNorm = .task
        _ = try train(images, task, into: "b", weights: weights)
        let estimated = try Safetensors.read(images.run("b").lastWeights).tensors
        #expect(
            try #require(weights.tensors["bn1.running_mean"]).floats()
                != #require(estimated["bn1.running_mean"]).floats())
    }

    @Test func theProbeMeasuresBothKindsOfStatistics() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var automatic = recipe(factors: [1])
        automatic.batchNorm = .automatic
        let record = try train(images, automatic, into: "a", weights: try bundled())
        #expect(record.batchNormMeasurements?.map(\.statistics) == [.frozen, .task])
        #expect(record.batchNorm == .frozen || record.batchNorm == .task)
        #expect(record.plan?.batchNorm == record.batchNorm)
        // Random weights have no statistics worth keeping.
        #expect(try train(images, automatic, into: "b").batchNorm == .task)
    }

    @Test func seedsAreTrainedAndTheBestOrTheirAverageIsKept() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var several = recipe(factors: [1])
        several.seeds = 3
        let record = try train(images, several, into: "a", weights: try bundled())
        #expect(record.seeds?.map(\.seed) == [3, 4, 5])
        let history = try EpochRecord.history(from: images.run("a").metrics)
        #expect(history.filter { $0.phase == "layer4" }.compactMap(\.seed) == [3, 3, 4, 4, 5, 5])
        let best = try #require(record.best)
        #expect(history.allSatisfy { $0.validationMacroF1 <= best.validationMacroF1 + 1e-6 })
        #expect(!FileManager.default.fileExists(atPath: images.run("a").checkpoint.path))

        // The first seed alone is the run without further ones; a run stopped in the second goes on to the same bits.
        let stopped = try train(images, several, into: "b", weights: try bundled(), stopAfterSteps: 5)
        #expect(stopped.status == .interrupted)
        _ = try train(images, several, into: "b", weights: try bundled(), resume: true)
        for file in ["best.safetensors", "last.safetensors"] {
            #expect(
                try Data(contentsOf: images.run("a").url.appending(path: file))
                    == Data(contentsOf: images.run("b").url.appending(path: file)), "\(file)")
        }
    }

    @Test func fullRunsTryTheRatesWhereThereIsTime() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var several = recipe(factors: [0.002, 0.006, 1e4])
        several.learningRates = .uniform(3)
        several.seeds = 2
        several.search?.depths = [.layer4, .head]
        several.gradientClipping = nil
        let record = try train(images, several, into: "a", weights: try bundled())
        let trials = try #require(record.trials)
        #expect(trials.allSatisfy { $0.rung == nil })
        #expect(trials.map(\.rateFactor).prefix(3) == [0.006, 0.002, 1e4])
        #expect(trials[2].scores == nil, "a rate of 30,000 diverges, and the others go on")
        #expect(trials.map(\.seed) == (3..<UInt64(3 + trials.count)).map { $0 })
        let best = try #require(Trial.best(of: trials))
        #expect(trials.count { $0.candidate == best.candidate } == 2 && best.rateFactor < 1)
        #expect(
            trials[3].depth == .head
                && trials[3].rateFactor == Trial.best(of: Array(trials[..<3]))?.rateFactor)
        let plan = try #require(record.plan)
        expectClose(plan.learningRates.head, 3 * best.rateFactor, absolute: 1e-9)
        #expect(plan.phases.map(\.trainableFrom) == [best.depth])
        #expect(try JSONFile.read(Recipe.self, from: images.run("a").recipe) == plan)
        for (name, tensor) in try Safetensors.read(images.run("a").lastWeights).tensors {
            #expect(try tensor.floats().allSatisfy(\.isFinite), "\(name)")
        }
        let files = ["best.safetensors", "last.safetensors", "recipe.json"]
        for stop in [2, 6, 13] {
            let name = "stopped-\(stop)"
            #expect(
                try train(images, several, into: name, weights: try bundled(), stopAfterSteps: stop).status
                    == .interrupted)
            let resumed = try train(images, several, into: name, weights: try bundled(), resume: true)
            #expect(resumed.trials?.map(\.candidate) == trials.map(\.candidate))
            for file in files {
                #expect(
                    try Data(contentsOf: images.run("a").url.appending(path: file))
                        == Data(contentsOf: images.run(name).url.appending(path: file)), "\(file), \(stop)")
            }
        }
    }

    @Test func aBudgetThatIsSpentLeavesTheProbe() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var hurried = recipe()
        hurried.timeBudget = 1
        let record = try train(images, hurried, into: "a", weights: try bundled())
        #expect(record.status == .finished && record.best?.phase == "probe" && record.epochsRun == 0)
        #expect(record.trials == nil && record.plan?.phases.isEmpty == true)
    }

    @Test func largerImagesAreTriedAndTheSmallestWithinNoiseIsKept() throws {
        let images = try MadeImages(train: 8, validation: 4, test: 0)
        var recipe = recipe(factors: [1])
        recipe.searchesImageSize = true
        let record = try train(images, recipe, into: "a", weights: try bundled())
        let sizes = try #require(record.imageSizes)
        #expect(sizes.map(\.imageSize) == [32, 48])
        // The probe answers all eight rightly at 32 pixels: nothing can be better.
        #expect(sizes[0].validationMacroF1 == 1 && record.preprocessing.imageSize == 32)
        #expect(record.recipe.preprocessing.imageSize == 32)
    }

    /// 500 epochs, each with a checkpoint, do not fit into two seconds on any machine.
    @Test func aLateRunLeavesEpochsOutAndSaysSo() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        var late = Recipe.tiny(phases: [Phase(trainableFrom: .head, epochs: 500)])
        late.timeBudget = 2
        let record = try train(images, late, into: "a")
        #expect(record.status == .finished && record.epochsRun < 500)
        #expect(record.plan?.phases.first?.epochs == record.epochsRun)
        #expect(record.warnings.contains { $0.hasPrefix("slower than foreseen: ") })
        // The schedule has come to its end.
        let last = try #require(EpochRecord.history(from: images.run("a").metrics).last)
        #expect(last.learningRates.head < 0.001 * 0.005 || record.epochsRun < 3)
    }

    private func bundled() throws -> LoadedWeights {
        try #require(try PretrainedWeights.load(.bundled) { _ in })
    }
}
