import Foundation
import TailorEvaluation
import TestSupport
import Testing

@Suite struct MetricsAgainstScikitLearn {
    @Test(arguments: try Golden.load().cases)
    func everyFigure(_ golden: Golden.Case) throws {
        let metrics = try ClassificationMetrics(
            labels: golden.labels, predictions: golden.predictions, classes: golden.classes)
        #expect(metrics.n == golden.labels.count)
        expectSame(metrics.accuracy, golden.accuracy)
        expectSame(metrics.balancedAccuracy, golden.balancedAccuracy)
        expectSame(metrics.macroF1, golden.macroF1)
        #expect(metrics.perClass.map(\.name) == golden.classes)
        #expect(metrics.perClass.map(\.support) == golden.support)
        expectSame(metrics.perClass.map(\.precision), golden.precision)
        expectSame(metrics.perClass.map(\.recall), golden.recall)
        expectSame(metrics.perClass.map(\.f1), golden.f1)
        #expect(metrics.confusion.rows == golden.confusion)

        let p = try probabilities(golden)
        #expect(p.predictions == golden.predictions)
        expectSame(try ProbabilityScores.logLoss(p, labels: golden.labels), golden.logLoss)
        expectSame(try ProbabilityScores.brier(p, labels: golden.labels), golden.brier)
        expectSame(try Ranking.auroc(p, labels: golden.labels), golden.auroc)
        expectSame(try Ranking.aurocPerClass(p, labels: golden.labels), golden.aurocPerClass)
        expectSame(
            try Ranking.averagePrecisionPerClass(p, labels: golden.labels),
            golden.averagePrecisionPerClass)
        expectSame(try Calibration.ece(p, labels: golden.labels), golden.ece)
        let table = try Calibration.reliability(p, labels: golden.labels)
        #expect(table.map(\.count) == golden.binCounts)
    }

    @Test(arguments: try Golden.load().cases.filter { $0.temperature != nil })
    func temperature(_ golden: Golden.Case) throws {
        let logits = try ScoreMatrix(try #require(golden.logits), classCount: golden.classes.count)
        let fit = try Calibration.temperatureFit(logits: logits, labels: golden.labels)
        #expect(fit.isDetermined)
        // SciPy's search compares losses, which are flat to 1e-8 around the optimum.
        expectSame(fit.temperature, golden.temperature, relative: 1e-5)
        expectSame(fit.lossBefore, golden.nll)
        #expect(fit.lossAfter <= fit.lossBefore)
        #expect(try Calibration.fitTemperature(logits: logits, labels: golden.labels) == fit.temperature)
    }

    /// The whole evaluation agrees with its parts, and takes float logits.
    @Test func evaluation() throws {
        let golden = try #require(try Golden.load().cases.first)
        let floats = try #require(golden.logits).map(Float.init)
        let logits = try ScoreMatrix(floats, classCount: golden.classes.count)
        let evaluation = try ModelEvaluation(
            logits: logits, labels: golden.labels, classes: golden.classes, temperature: 4.5, seed: 1)
        expectSame(evaluation.metrics.macroF1, golden.macroF1)
        expectSame(evaluation.auroc, golden.auroc)
        expectSame(evaluation.eceUncalibrated, golden.ece, relative: 1e-5)
        #expect(evaluation.ece < golden.ece)
        #expect(evaluation.intervals.accuracy.contains(golden.accuracy))
        #expect(evaluation.intervals.macroF1.contains(golden.macroF1))
        #expect(
            evaluation.cautions == ["Fewer than 30 samples of “defective”: their figures can move a lot."])
    }

    private func probabilities(_ golden: Golden.Case) throws -> ScoreMatrix {
        if let logits = golden.logits {
            return try ScoreMatrix(logits, classCount: golden.classes.count).softmax()
        }
        return try ScoreMatrix(try #require(golden.probabilities), classCount: golden.classes.count)
    }
}

@Suite struct CalibrationEdges {
    @Test func nothingWrongFixesNoTemperature() throws {
        let logits = try ScoreMatrix(rows: [[5, 0], [0, 3], [4, 1]])
        let fit = try Calibration.temperatureFit(logits: logits, labels: [0, 1, 0])
        #expect(fit.temperature == 1)
        #expect(!fit.isDetermined)
    }

    @Test func worseThanChanceSoftensToTheBound() throws {
        let logits = try ScoreMatrix(rows: [[5, 0], [0, 3], [4, 1]])
        let fit = try Calibration.temperatureFit(logits: logits, labels: [1, 0, 1])
        #expect(fit.temperature == Calibration.temperatureRange.upperBound)
        #expect(!fit.isDetermined)
    }

    /// Of two classes, the true one 5 above: β·5 is the logit of the smoothed target, 1 − ε/2.
    @Test func smoothedTargetsBoundTheConfidence() throws {
        let logits = try ScoreMatrix(rows: [[5, 0], [-3, 2], [1, -4]])
        let fit = try Calibration.temperatureFit(logits: logits, labels: [0, 1, 0], smoothing: 0.1)
        expectClose(fit.temperature, 5 / log(0.95 / 0.05), absolute: 1e-9)
        expectClose(fit.lossAfter, -0.95 * log(0.95) - 0.05 * log(0.05), absolute: 1e-9)
        #expect(fit.isDetermined)
    }

    @Test func hugeLogitsDoNotOverflow() throws {
        let p = try ScoreMatrix(rows: [[1e300, -1e300, 0], [-1e4, -1e4, -1e4]]).softmax()
        #expect(Array(p[0]) == [1, 0, 0])
        expectSame(Array(p[1]), [1.0 / 3, 1.0 / 3, 1.0 / 3])
    }
}

@Suite struct EvaluationErrors {
    @Test func wording() throws {
        let classes = ["a", "b"]
        let cases: [(String, () throws -> Any)] = [
            (
                "samples: expected at least one, got none",
                { try ClassificationMetrics(labels: [], predictions: [], classes: classes) }
            ),
            (
                "predictions: expected 2, got 1",
                { try ClassificationMetrics(labels: [0, 1], predictions: [0], classes: classes) }
            ),
            (
                "label 1: expected a class index in 0..<2, got 2",
                { try ClassificationMetrics(labels: [0, 2], predictions: [0, 1], classes: classes) }
            ),
            (
                "prediction 0: expected a class index in 0..<2, got -1",
                { try ConfusionMatrix(labels: [0], predictions: [-1], classes: classes) }
            ),
            (
                "scores, row 1, class 0: expected a finite number, got nan",
                { try ScoreMatrix([1.0, 2, .nan, 0], classCount: 2) }
            ),
            ("scores for 2 classes: expected 2, got 3", { try ScoreMatrix([1.0, 2, 3], classCount: 2) }),
            (
                "columns of logits: expected 3, got 2",
                {
                    try ModelEvaluation(
                        logits: ScoreMatrix([1.0, 2], classCount: 2), labels: [0], classes: ["a", "b", "c"])
                }
            ),
            (
                "probabilities, row 0: expected numbers in 0...1 that sum to 1, got a sum of 0.5",
                { try ProbabilityScores.brier(ScoreMatrix([0.25, 0.25], classCount: 2), labels: [0]) }
            ),
            (
                "temperature: expected a positive number, got 0.0",
                { try ScoreMatrix([1.0, 2], classCount: 2).softmax(temperature: 0) }
            ),
            ("successes: expected 0...3, got 4", { try Intervals.wilson(successes: 4, total: 3) as Any }),
            (
                "confidence: expected above 0 and below 1, got 1.0",
                { try Intervals.overRuns([1], confidence: 1) }
            ),
        ]
        for (expected, body) in cases {
            let error = #expect(throws: EvaluationError.self) { _ = try body() }
            #expect(error?.description == expected)
        }
    }
}

@Suite struct ConfusionTests {
    @Test func manyClassesCostWhatOccurs() throws {
        let classes = (0..<100_000).map { "c\($0)" }
        let confusion = try ConfusionMatrix(
            labels: [5, 5, 99_999], predictions: [5, 7, 5], classes: classes)
        #expect(confusion.cells.count == 3)
        #expect(
            EvaluationTables.confusionMatrix(confusion)
                == "true,predicted,count\nc5,c5,1\nc5,c7,1\nc99999,c5,1\n")
    }

    @Test func mostFrequentConfusionsFirst() throws {
        let confusion = try ConfusionMatrix(
            labels: [0, 0, 1, 1, 1, 2], predictions: [1, 0, 2, 2, 1, 0], classes: ["a", "b", "c"])
        #expect(
            confusion.confusions.map { [$0.label, $0.predicted, $0.count] } == [
                [1, 2, 2], [0, 1, 1], [2, 0, 1],
            ])
    }
}
