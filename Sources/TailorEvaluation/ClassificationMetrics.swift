/// What a classifier's predictions are worth, counted from labels and predictions alone.
///
/// The definitions are scikit-learn's. Where scikit-learn would divide by zero and put a made number
/// (`zero_division`), a class's figure here is `nil`: not available.
public struct ClassificationMetrics: Codable, Sendable, Hashable {
    /// One class's figures; each in 0...1 or `nil` where it is not defined.
    public struct PerClass: Codable, Sendable, Hashable {
        public let name: String
        /// Right among those predicted as this class; `nil` when none was.
        public let precision: Double?
        /// Found among those of this class; `nil` when there is none.
        public let recall: Double?
        /// 2·TP / (2·TP + FP + FN); `nil` when the class neither occurs nor is predicted.
        public let f1: Double?
        /// Samples of this class.
        public let support: Int
        /// Samples predicted as this class.
        public let predicted: Int
        /// Samples of this class predicted as it.
        public let correct: Int
    }

    /// Share of right predictions, 0...1.
    public let accuracy: Double
    /// Mean recall over the classes that have samples, 0...1.
    public let balancedAccuracy: Double
    /// Mean F1 over the classes that occur among the labels or the predictions, 0...1.
    ///
    /// scikit-learn's `f1_score(average="macro")` with its default labels: a class that is only
    /// predicted counts as 0, a class that is neither is left out.
    public let macroF1: Double
    /// Number of samples.
    public let n: Int
    public let perClass: [PerClass]
    public let confusion: ConfusionMatrix

    /// Counts `predictions` against `labels`, both indices into `classes`.
    ///
    /// Throws `EvaluationError` when there is no sample, the counts differ or an index is out of range.
    public init(labels: [Int], predictions: [Int], classes: [String]) throws {
        guard !labels.isEmpty else { throw EvaluationError.empty(what: "samples") }
        let confusion = try ConfusionMatrix(labels: labels, predictions: predictions, classes: classes)
        let supports = confusion.supports
        let predicted = confusion.predictedCounts
        let correct = confusion.correctCounts
        let perClass = classes.indices.map { index in
            PerClass(
                name: classes[index],
                precision: ratio(correct[index], predicted[index]),
                recall: ratio(correct[index], supports[index]),
                f1: ratio(2 * correct[index], supports[index] + predicted[index]),
                support: supports[index], predicted: predicted[index], correct: correct[index])
        }
        self.n = labels.count
        self.accuracy = Double(correct.reduce(0, +)) / Double(labels.count)
        self.balancedAccuracy = meanRecall(correct: correct, supports: supports)
        self.macroF1 = mean(perClass.compactMap(\.f1))
        self.perClass = perClass
        self.confusion = confusion
    }

    /// Names of the classes without a sample: their recall is not available.
    public var classesWithoutSupport: [String] {
        perClass.filter { $0.support == 0 }.map(\.name)
    }
}

/// `numerator / denominator`, or `nil` over zero.
func ratio(_ numerator: Int, _ denominator: Int) -> Double? {
    denominator == 0 ? nil : Double(numerator) / Double(denominator)
}

/// Arithmetic mean; 0 of nothing.
func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}
