import Tailor
import Testing

/// What is forecast of a run's memory, and what is changed so that it stays below a limit.
@Suite struct MemoryPlanTests {
    private static func setting(
        _ change: (inout Recipe) -> Void = { _ in }, images: ForecastImages? = nil, onGPU: Bool = false,
        precision: TrainingPrecision = .float32
    ) -> MemoryForecast.Setting {
        var recipe = Recipe.standard
        recipe.batchNorm = .frozen
        change(&recipe)
        return MemoryForecast.Setting(
            recipe: recipe,
            images: images ?? ForecastImages(classes: 2, train: 800, validation: 200, meanPixels: 250_000),
            precision: precision, onGPU: onGPU, workers: 2, processBytes: 150 << 20)
    }

    @Test func everythingThatFitsStaysAsItIs() throws {
        let wanted = Self.setting()
        let plan = try #require(MemoryPlan(wanted, host: 64 << 30))
        #expect(plan.setting == wanted)
    }

    @Test(arguments: [1300, 1500, 2000, 3000])
    func plansKeepToTheLimit(_ megabytes: Int) throws {
        let wanted = Self.setting { $0.batchSize = 192 }
        let limit = megabytes * 1_000_000
        #expect(MemoryForecast(wanted).hostPeak.hostBytes > limit)
        let plan = try #require(MemoryPlan(wanted, host: limit))
        #expect(plan.forecast.hostPeak.hostBytes <= limit)
        // The batch itself, and all that decides a result, is the same.
        #expect(plan.setting.recipe == wanted.recipe)
        #expect(plan.setting.images == wanted.images)
    }

    @Test func lessMemoryMeansSmallerParts() throws {
        let wanted = Self.setting { $0.batchSize = 128 }
        var last = Int.max
        for megabytes in [3000, 2000, 1500, 1300] {
            let plan = try #require(MemoryPlan(wanted, host: megabytes * 1_000_000))
            let part = plan.setting.resources.microBatchSize ?? 128
            #expect(part <= last)
            last = part
        }
        #expect(last < 128)
    }

    @Test func whatIsNormalisedTogetherIsNotCut() {
        let wanted = Self.setting {
            $0.batchSize = 128
            $0.batchNorm = .trained
            $0.weightAveraging = nil
        }
        #expect(MemoryPlan(wanted, host: 1_500_000_000) == nil)
    }

    @Test func statisticsThatWereToBeMeasuredAreFrozenWhereABatchMustBeCut() throws {
        let wanted = Self.setting {
            $0.batchSize = 128
            $0.batchNorm = .automatic
        }
        #expect(try #require(MemoryPlan(wanted, host: 1_400_000_000)).setting.recipe.batchNorm == .frozen)
        #expect(try #require(MemoryPlan(wanted, host: 32 << 30)).setting.recipe.batchNorm == .automatic)
    }

    @Test func whatNeverFitsHasNoPlan() {
        #expect(MemoryPlan(Self.setting(), host: 200_000_000) == nil)
    }

    @Test func decodedImagesGiveWayBeforePassesGetSlow() throws {
        let many = ForecastImages(classes: 2, train: 20_000, validation: 4_000, meanPixels: 250_000)
        let plan = try #require(MemoryPlan(Self.setting(images: many), host: 1_500_000_000))
        #expect(plan.setting.resources.cacheBytes < many.decodedBytes)
        #expect(plan.setting.resources.microBatchSize ?? 16 >= 8)
    }

    @Test func largerImagesLeaveRoomForFewer() throws {
        let batches = try [224, 320, 512].map { side in
            try #require(
                Forecast.largestBatch(
                    Self.setting { $0.setImageSize(side) }, host: 12_000_000_000, gpu: nil))
        }
        #expect(batches == batches.sorted(by: >))
        // Activations grow with the pixels: so does what fits shrink, up to what does not depend on them.
        let ratio = Double(batches[0]) / Double(batches[2])
        #expect(abs(ratio - 512 * 512 / (224.0 * 224)) < 0.8, "\(batches)")
    }

    @Test func aGPUHoldsTheNetworkAndTheMachineTheImages() {
        let forecast = MemoryForecast(Self.setting({ $0.batchSize = 128 }, onGPU: true))
        let gpu = forecast.gpuPeak.gpu.map(\.name)
        let host = forecast.gpuPeak.host.map(\.name)
        #expect(gpu.contains("activations and gradients") && gpu.contains("network"))
        #expect(host.contains("decoded images") && !host.contains("network"))
    }
}

extension Recipe {
    fileprivate mutating func setImageSize(_ side: Int) {
        trainImageSize = side
        preprocessing = preprocessing.scaled(toImageSize: side)
    }
}
