import Foundation
import TestSupport
import Testing

/// `Golden/evaluation.json`, made by Scripts/golden/evaluation.py with scikit-learn, SciPy and NumPy.
struct Golden: Decodable, Sendable {
    struct Case: Decodable, Sendable, CustomStringConvertible {
        var name: String
        var classes: [String]
        var labels: [Int]
        var logits: [Double]?
        var probabilities: [Double]?
        var predictions: [Int]
        var accuracy, balancedAccuracy, macroF1: Double
        var precision, recall, f1: [Double?]
        var support: [Int]
        var confusion: [[Int]]
        var logLoss, brier: Double
        var auroc: Double?
        var aurocPerClass, averagePrecisionPerClass: [Double?]
        var ece: Double
        var binCounts: [Int]
        var temperature, nll: Double?

        var description: String { name }
    }

    struct Wilson: Decodable, Sendable {
        var successes, total: Int
        var confidence, low, high: Double
    }

    struct Runs: Decodable, Sendable {
        var values: [Double]
        var confidence, mean, deviation, low, high: Double
    }

    struct Bootstrap: Decodable, Sendable {
        var labels, predictions: [Int]
        var classCount: Int
        var macroF1, balancedAccuracy: [Double]
        var macroF1Mean, balancedAccuracyMean: Double
    }

    var cases: [Case]
    var wilson: [Wilson]
    var runs: [Runs]
    var bootstrap: [Bootstrap]

    static func load() throws -> Golden { try GoldenFiles(.module).json(from: "evaluation.json") }
}

/// Equal within a relative 1e-9 or an absolute 1e-12; not available equals only not available.
func expectSame(
    _ actual: [Double?], _ expected: [Double?], relative: Double = 1e-9, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectClose(
        actual, expected, relative: relative, absolute: 1e-12, what, sourceLocation: sourceLocation)
}

func expectSame(
    _ actual: Double?, _ expected: Double?, relative: Double = 1e-9, _ what: String = "",
    sourceLocation: SourceLocation = #_sourceLocation
) {
    expectSame([actual], [expected], relative: relative, what, sourceLocation: sourceLocation)
}
