import Tailor
import TailorFineTuning
import TailorResNet
import TestSupport
import Testing

struct TimePlanTests {
    /// 10 ms an image forward: 0.96 s a step of the whole network, 0.64 s from layer3 on.
    private let plan = TimePlan(
        forwardSeconds: 0.01, validationSeconds: 1, trainImageSize: 224, stepsPerEpoch: 10, batchSize: 32)
    private let candidates = TaskSearch(rateFactors: [1, 3, 10], depths: [.layer3, .stem]).candidates(
        depth: .stem)

    @Test func aStepCostsByDepthAndArea() {
        expectClose(plan.stepSeconds(from: .stem, imageSize: 224), 0.96, absolute: 1e-12)
        expectClose(plan.stepSeconds(from: .layer3, imageSize: 224), 0.64, absolute: 1e-12)
        expectClose(plan.stepSeconds(from: .stem, imageSize: 112), 0.24, absolute: 1e-12)
        expectClose(plan.epochSeconds(from: .stem), 10.6, absolute: 1e-12)
    }

    /// Six candidates for 40 steps of 0.8 s on average, then two for 80.
    @Test func allRungsAreCounted() {
        let whole = plan.trials(candidates, steps: 40, secondsLeft: nil)
        #expect(whole == .init(candidates: candidates, imageSize: 224, steps: 40))
        expectClose(plan.seconds(whole), 6 * (40 * 0.8 + 1) + 2 * (80 * 0.8 + 1), absolute: 1e-9)
    }

    @Test func withLessTimeTrialsAreSmallerThenShorterThenFewer() {
        func trials(_ seconds: Double) -> TimePlan.Trials {
            plan.trials(candidates, steps: 40, secondsLeft: seconds)
        }
        #expect(trials(1200).imageSize == 224)
        #expect(trials(700) == .init(candidates: candidates, imageSize: 160, steps: 40))
        let whole = candidates.filter { $0.depth == .stem }
        #expect(trials(260) == .init(candidates: whole, imageSize: 160, steps: 40))
        #expect(trials(200) == .init(candidates: whole, imageSize: 128, steps: 40))
        #expect(trials(110) == .init(candidates: whole, imageSize: 128, steps: 30))
        #expect(trials(80) == .init(candidates: Array(whole.prefix(2)), imageSize: 128, steps: 30))
        #expect(trials(1).candidates.count == 1)
        for seconds in [1200.0, 700, 260, 200, 110, 80] {
            #expect(plan.seconds(trials(seconds)) <= 0.3 * seconds, "\(seconds)")
        }
    }

    @Test func epochsAreThoseThatFit() {
        #expect(plan.epochs(wished: 12, from: .stem, secondsLeft: nil) == 12)
        #expect(plan.epochs(wished: 12, from: .stem, secondsLeft: 1000) == 12)
        #expect(plan.epochs(wished: 12, from: .stem, secondsLeft: 54) == 5)
        #expect(plan.epochs(wished: 12, from: .stem, slowness: 2, secondsLeft: 54) == 2)
        #expect(plan.epochs(wished: 12, from: .stem, secondsLeft: -3) == 0)
    }

    @Test func fullRunsFitOrDoNot() {
        #expect(plan.fits(runs: 2, epochs: 10, from: .stem, secondsLeft: 212.1))
        #expect(!plan.fits(runs: 2, epochs: 10, from: .stem, secondsLeft: 211.9))
        #expect(plan.fits(runs: 2, epochs: 10, from: .stem, secondsLeft: nil))
    }

    @Test func fullRunsTryRatesThenDepthsThenSeeds() {
        let search = TaskSearch(rateFactors: [1, 3, 0.3], depths: [.stem, .layer3])
        func run(_ factor: Double, _ macroF1: Double?, _ depth: ResNet18.Stage = .stem) -> Trial {
            Trial(
                rung: nil, rateFactor: factor, depth: depth, steps: 1, imageSize: 64,
                validationLoss: macroF1.map { _ in 1 }, validationAccuracy: macroF1,
                validationMacroF1: macroF1, seconds: 1, seed: 1)
        }
        func next(_ runs: [Trial], seeds: Int = 2) -> Candidate? {
            search.nextFullRun(after: runs, seeds: seeds)
        }
        #expect(next([]) == nil && next([run(1, 0.5)], seeds: 1) == nil)
        #expect(next([run(1, 0.5)]) == Candidate(rateFactor: 3, depth: .stem))
        #expect(next([run(3, 0.5)]) == Candidate(rateFactor: 1, depth: .stem))
        #expect(next([run(1, nil), run(0.33, 0.5)]) == Candidate(rateFactor: 0.3, depth: .stem))
        let rates = [run(1, 0.5), run(3, 0.7), run(0.3, 0.6)]
        #expect(next(rates) == Candidate(rateFactor: 3, depth: .layer3))
        #expect(next(rates + [run(3, 0.6, .layer3)]) == Candidate(rateFactor: 3, depth: .stem))
        #expect(next(rates + [run(3, 0.8, .layer3)]) == Candidate(rateFactor: 3, depth: .layer3))
        #expect(next(rates + [run(3, 0.6, .layer3), run(3, 0.65)]) == nil)
        #expect(next(rates + [run(3, 0.6, .layer3), run(3, 0.65)], seeds: 3) != nil)
    }

    @Test func spreadIsThatOfRunsWithTheSameRates() throws {
        func result(_ seed: UInt64, _ macroF1: Double, _ factor: Double) -> SeedResult {
            SeedResult(
                seed: seed, epoch: 1, validationLoss: 1, validationAccuracy: 1, validationMacroF1: macroF1,
                rateFactor: factor, depth: .stem)
        }
        let results = [result(1, 0.5, 1), result(2, 0.8, 3), result(3, 0.7, 3), result(4, 0.6, 3)]
        #expect(results.best?.seed == 2)
        let spread = try #require(results.spread)
        #expect(spread.count == 3)
        expectClose(spread.mean, 0.7, absolute: 1e-12)
        expectClose(spread.standardDeviation, 0.1, absolute: 1e-12)
        // Student's t with two degrees of freedom: 4.3027.
        expectClose(spread.interval.upperBound, 0.7 + 4.3027 * 0.1 / 3.0.squareRoot(), absolute: 1e-4)
        #expect([result(1, 0.5, 1), result(2, 0.8, 3)].spread == nil)
        // Tables of the distribution: 2.776, 2.262, 2.042.
        for (freedom, expected) in [(4, 2.776), (9, 2.262), (30, 2.042)] {
            expectClose([SeedResult].quantile(freedom: freedom), expected, absolute: 0.01)
        }
    }

    /// 100 steps, shortened after 20 to 60 in all: the rest runs twice as fast, and ends at the end.
    @Test func aShortenedRunReachesTheEndOfItsSchedule() {
        let run = ShortenedRun(fromStep: 20, fromScheduled: 20, scheduledSteps: 100)
        #expect([20, 21, 40, 60].map { run.scheduledStep($0, of: 60) } == [20, 22, 60, 100])
    }

    @Test func theBestThirdGoesOn() {
        func trial(_ factor: Double, _ macroF1: Double?, loss: Double = 1) -> Trial {
            Trial(
                rung: 0, rateFactor: factor, depth: .stem, steps: 1, imageSize: 64,
                validationLoss: macroF1.map { _ in loss }, validationAccuracy: macroF1,
                validationMacroF1: macroF1,
                seconds: 1)
        }
        func survivors(_ trials: [Trial], _ images: Int) -> [Double] {
            TaskSearch.survivors(of: trials, imageCount: images).map(\.rateFactor)
        }
        let trials = [trial(1, 0.8), trial(2, nil), trial(3, 0.9), trial(4, 0.9, loss: 0.5)]
        #expect(survivors(trials, 1000) == [4, 3])
        #expect(survivors([trial(1, nil), trial(2, nil)], 10).isEmpty)
        #expect(survivors([trial(1, 0.5)], 10).isEmpty)
        // Of 100 images ten are missed: 0.9 give or take 0.03. The loss decides among those, not beyond.
        let close = [trial(1, 0.9), trial(2, 0.88, loss: 0.4), trial(3, 0.86, loss: 0.1)]
        #expect(survivors(close, 100) == [2])
        #expect(survivors(close, 100_000) == [1])
        #expect((1...9).map(TaskSearch.survivorCount) == [1, 1, 1, 2, 2, 2, 3, 3, 3])
        let middle = TaskSearch(rateFactors: [10, 1, 3], depths: [.layer3, .stem]).middle(depth: .head)
        #expect(middle == Candidate(rateFactor: 3, depth: .stem))
    }
}
