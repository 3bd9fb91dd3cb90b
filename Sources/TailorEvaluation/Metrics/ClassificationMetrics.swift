/// Metrics of a classifier's predictions, counted from labels and predictions alone.
///
/// The definitions are scikit-learn's. Where scikit-learn substitutes `zero_division`, a class's metric is
/// `nil`: not available.
public struct ClassificationMetrics: Codable, Sendable, Hashable {
    /// Metrics of one class, each in 0...1 or `nil` if not defined.
    public struct PerClass: Codable, Sendable, Hashable {
        public let name: String
        /// Share of the samples predicted as this class that are right; `nil` if there are none.
        public let precision: Double?
        /// Share of this class's samples that are predicted as it; `nil` if there are none.
        public let recall: Double?
        /// F1 score, 2·TP / (2·TP + FP + FN); `nil` if the class neither occurs nor is predicted.
        public let f1: Double?
        /// Number of samples of this class.
        public let support: Int
        /// Number of samples predicted as this class.
        public let predicted: Int
        /// Number of samples of this class predicted as it.
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

/// Quotient of two counts; `nil` over zero.
func ratio(_ numerator: Int, _ denominator: Int) -> Double? {
    denominator == 0 ? nil : Double(numerator) / Double(denominator)
}

/// Arithmetic mean; 0 of nothing.
func mean(_ values: [Double]) -> Double {
    values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
}

/// Mean recall over the classes that have samples, 0...1; 0 if none has.
func meanRecall(correct: [Int], supports: [Int]) -> Double {
    mean(zip(correct, supports).compactMap { ratio($0, $1) })
}

/// Balanced accuracy of predicting each row's largest score, the first of equals.
///
/// - Parameters:
///   - scores: `[samples][classes]`, of any size and sign.
///   - labels: one a row, each below `classCount`.
package func balancedAccuracy(_ scores: [[Double]], labels: [Int], classCount: Int) -> Double {
    var correct = [Int](repeating: 0, count: classCount)
    var supports = [Int](repeating: 0, count: classCount)
    for (row, label) in zip(scores, labels) {
        supports[label] += 1
        if row.argmax == label { correct[label] += 1 }
    }
    return meanRecall(correct: correct, supports: supports)
}

/// Share of the samples for which two models predict the same class, 0...1; 0 without samples. Both lists
/// hold class indices of the same samples in the same order.
package func agreement(_ predictions: [Int], _ others: [Int]) -> Double {
    Double(zip(predictions, others).count { $0 == $1 }) / Double(max(predictions.count, 1))
}
