import Foundation
import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

/// Rejecting, weighing mistakes, noticing the unfamiliar: numbers by hand.
struct DecisionTests {
    private func binary(_ positives: [Double]) throws -> ScoreMatrix {
        try ScoreMatrix(rows: positives.map { [1 - $0, $0] })
    }

    @Test func coverageAgainstError() throws {
        // Sorted by confidence: 0.99 right, 0.9 right, 0.8 wrong, 0.6 right, 0.6 wrong.
        let scores = try binary([0.99, 0.1, 0.8, 0.4, 0.6])
        let labels = [1, 0, 0, 0, 0]
        let table = try SelectivePrediction.table(scores, labels: labels)
        #expect(table.first?.coverage == 1 && table.first?.error == 0.4 && table.first?.threshold == 0.6)
        // Half of five is three: 0.99, 0.9 and 0.8.
        #expect(table.last?.coverage == 0.6 && table.last?.error == 1 / 3.0)
        // Both of 0.6 or none; equal rows once.
        #expect(table.map(\.coverage) == [1, 0.6])
    }

    /// What a threshold promises holds with 95 % confidence, not for these few samples alone.
    @Test func thePromisedErrorIsAnUpperBound() throws {
        // Of 100 answers the 60 surest are right, of the others every fourth is wrong.
        let scores = try binary((0..<100).map { 0.99 - 0.001 * Double($0) })
        let labels = (0..<100).map { $0 >= 60 && $0.isMultiple(of: 4) ? 0 : 1 }
        // No wrong answer among n: 1 − 0.05^(1/n), which for 60 is 0.0487.
        let surest = try #require(try SelectivePrediction.promise(maximumError: 0.05, scores, labels: labels))
        #expect(surest.accepted == 60 && surest.wrong == 0)
        expectClose(surest.upperBound, 1 - pow(0.05, 1 / 60.0), absolute: 1e-12)
        expectClose(surest.point.threshold, 0.931, absolute: 1e-12)
        #expect(try SelectivePrediction.promise(maximumError: 0.048, scores, labels: labels) == nil)
        let best = try #require(try SelectivePrediction.bestPromise(scores, labels: labels))
        #expect(best == surest)
        // 10 of 100 were wrong, which shows no more than 0.164 (R: binom.test(10, 100, alternative = "less")).
        let all = try #require(try SelectivePrediction.promise(maximumError: 0.1638, scores, labels: labels))
        #expect(all.accepted == 100 && all.wrong == 10)
        expectClose(all.upperBound, 0.16372, absolute: 1e-5)
        #expect(
            try #require(try SelectivePrediction.promise(maximumError: 0.1636, scores, labels: labels))
                .accepted
                < 100)
        #expect(try Intervals.clopperPearsonUpper(successes: 3, total: 3) == 1)
        #expect(try Intervals.clopperPearsonUpper(successes: 0, total: 0) == nil)
        #expect(throws: EvaluationError.self) { try Intervals.clopperPearsonUpper(successes: 4, total: 3) }
    }

    /// A cost rule changes the answers; their confidence and their errors are what counts.
    @Test func thePromiseIsAboutTheAnswersGiven() throws {
        // 80 sure and right; 20 where the positive class has 0.3 and is answered, wrongly in half of them.
        let scores = try binary([Double](repeating: 0.01, count: 80) + [Double](repeating: 0.3, count: 20))
        let labels = [Int](repeating: 0, count: 80) + (0..<20).map { $0 % 2 }
        let answers = [Int](repeating: 0, count: 80) + [Int](repeating: 1, count: 20)
        let plain = try #require(try SelectivePrediction.promise(maximumError: 0.2, scores, labels: labels))
        #expect(plain.accepted == 100 && plain.wrong == 10)
        let given = try #require(
            try SelectivePrediction.promise(maximumError: 0.05, scores, answers: answers, labels: labels))
        #expect(given.accepted == 80 && given.wrong == 0 && given.point.threshold == 0.99)
        let table = try SelectivePrediction.table(scores, answers: answers, labels: labels)
        #expect(table.first?.threshold == 0.3 && table.first?.error == 0.1)
    }

    @Test func missesThatCostMoreLowerTheThreshold() throws {
        let scores = try binary([0.9, 0.6, 0.3, 0.2, 0.35, 0.1, 0.05])
        let labels = [1, 1, 1, 0, 0, 0, 0]
        func fit(_ negative: Double, _ positive: Double) throws -> CostRule {
            try CostRule.fit(
                scores, labels: labels, classes: ["good", "bad"], positive: 1, falseNegative: negative,
                falsePositive: positive)
        }
        let dear = try fit(10, 1)
        // One good taken for bad is the price for finding all bad ones.
        #expect(dear.threshold > 0.2 && dear.threshold < 0.3)
        expectClose([dear.cost, dear.costWithout], [1 / 7.0, 10 / 7.0], absolute: 1e-12)
        #expect(dear.decide([0.72, 0.28], classes: ["good", "bad"]) == 1)
        #expect(dear.decide([0.9, 0.1], classes: ["good", "bad"]) == 0)
        let cheap = try fit(1, 10)
        #expect(cheap.threshold > 0.35)
        expectClose(cheap.cost, 1 / 7.0, absolute: 1e-12)
        // Three classes: below the threshold the best of the others.
        let rule = CostRule(
            positive: "b", threshold: 0.2, falseNegative: 5, falsePositive: 1, cost: 0, costWithout: 0)
        #expect(rule.decide([0.5, 0.25, 0.25], classes: ["a", "b", "c"]) == 1)
        #expect(rule.decide([0.3, 0.1, 0.6], classes: ["a", "b", "c"]) == 2)
        #expect(throws: EvaluationError.self) { try fit(0, 1) }
        #expect(throws: EvaluationError.self) { try fit(1, .infinity) }
    }

    @Test func distanceInDeviations() throws {
        // Two classes around (0, 10) and (4, 10); the second feature varies three times as much.
        let training: [[Float]] = [[-1, 7], [1, 13], [3, 7], [5, 13]]
        let validation: [[Float]] = [[0, 10], [1, 10], [4, 13]]
        let fitted = try #require(
            FeatureDistance.fit(
                training: training, labels: [0, 0, 1, 1], classCount: 2, validation: validation))
        let measure = fitted.measure()
        #expect(measure.distance(of: [0, 10]) == 0)
        expectClose(measure.distance(of: [2, 10]), (4 / 2.0).squareRoot(), absolute: 1e-5)
        expectClose(measure.distance(of: [0, 16]), (4 / 2.0).squareRoot(), absolute: 1e-5)
        // Nearest class, not the first.
        expectClose(measure.distance(of: [5, 10]), (1 / 2.0).squareRoot(), absolute: 1e-5)
        expectClose(fitted.threshold, (1 / 2.0).squareRoot(), absolute: 1e-5)
        #expect(measure.distance(of: [1]) == .infinity)
        #expect(fitted.firstProblem(classCount: 2, featureCount: 2) == nil)
        #expect(fitted.firstProblem(classCount: 3, featureCount: 2) != nil)
        #expect(FeatureDistance.fit(training: [[1]], labels: [0], classCount: 1, validation: [[1]]) == nil)
        // A class without training samples attracts nothing.
        let lonely = try #require(
            FeatureDistance.fit(
                training: training, labels: [0, 0, 2, 2], classCount: 3, validation: validation))
        #expect(lonely.measure().distance(of: [4, 10]) == 0)
        let back = try JSONDecoder().decode(FeatureDistance.self, from: JSONEncoder().encode(fitted))
        #expect(back == fitted)
    }
}
