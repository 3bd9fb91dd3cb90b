import TailorEvaluation

/// What picks a checkpoint: macro-F1, then the loss.
struct ValidationScores {
    /// Mean cross-entropy in nats, unweighted.
    let loss: Double
    let accuracy: Double
    let macroF1: Double

    init(logits: ScoreMatrix, labels: [Int], classes: [String]) throws {
        let metrics = try ClassificationMetrics(
            labels: labels, predictions: logits.predictions, classes: classes)
        accuracy = metrics.accuracy
        macroF1 = metrics.macroF1
        loss = try ProbabilityScores.logLoss(logits.softmax(), labels: labels)
    }

    func isBetter(than other: ValidationScores) -> Bool {
        macroF1 != other.macroF1 ? macroF1 > other.macroF1 : loss < other.loss
    }
}
