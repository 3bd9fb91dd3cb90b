import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

@Suite struct IntervalTests {
    @Test func wilsonAgainstSciPy() throws {
        for golden in try Golden.load().wilson {
            let interval = try #require(
                try Intervals.wilson(
                    successes: golden.successes, total: golden.total, confidence: golden.confidence))
            expectSame([interval.low, interval.high], [golden.low, golden.high], "\(golden)")
        }
        #expect(try Intervals.wilson(successes: 0, total: 0) == nil)
    }

    @Test func studentAgainstSciPy() throws {
        for golden in try Golden.load().runs {
            let summary = try Intervals.overRuns(golden.values, confidence: golden.confidence)
            #expect(summary.runs == golden.values.count)
            expectSame(
                [summary.mean, summary.standardDeviation, summary.interval?.low, summary.interval?.high],
                [golden.mean, golden.deviation, golden.low, golden.high], "\(golden)")
        }
        let single = try Intervals.overRuns([0.8])
        #expect(single.mean == 0.8 && single.interval == nil && single.standardDeviation == nil)
    }

    /// The reference has 100,000 resamples of its own generator; 2,000 of ours differ by sampling alone.
    @Test func bootstrapAgainstNumPy() throws {
        for golden in try Golden.load().bootstrap {
            let found = try Intervals.bootstrap(
                labels: golden.labels, predictions: golden.predictions, classCount: golden.classCount,
                seed: 7)
            for (ours, theirs) in [
                (found.macroF1, golden.macroF1), (found.balancedAccuracy, golden.balancedAccuracy),
            ] {
                let tolerance = 0.08 * (theirs[1] - theirs[0])
                expectClose([ours.low, ours.high], theirs, absolute: tolerance)
            }
            expectClose(found.macroF1Mean, golden.macroF1Mean, absolute: 0.003)
            expectClose(found.balancedAccuracyMean, golden.balancedAccuracyMean, absolute: 0.003)
        }
    }

    @Test func bootstrapIsItsSeed() throws {
        let golden = try #require(try Golden.load().bootstrap.first)
        func interval(_ seed: UInt64) throws -> MacroIntervals {
            try Intervals.bootstrap(
                labels: golden.labels, predictions: golden.predictions, classCount: 2, resamples: 200,
                seed: seed)
        }
        #expect(try interval(1) == interval(1))
        #expect(try interval(1) != interval(2))
    }

    /// Of 400 experiments with a known balanced accuracy, about 95 % must hold it.
    @Test func bootstrapCovers() throws {
        var generator = SeededGenerator(seed: 11)
        let recalls = [0.8, 0.65, 0.9]
        let truth = recalls.reduce(0, +) / 3
        var hits = 0
        for experiment in 0..<400 {
            var labels: [Int] = []
            var predictions: [Int] = []
            for (label, recall) in recalls.enumerated() {
                for _ in 0..<80 {
                    labels.append(label)
                    let wrong = (label + 1 + generator.integer(below: 2)) % 3
                    predictions.append(generator.chance(recall) ? label : wrong)
                }
            }
            let found = try Intervals.bootstrap(
                labels: labels, predictions: predictions, classCount: 3, resamples: 300,
                seed: UInt64(experiment))
            if found.balancedAccuracy.contains(truth) { hits += 1 }
        }
        // Three standard deviations around the nominal coverage, and a point for the method's bias.
        #expect((0.907...0.983).contains(Double(hits) / 400))
    }

    @Test func aFlawlessResultHasNoWidthAndSaysSo() throws {
        let evaluation = try ModelEvaluation(
            logits: ScoreMatrix(rows: (0..<80).map { $0 % 2 == 0 ? [3, 0] : [0, 3] }),
            labels: (0..<80).map { $0 % 2 }, classes: ["a", "b"])
        #expect(evaluation.intervals.macroF1 == Interval(low: 1, high: 1))
        #expect(evaluation.intervals.accuracy.low < 0.96)
        #expect(
            evaluation.cautions == [
                "No class varies under resampling, so the macro figures' intervals have no width; "
                    + "the accuracy's interval says how much 80 samples can prove."
            ])
    }
}
