import TailorEvaluation

/// Quality of a model on the validation images, and the rule by which the best is kept: macro-F1, then the loss.
struct ValidationScores {
    /// Mean cross-entropy in nats, unweighted.
    let loss: Double
    /// Share of the images that are classified correctly, 0…1.
    let accuracy: Double
    let macroF1: Double

    init(loss: Double, accuracy: Double, macroF1: Double) {
        self.loss = loss
        self.accuracy = accuracy
        self.macroF1 = macroF1
    }

    init(logits: ScoreMatrix, labels: [Int], classes: [String]) throws {
        let metrics = try ClassificationMetrics(
            labels: labels, predictions: logits.predictions, classes: classes)
        accuracy = metrics.accuracy
        macroF1 = metrics.macroF1
        loss = try ProbabilityScores.logLoss(logits.softmax(), labels: labels)
    }

    /// Compares with the best so far; nil loses. A model that is not finite never wins.
    func isBetter(than other: ValidationScores?) -> Bool {
        guard macroF1.isFinite, loss.isFinite else { return false }
        guard let other else { return true }
        return macroF1 != other.macroF1 ? macroF1 > other.macroF1 : loss < other.loss
    }
}
