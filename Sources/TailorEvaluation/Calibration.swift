import Foundation

/// Whether confidence means what it says, and the one number that mends it.
public enum Calibration {
    /// Samples whose confidence falls in one range.
    public struct Bin: Codable, Sendable, Hashable {
        /// Confidence range, `low` exclusive, `high` inclusive.
        public let low: Double
        public let high: Double
        public let count: Int
        /// Mean confidence and share of right predictions; `nil` in an empty bin.
        public let confidence: Double?
        public let accuracy: Double?
    }

    /// A fitted temperature and what it changed.
    public struct TemperatureFit: Codable, Sendable, Hashable {
        /// Divide logits by this; above 1 the model was overconfident.
        public let temperature: Double
        /// Mean negative log-likelihood in nats at temperature 1 and at the fitted one.
        public let lossBefore: Double
        public let lossAfter: Double
        /// False when the samples do not fix a temperature within `temperatureRange`.
        ///
        /// Predictions that are all right would sharpen without end: that is no evidence, and the
        /// temperature stays 1. Predictions worse than chance would soften without end: the upper bound.
        public let isDetermined: Bool
    }

    public static let bins = 15
    /// Temperatures searched.
    public static let temperatureRange = 0.05...20.0

    /// Reliability table: equal-width bins of the top probability (Guo et al. 2017).
    public static func reliability(
        _ probabilities: ScoreMatrix, labels: [Int], bins: Int = Calibration.bins
    ) throws -> [Bin] {
        guard bins > 0 else {
            throw EvaluationError.invalidArgument(name: "bins", expected: "at least 1", got: "\(bins)")
        }
        try probabilities.require(labels: labels)
        try probabilities.requireProbabilities()
        var counts = [Int](repeating: 0, count: bins)
        var confidences = [Double](repeating: 0, count: bins)
        var correct = [Int](repeating: 0, count: bins)
        for (row, predicted) in probabilities.predictions.enumerated() {
            let confidence = probabilities[row, predicted]
            var bin = min(max(Int(confidence * Double(bins)), 0), bins - 1)
            // Rounding of the product may miss an edge by one; edges belong to the bin below.
            if bin > 0, confidence <= Double(bin) / Double(bins) { bin -= 1 }
            if bin < bins - 1, confidence > Double(bin + 1) / Double(bins) { bin += 1 }
            counts[bin] += 1
            confidences[bin] += confidence
            if predicted == labels[row] { correct[bin] += 1 }
        }
        return (0..<bins).map { bin in
            let count = counts[bin]
            return Bin(
                low: Double(bin) / Double(bins), high: Double(bin + 1) / Double(bins), count: count,
                confidence: count == 0 ? nil : confidences[bin] / Double(count),
                accuracy: count == 0 ? nil : Double(correct[bin]) / Double(count))
        }
    }

    /// Expected calibration error: |accuracy − confidence| averaged over the bins by their share of samples, 0...1
    /// (Guo et al. 2017).
    public static func ece(
        _ probabilities: ScoreMatrix, labels: [Int], bins: Int = Calibration.bins
    ) throws -> Double {
        ece(try reliability(probabilities, labels: labels, bins: bins))
    }

    /// Expected calibration error of a reliability table.
    public static func ece(_ table: [Bin]) -> Double {
        let total = table.reduce(0) { $0 + $1.count }
        guard total > 0 else { return 0 }
        return table.reduce(0) { sum, bin in
            guard let confidence = bin.confidence, let accuracy = bin.accuracy else { return sum }
            return sum + abs(accuracy - confidence) * Double(bin.count) / Double(total)
        }
    }

    /// The temperature that minimises the negative log-likelihood of `labels` (Guo et al. 2017).
    ///
    /// Fit it on validation logits, never on the test set.
    public static func fitTemperature(logits: ScoreMatrix, labels: [Int]) throws -> Double {
        try temperatureFit(logits: logits, labels: labels).temperature
    }

    /// As `fitTemperature`, with the loss before and after.
    ///
    /// The loss is convex in β = 1/T, so its derivative has one zero; Newton steps kept inside a
    /// shrinking bracket find it.
    public static func temperatureFit(logits: ScoreMatrix, labels: [Int]) throws -> TemperatureFit {
        try logits.require(labels: labels)
        var low = 1 / temperatureRange.upperBound
        var high = 1 / temperatureRange.lowerBound
        let before = likelihood(logits, labels, beta: 1)
        var beta = 1.0
        var isDetermined = false
        if likelihood(logits, labels, beta: low).slope > 0 {
            beta = low
        } else if likelihood(logits, labels, beta: high).slope > 0 {
            isDetermined = true
            for _ in 0..<200 {
                let here = likelihood(logits, labels, beta: beta)
                if here.slope == 0 { break }
                if here.slope < 0 { low = beta } else { high = beta }
                let newton = here.curvature > 0 ? beta - here.slope / here.curvature : .nan
                let next = newton > low && newton < high ? newton : (low + high) / 2
                let step = abs(next - beta)
                beta = next
                if step <= 1e-12 * beta { break }
            }
        }
        return TemperatureFit(
            temperature: 1 / beta, lossBefore: before.loss,
            lossAfter: likelihood(logits, labels, beta: beta).loss, isDetermined: isDetermined)
    }

    /// Mean negative log-likelihood of softmax(β·logits) and its first two derivatives in β.
    private static func likelihood(
        _ logits: ScoreMatrix, _ labels: [Int], beta: Double
    ) -> (loss: Double, slope: Double, curvature: Double) {
        var (loss, slope, curvature) = (0.0, 0.0, 0.0)
        for row in 0..<logits.count {
            let scores = logits[row]
            let largest = scores.max() ?? 0
            var (sum, first, second) = (0.0, 0.0, 0.0)
            for score in scores {
                let z = score - largest
                let weight = exp(beta * z)
                sum += weight
                first += weight * z
                second += weight * z * z
            }
            let expected = first / sum
            let own = logits[row, labels[row]] - largest
            loss += log(sum) - beta * own
            slope += expected - own
            curvature += second / sum - expected * expected
        }
        let n = Double(logits.count)
        return (loss / n, slope / n, curvature / n)
    }
}
