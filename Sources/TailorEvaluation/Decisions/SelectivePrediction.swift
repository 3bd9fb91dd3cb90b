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

    /// What a threshold was shown to keep to on validation samples.
    public struct Promise: Codable, Sendable, Hashable {
        public var point: Point
        /// Number of accepted samples.
        public var accepted: Int
        /// Number of wrong answers among them.
        public var wrong: Int
        /// One-sided 95 % upper bound of the error, see ``Intervals/clopperPearsonUpper(successes:total:confidence:)``.
        public var upperBound: Double
    }

    /// Points at the thresholds that accept at least each of ``coverages``, without repeats.
    ///
    /// - Parameter answers: index of the class that is answered, one a sample; `nil` for the most probable.
    package static func table(
        _ probabilities: ScoreMatrix, answers: [Int]? = nil, labels: [Int]
    ) throws -> [Point] {
        let ranked = try Ranked(probabilities, answers: answers, labels: labels)
        var points: [Point] = []
        for coverage in coverages {
            let wanted = Int((coverage * Double(ranked.count)).rounded(.up))
            guard let point = try ranked.promise(accepting: max(wanted, 1))?.point, point != points.last
            else {
                continue
            }
            points.append(point)
        }
        return points
    }

    /// Lowest threshold at which the upper bound of the error is at most `maximumError`; `nil` if that cannot be
    /// shown for any.
    package static func promise(
        maximumError: Double, _ probabilities: ScoreMatrix, answers: [Int]? = nil, labels: [Int]
    ) throws -> Promise? {
        let ranked = try Ranked(probabilities, answers: answers, labels: labels)
        for count in stride(from: ranked.count, to: 0, by: -1) where ranked.share(of: count) <= maximumError {
            if let promise = try ranked.promise(accepting: count), promise.upperBound <= maximumError {
                return promise
            }
        }
        return nil
    }

    /// The promise with the smallest upper bound; `nil` without samples.
    package static func bestPromise(
        _ probabilities: ScoreMatrix, answers: [Int]? = nil, labels: [Int]
    ) throws -> Promise? {
        let ranked = try Ranked(probabilities, answers: answers, labels: labels)
        return try (1...max(ranked.count, 1)).prefix(ranked.count)
            .compactMap { try ranked.promise(accepting: $0) }
            .min { $0.upperBound < $1.upperBound }
    }

    /// Samples in order of falling confidence.
    private struct Ranked {
        let confidences: [Double]
        /// Number of wrong answers among the first n.
        let wrong: [Int]

        var count: Int { confidences.count }

        init(_ probabilities: ScoreMatrix, answers: [Int]?, labels: [Int]) throws {
            try probabilities.require(labels: labels)
            try probabilities.requireProbabilities()
            let answers = answers ?? probabilities.predictions
            let confidence = answers.indices.map { probabilities[$0, answers[$0]] }
            let order = confidence.indices.sorted { (confidence[$1], $0) < (confidence[$0], $1) }
            confidences = order.map { confidence[$0] }
            var wrong = [0]
            for index in order {
                wrong.append(wrong[wrong.count - 1] + (answers[index] == labels[index] ? 0 : 1))
            }
            self.wrong = wrong
        }

        /// Share of wrong answers among the surest `count` samples, of which there is at least one.
        func share(of count: Int) -> Double { Double(wrong[count]) / Double(count) }

        /// Accepts the surest `count` samples and those as sure as the last of them.
        func promise(accepting count: Int) throws -> Promise? {
            let threshold = confidences[count - 1]
            var accepted = count
            while accepted < confidences.count, confidences[accepted] == threshold { accepted += 1 }
            guard let interval = try Intervals.wilson(successes: wrong[accepted], total: accepted),
                let bound = try Intervals.clopperPearsonUpper(successes: wrong[accepted], total: accepted)
            else { return nil }
            return Promise(
                point: Point(
                    threshold: threshold, coverage: Double(accepted) / Double(confidences.count),
                    error: share(of: accepted), interval: interval),
                accepted: accepted, wrong: wrong[accepted], upperBound: bound)
        }
    }
}
