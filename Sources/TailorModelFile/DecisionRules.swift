import TailorEvaluation

/// Rules that turn probabilities into an answer or a rejection; fitted on validation images.
public struct DecisionRules: Codable, Sendable, Equatable {
    /// Smallest probability of an accepted answer, 0...1; `nil` to accept all.
    public var minimumProbability: Double?
    /// Decision threshold of one class; `nil` to predict the most probable class.
    public var cost: CostRule?
    /// Out-of-distribution rule; `nil` for none.
    public var featureDistance: FeatureDistance?
    /// Coverage against error, for choosing another ``minimumProbability``.
    public var coverage: [SelectivePrediction.Point]

    package init(
        minimumProbability: Double? = nil, cost: CostRule? = nil, featureDistance: FeatureDistance? = nil,
        coverage: [SelectivePrediction.Point] = []
    ) {
        self.minimumProbability = minimumProbability
        self.cost = cost
        self.featureDistance = featureDistance
        self.coverage = coverage
    }

    /// Number of features that the head classifies.
    static let featureCount = 512

    /// First value that does not fit a model of these classes, in words; `nil` if all do.
    func firstProblem(classes: [String]) -> String? {
        if let minimumProbability, !(0...1).contains(minimumProbability) {
            return "minimum probability \(minimumProbability)"
        }
        if let cost {
            guard classes.contains(cost.positive) else {
                return "cost rule of a class that the model does not know"
            }
            guard (0...1).contains(cost.threshold) else { return "threshold \(cost.threshold)" }
        }
        if coverage.count > 100 { return "\(coverage.count) rows of coverage" }
        return featureDistance?.firstProblem(classCount: classes.count, featureCount: Self.featureCount)
            .map { "feature distance: " + $0 }
    }
}
