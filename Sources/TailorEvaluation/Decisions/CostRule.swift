/// Decision threshold of one class that minimises the expected cost where errors differ in cost (Elkan,
/// 2001).
public struct CostRule: Codable, Sendable, Hashable {
    /// Name of the positive class.
    public var positive: String
    /// Probability from which on the positive class is predicted, whatever the others have, 0...1.
    public var threshold: Double
    /// Cost of a positive sample predicted as another class.
    public var falseNegative: Double
    /// Cost of a sample of another class predicted as positive.
    public var falsePositive: Double
    /// Mean cost of a validation sample under this rule.
    public var cost: Double
    /// Mean cost of a validation sample if the most probable class is predicted.
    public var costWithout: Double

    package init(
        positive: String, threshold: Double, falseNegative: Double, falsePositive: Double, cost: Double,
        costWithout: Double
    ) {
        self.positive = positive
        self.threshold = threshold
        self.falseNegative = falseNegative
        self.falsePositive = falsePositive
        self.cost = cost
        self.costWithout = costWithout
    }

    /// Fits the rule of least cost on these samples; of equal ones, the one whose threshold is nearest to
    /// falsePositive / (falsePositive + falseNegative), the optimum for exact probabilities.
    ///
    /// - Parameter probabilities: calibrated, of validation samples. Throws `EvaluationError`.
    package static func fit(
        _ probabilities: ScoreMatrix, labels: [Int], classes: [String], positive: Int, falseNegative: Double,
        falsePositive: Double
    ) throws -> CostRule {
        try probabilities.require(labels: labels)
        guard classes.indices.contains(positive), classes.count == probabilities.classCount, classes.count > 1
        else {
            throw EvaluationError.invalidArgument(
                name: "positive class", expected: "one of \(classes.count) classes", got: "\(positive)")
        }
        for (name, value) in [("false_negative", falseNegative), ("false_positive", falsePositive)]
        where !(value > 0 && value.isFinite) {
            throw EvaluationError.invalidArgument(
                name: "cost \(name)", expected: "a number above 0", got: "\(value)")
        }
        let scores = probabilities.column(positive)
        let theory = falsePositive / (falsePositive + falseNegative)
        // All thresholds between two neighbouring scores are equivalent; the middle is farthest from both.
        let sorted = Array(Set(scores)).sorted()
        let candidates = [theory] + zip(sorted, sorted.dropFirst()).map { ($0 + $1) / 2 }
        func cost(_ isPositive: (Int) -> Bool) -> Double {
            let sum = labels.indices.reduce(0.0) { sum, index in
                switch (labels[index] == positive, isPositive(index)) {
                case (true, false): sum + falseNegative
                case (false, true): sum + falsePositive
                default: sum
                }
            }
            return sum / Double(labels.count)
        }
        let costs = candidates.map { threshold in cost { scores[$0] >= threshold } }
        let best = candidates.indices.min {
            (costs[$0], abs(candidates[$0] - theory)) < (costs[$1], abs(candidates[$1] - theory))
        }
        let predictions = probabilities.predictions
        return CostRule(
            positive: classes[positive], threshold: best.map { candidates[$0] } ?? theory,
            falseNegative: falseNegative, falsePositive: falsePositive, cost: best.map { costs[$0] } ?? 0,
            costWithout: cost { predictions[$0] == positive })
    }

    /// Index of the predicted class: the positive one from its threshold on, else the most probable of the
    /// others.
    package func decide(_ probabilities: [Double], classes: [String]) -> Int {
        guard let positive = classes.firstIndex(of: self.positive), positive < probabilities.count,
            probabilities[positive] < threshold
        else { return classes.firstIndex(of: self.positive) ?? 0 }
        var best: Int?
        for index in probabilities.indices where index != positive {
            if best.map({ probabilities[index] > probabilities[$0] }) ?? true { best = index }
        }
        return best ?? positive
    }
}
