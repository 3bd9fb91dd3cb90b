import Foundation

/// A confidence interval.
public struct Interval: Codable, Sendable, Hashable {
    public let low: Double
    public let high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    public var width: Double { high - low }

    public func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// Mean, spread and interval of one metric over several runs that differ only in their seed.
public struct RunsSummary: Codable, Sendable, Hashable {
    public let mean: Double
    /// Sample standard deviation (n − 1); `nil` for a single run.
    public let standardDeviation: Double?
    /// Student's t interval for the mean; `nil` for a single run.
    public let interval: Interval?
    public let runs: Int
}

/// Confidence intervals; `confidence` is 0.95 unless told otherwise.
public enum Intervals {
    /// Default confidence.
    public static let confidence = 0.95

    /// Wilson's score interval for a proportion (Wilson 1927): sound for small counts, never outside 0...1.
    ///
    /// - Returns: `nil` when `total` is 0. Throws unless 0 ≤ `successes` ≤ `total`.
    public static func wilson(
        successes: Int, total: Int, confidence: Double = Intervals.confidence
    ) throws -> Interval? {
        try requireConfidence(confidence)
        try requireCounts(successes: successes, total: total)
        guard total > 0 else { return nil }
        let z = Distributions.normalQuantile(0.5 + confidence / 2)
        let n = Double(total)
        let share = Double(successes) / n
        let middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
        // Exactly 0 and 1 at the ends, without rounding errors.
        return Interval(
            low: successes == 0 ? 0 : max(0, middle - half),
            high: successes == total ? 1 : min(1, middle + half))
    }

    /// Upper bound of a proportion that holds with this confidence whatever the proportion is (Clopper & Pearson,
    /// 1934; one-sided).
    ///
    /// - Returns: `nil` when `total` is 0. Throws unless 0 ≤ `successes` ≤ `total`.
    public static func clopperPearsonUpper(
        successes: Int, total: Int, confidence: Double = Intervals.confidence
    ) throws -> Double? {
        try requireConfidence(confidence)
        try requireCounts(successes: successes, total: total)
        guard total > 0 else { return nil }
        guard successes < total else { return 1 }
        return Distributions.betaQuantile(confidence, Double(successes + 1), Double(total - successes))
    }

    /// Mean of a metric over runs with Student's t interval for that mean.
    public static func overRuns(
        _ values: [Double], confidence: Double = Intervals.confidence
    ) throws -> RunsSummary {
        try requireConfidence(confidence)
        guard !values.isEmpty else { throw EvaluationError.empty(what: "runs") }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw EvaluationError.notFinite(what: "runs", row: bad, column: 0, value: "\(values[bad])")
        }
        let n = Double(values.count)
        let average = TailorEvaluation.mean(values)
        guard values.count > 1 else {
            return RunsSummary(mean: average, standardDeviation: nil, interval: nil, runs: 1)
        }
        let squares = values.reduce(0) { $0 + ($1 - average) * ($1 - average) }
        let deviation = (squares / (n - 1)).squareRoot()
        let t = Distributions.studentQuantile(0.5 + confidence / 2, degreesOfFreedom: values.count - 1)
        let half = t * deviation / n.squareRoot()
        return RunsSummary(
            mean: average, standardDeviation: deviation,
            interval: Interval(low: average - half, high: average + half), runs: values.count)
    }

    private static func requireCounts(successes: Int, total: Int) throws {
        guard successes >= 0, successes <= total else {
            throw EvaluationError.invalidArgument(
                name: "successes", expected: "0...\(max(total, 0))", got: "\(successes)")
        }
    }

    static func requireConfidence(_ confidence: Double) throws {
        guard confidence > 0, confidence < 1 else {
            throw EvaluationError.invalidArgument(
                name: "confidence", expected: "above 0 and below 1", got: "\(confidence)")
        }
    }
}
