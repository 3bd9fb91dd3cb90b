import TailorEvaluation

/// What turns probabilities into an answer, or into none. All of it was chosen on validation images.
public struct DecisionRules: Codable, Sendable, Equatable {
    /// Answers below this probability are rejected, 0...1; `nil`: none.
    public var minimumProbability: Double?
    /// One class from another probability on than the others; `nil`: the most probable class is the answer.
    public var cost: CostRule?
    /// What notices pictures unlike those trained on; `nil`: nothing.
    public var featureDistance: FeatureDistance?
    /// Answers against errors, for choosing another ``minimumProbability``.
    public var coverage: [SelectivePrediction.Point]

    public init(
        minimumProbability: Double? = nil, cost: CostRule? = nil, featureDistance: FeatureDistance? = nil,
        coverage: [SelectivePrediction.Point] = []
    ) {
        self.minimumProbability = minimumProbability
        self.cost = cost
        self.featureDistance = featureDistance
        self.coverage = coverage
    }

    /// Numbers that the head classifies.
    static let featureCount = 512

    func defect(classes: [String]) -> String? {
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
