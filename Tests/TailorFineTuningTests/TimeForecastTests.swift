import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Time of runs whose speeds are given.
@Suite struct TimeForecastTests {
    private static let images = ForecastImages(classes: 2, train: 100, validation: 20, meanPixels: 250_000)
    private static let speeds = RunSpeeds(
        forward: 0.1, view: 0.2, statistics: 0.3, step: [.stem: 10, .layer3: 6, .layer4: 4, .head: 2],
        reading: 0.01)

    private static func forecast(
        folds: Int? = nil, _ change: (inout Recipe) -> Void
    ) -> TimeForecast {
        var recipe = Recipe.standard
        recipe.batchNorm = .frozen
        recipe.batchSize = 16
        change(&recipe)
        return TimeForecast(recipe, images: images, isPretrained: true, folds: folds, speeds: speeds)
    }

    private static func part(_ name: String, of forecast: TimeForecast) -> Double {
        forecast.parts.first { $0.name == name }?.seconds ?? 0
    }

    @Test func phasesOfStepsAndValidation() {
        let found = Self.forecast {
            $0.probe = nil
            $0.search = nil
            $0.timeBudget = nil
            $0.seeds = 1
            $0.phases = [Phase(trainableFrom: .head, epochs: 2), Phase(trainableFrom: .stem, epochs: 3)]
        }
        // 7 steps an epoch, 20 images of validation.
        #expect(abs(Self.part("training", of: found) - (2 * (14 + 2) + 3 * (70 + 2))) < 1e-9)
        #expect(found.epochs.map(\.seconds) == [16, 72])
        #expect(Self.part("linear probe", of: found) == 0)
    }

    @Test func probeMeasuresWhatTheRecipeLeavesOpen() {
        func probe(_ statistics: BatchNormStatistics) -> Double {
            Self.part(
                "linear probe",
                of: Self.forecast {
                    $0.batchNorm = statistics
                    $0.search = nil
                    $0.phases = []
                })
        }
        // Twice the features of all images, and the statistics of 100 in between.
        #expect(probe(.automatic) - probe(.frozen) > 120 * 0.1 + 100 * 0.3 - 1e-9)
        #expect(probe(.automatic) - probe(.frozen) < 120 * 0.1 + 100 * 0.3 + 1)
    }

    @Test func theTimeBudgetIsKept() {
        for budget in [200.0, 600, 3000] {
            let found = Self.forecast { $0.timeBudget = budget }
            #expect(found.seconds < 1.1 * budget + 10, "\(found.seconds)")
        }
        let free = Self.forecast { $0.timeBudget = nil }
        // Three rates, another depth, two more seeds: 20 epochs each.
        let training = Self.part("training", of: free)
        #expect(abs(training - 20 * (5 * (70 + 2) + (42 + 2))) < 1e-9)
    }

    @Test func foldsTakeAsOftenAsLong() {
        let once = Self.forecast { $0.timeBudget = nil }
        let folded = Self.forecast(folds: 5) { $0.timeBudget = nil }
        let extra = folded.seconds - once.seconds
        #expect(extra > 4 * (once.seconds - 10) && extra < 5.2 * once.seconds)
    }

    @Test func knownSpeedsAreOnlyBelievedWhereTheyAreTimes() throws {
        let folder = try TemporaryFolder()
        let cache = SpeedCache(folder: folder.url)
        let key = SpeedCache.Key(
            device: .cpu, precision: .float32, statistics: .frozen,
            pass: .step(from: .stem, imageSize: 64), batchSize: 4, optimizer: .sgd, isAveraged: false)
        let speed = PassSpeed(secondsPerImage: 0.25, secondsPerCall: 0.5)
        #expect(cache.speed(key) == nil)
        cache.insert(speed, for: key)
        #expect(cache.speed(key) == speed && speed.seconds(images: 4) == 1.5)
        cache.insert(PassSpeed(secondsPerImage: .nan), for: key)
        #expect(cache.speed(key) == speed)
        try folder.write(
            Data("{\"\(key)\": {\"secondsPerImage\": -1, \"secondsPerCall\": 0}}".utf8), to: "speed.json")
        #expect(cache.speed(key) == nil)
        try folder.write(Data("[".utf8), to: "speed.json")
        #expect(cache.speed(key) == nil)
    }
}
