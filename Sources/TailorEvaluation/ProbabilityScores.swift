import Foundation

/// Figures that judge probabilities, not only the class picked.
public enum ProbabilityScores {
    /// Mean of −ln p(true class), in nats; probabilities are clipped to [2⁻⁵², 1 − 2⁻⁵²] as scikit-learn does.
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
