/// Selective prediction: rejecting unsure answers trades coverage for error (El-Yaniv & Wiener, 2010; Geifman
/// & El-Yaniv, 2017).
///
/// Thresholds are chosen on validation samples, never on the test set.
public enum SelectivePrediction {
    /// Coverage and error at one threshold.
    public struct Point: Codable, Sendable, Hashable {
        /// Smallest probability that is still accepted, 0...1.
        public var threshold: Double
        /// Share of the samples that get an answer, 0...1.
        public var coverage: Double
        /// Share of wrong answers among those accepted, 0...1.
        public var error: Double
        /// Wilson's 95 % interval of ``error``.
        public var interval: Interval
    }

    /// Coverages in ``table(_:labels:)``.
    static let coverages = [1, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5]

    /// Points at the thresholds that accept at least each of ``coverages``, without repeats.
    package static func table(_ probabilities: ScoreMatrix, labels: [Int]) throws -> [Point] {
        let ranked = try Ranked(probabilities, labels: labels)
        var points: [Point] = []
        for coverage in coverages {
            let wanted = Int((coverage * Double(ranked.count)).rounded(.up))
            guard let point = try ranked.point(accepting: max(wanted, 1)), point != points.last else {
                continue
            }
            points.append(point)
        }
        return points
    }

    /// Lowest threshold whose answers have at most `maximumError`; `nil` if even the surest have more.
    package static func point(
        maximumError: Double, _ probabilities: ScoreMatrix, labels: [Int]
    ) throws -> Point? {
        let ranked = try Ranked(probabilities, labels: labels)
        for count in stride(from: ranked.count, to: 0, by: -1) {
            if let point = try ranked.point(accepting: count), point.error <= maximumError { return point }
        }
        return nil
    }

    /// Samples in order of falling confidence.
    private struct Ranked {
        let confidences: [Double]
        /// Number of wrong answers among the first n.
        let wrong: [Int]

        var count: Int { confidences.count }

        init(_ probabilities: ScoreMatrix, labels: [Int]) throws {
            try probabilities.require(labels: labels)
            try probabilities.requireProbabilities()
            let predictions = probabilities.predictions
            let confidence = predictions.indices.map { probabilities[$0, predictions[$0]] }
            let order = confidence.indices.sorted { (confidence[$1], $0) < (confidence[$0], $1) }
            confidences = order.map { confidence[$0] }
            var wrong = [0]
            for index in order {
                wrong.append(wrong[wrong.count - 1] + (predictions[index] == labels[index] ? 0 : 1))
            }
            self.wrong = wrong
        }

        /// Point that accepts the surest `count` samples and those as sure as the last of them.
        func point(accepting count: Int) throws -> Point? {
            let threshold = confidences[count - 1]
            var accepted = count
            while accepted < confidences.count, confidences[accepted] == threshold { accepted += 1 }
            guard let interval = try Intervals.wilson(successes: wrong[accepted], total: accepted) else {
                return nil
            }
            return Point(
                threshold: threshold, coverage: Double(accepted) / Double(confidences.count),
                error: Double(wrong[accepted]) / Double(accepted), interval: interval)
        }
    }
}
