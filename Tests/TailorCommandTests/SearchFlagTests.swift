import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// What the flags of search and time do to the recipe that is carried out.
@Suite struct SearchFlagTests {
    private func recipe(_ flags: String...) throws -> Recipe {
        let result = try Program.run(["train", "x", "--print-recipe"] + flags)
        #expect(result.code == 0, "\(result.errors)")
        return try JSONDecoder().decode(Recipe.self, from: Data(result.output.utf8))
    }

    @Test(arguments: [("90s", 90.0), ("10m", 600), ("1h30m", 5400), ("1.5m", 90)])
    func aTimeIsReadInTheUsualSpellings(_ text: String, _ seconds: Double) throws {
        #expect(try recipe("--time-budget", text).timeBudget == seconds)
    }

    @Test(arguments: ["", "m", "10x", "5m3h", "-3s", "1m1m", "nan", "10 m", "45", "1e3"])
    func whatIsNoTimeIsRefused(_ text: String) throws {
        let result = try Program.run(["train", "x", "--print-recipe", "--time-budget=\(text)"])
        #expect(result.code == 2 && result.errors.contains("time"), "\(result.errors)")
    }

    @Test func aNumberThatIsGivenIsNotSearched() throws {
        #expect(try recipe() == .standard)
        #expect(try recipe("--time-budget", "0").timeBudget == nil)
        let rate = try recipe("--lr", "0.001")
        #expect(rate.search?.rateFactors == [1] && rate.learningRates.head == 0.001)
        let epochs = try recipe("--epochs", "3")
        #expect(epochs.epochs == 3 && epochs.search == nil)
        #expect(epochs.seeds == 1 && epochs.timeBudget == nil)
        #expect(try recipe("--epochs", "3", "--search").search?.fullSteps == nil)
        let phases = try recipe(
            "--phases", "layer4:2,stem:1", "--seeds", "4", "--time-budget", "5m", "--search")
        #expect(phases.search?.depths == [] && phases.phases.map(\.epochs) == [2, 1])
        #expect(phases.seeds == 4 && phases.timeBudget == 300)
        #expect(try recipe("--crop-scale", "0.5:1").search?.leastCropScales == [])
        #expect(try recipe("--augment", "inspection").search?.leastCropScales == [])
        #expect(try recipe("--epochs", "0").search == nil)
        #expect(try recipe("--no-search").search == nil)
        #expect(try recipe("--search-rates", "2,4").search?.rateFactors == [2, 4])
        #expect(try recipe("--image-size", "auto").searchesImageSize)
        #expect(try recipe("--batch-norm", "task").batchNorm == .task)
        let trained = try recipe("--batch-norm", "trained")
        #expect(trained.batchNorm == .trained && trained.weightAveraging == nil)
    }

    @Test func whatHasNoEffectOrNoSenseIsRefused() throws {
        for (flags, message) in [
            (["--recipe", "quick", "--search-rates", "2"], "--search-rates: recipe quick searches nothing"),
            (["--search-rates", "2,x"], "--search-rates 2,x: expected NUMBER"),
            (["--seeds", "0"], "--seeds 0: expected 1"),
            (["--image-size", "10"], "--image-size 10: expected auto, or a whole number of 32 to 4096"),
            (["--batch-norm", "trained", "--weight-average", "0.9"], "frozen or task, not trained"),
        ] {
            let result = try Program.run(["train", "x", "--print-recipe"] + flags)
            #expect(result.code == 2 && result.errors.contains(message), "\(flags): \(result.errors)")
        }
    }
}
