import Foundation

/// Calibration of probabilities: reliability table, expected calibration error, temperature scaling.
public enum Calibration {
    /// One bin of a reliability table.
    public struct Bin: Codable, Sendable, Hashable {
        /// Lower bound of the confidence, exclusive.
        public let low: Double
        /// Upper bound of the confidence, inclusive.
        public let high: Double
        /// Number of samples.
        public let count: Int
        /// Mean confidence; `nil` in an empty bin.
        public let confidence: Double?
        /// Share of right predictions; `nil` in an empty bin.
        public let accuracy: Double?
    }

    /// A fitted temperature, with the loss before and after.
    public struct TemperatureFit: Codable, Sendable, Hashable {
        /// Divisor of the logits; above 1 the model was overconfident.
        public let temperature: Double
        /// Mean negative log-likelihood in nats at temperature 1.
        public let lossBefore: Double
        /// Mean negative log-likelihood in nats at the fitted temperature.
        public let lossAfter: Double
        /// True if the loss has its minimum within `temperatureRange`.
        ///
        /// All predictions right: the loss falls without end as the temperature does; it stays 1. Predictions
        /// worse than chance: the temperature is the upper bound.
        public let isDetermined: Bool
    }

    /// Default number of bins.
    public static let bins = 15
    /// Range of temperatures that is searched.
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

    /// Expected calibration error: |accuracy − confidence| averaged over the bins by their share of samples,
    /// 0...1 (Guo et al. 2017).
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

    /// Fits the temperature and reports the loss before and after.
    ///
    /// The loss is convex in β = 1/T, so its derivative has one zero; Newton steps kept inside a
    /// shrinking bracket find it.
    ///
    /// - Parameter smoothing: share of the target that is spread over all classes, 0 ..< 1.
    public static func temperatureFit(
        logits: ScoreMatrix, labels: [Int], smoothing: Double = 0
    ) throws -> TemperatureFit {
        try logits.require(labels: labels)
        var low = 1 / temperatureRange.upperBound
        var high = 1 / temperatureRange.lowerBound
        func likelihood(beta: Double) -> (loss: Double, slope: Double, curvature: Double) {
            Self.likelihood(logits, labels, beta: beta, smoothing: smoothing)
        }
        let before = likelihood(beta: 1)
        var beta = 1.0
        var isDetermined = false
        if likelihood(beta: low).slope > 0 {
            beta = low
        } else if likelihood(beta: high).slope > 0 {
            isDetermined = true
            for _ in 0..<200 {
                let here = likelihood(beta: beta)
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
            lossAfter: likelihood(beta: beta).loss, isDetermined: isDetermined)
    }

    /// Mean cross-entropy of smoothed targets and softmax(β·logits), and its first two derivatives in β.
    private static func likelihood(
        _ logits: ScoreMatrix, _ labels: [Int], beta: Double, smoothing: Double
    ) -> (loss: Double, slope: Double, curvature: Double) {
        var (loss, slope, curvature) = (0.0, 0.0, 0.0)
        for row in 0..<logits.count {
            let scores = logits[row]
            let largest = scores.max() ?? 0
            var (sum, first, second, total) = (0.0, 0.0, 0.0, 0.0)
            for score in scores {
                let z = score - largest
                let weight = exp(beta * z)
                sum += weight
                first += weight * z
                second += weight * z * z
                if smoothing > 0 { total += z }
            }
            let expected = first / sum
            let own =
                (1 - smoothing) * (logits[row, labels[row]] - largest)
                + smoothing * total / Double(scores.count)
            loss += log(sum) - beta * own
            slope += expected - own
            curvature += second / sum - expected * expected
        }
        let n = Double(logits.count)
        return (loss / n, slope / n, curvature / n)
    }
}

/// Temperature scaling of a model (Guo et al. 2017) and its effect on validation images.
public struct TemperatureScaling: Codable, Sendable, Equatable {
    /// Divisor of the logits before the softmax; fitted on validation images.
    public var temperature: Double
    /// Expected calibration error on validation images at temperature 1, 0...1; `nil` if not measured.
    public var eceBefore: Double?
    /// Expected calibration error on validation images at `temperature`, 0...1; `nil` if not measured.
    public var eceAfter: Double?

    package init(temperature: Double, eceBefore: Double? = nil, eceAfter: Double? = nil) {
        self.temperature = temperature
        self.eceBefore = eceBefore
        self.eceAfter = eceAfter
    }
}

/// Metrics of probabilities, not only of the predicted class.
public enum ProbabilityScores {
    /// Mean of −ln p(true class), in nats; probabilities are clipped to [2⁻⁵², 1 − 2⁻⁵²] as scikit-learn
    /// does.
    public static func logLoss(_ probabilities: ScoreMatrix, labels: [Int]) throws -> Double {
        try probabilities.require(labels: labels)
        try probabilities.requireProbabilities()
        let smallest = Double.ulpOfOne
        return mean(
            labels.enumerated().map { row, label in
                -log(min(max(probabilities[row, label], smallest), 1 - smallest))
            })
    }

    /// Mean squared distance between probabilities and the one-hot truth (Brier 1950).
    ///
    /// Summed over the classes, 0...2; halved for two classes, 0...1, the customary form
    /// (scikit-learn's `scale_by_half="auto"`).
    public static func brier(_ probabilities: ScoreMatrix, labels: [Int]) throws -> Double {
        try probabilities.require(labels: labels)
        try probabilities.requireProbabilities()
        let distances = labels.enumerated().map { row, label in
            var sum = 0.0
            for (column, p) in probabilities[row].enumerated() {
                let error = p - (column == label ? 1 : 0)
                sum += error * error
            }
            return sum
        }
        return mean(distances) / (probabilities.classCount == 2 ? 2 : 1)
    }
}
