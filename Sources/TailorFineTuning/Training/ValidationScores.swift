import TailorEvaluation

/// Quality of a model on the validation images, and the rule by which the best is kept: macro-F1, then the loss.
package struct ValidationScores {
    /// Mean cross-entropy in nats, unweighted.
    let loss: Double
    /// The same at the temperature that makes it least: models are compared by it, because smoothed labels and
    /// averaged weights change how sure a model is of its answers, not how good they are.
    let calibratedLoss: Double
    /// Share of the images that are classified correctly, 0…1.
    let accuracy: Double
    let macroF1: Double

    init(loss: Double, calibratedLoss: Double? = nil, accuracy: Double, macroF1: Double) {
        self.loss = loss
        self.calibratedLoss = calibratedLoss ?? loss
        self.accuracy = accuracy
        self.macroF1 = macroF1
    }

    init(logits: ScoreMatrix, labels: [Int], classes: [String]) throws {
        let metrics = try ClassificationMetrics(
            labels: labels, predictions: logits.predictions, classes: classes)
        accuracy = metrics.accuracy
        macroF1 = metrics.macroF1
        loss = try ProbabilityScores.logLoss(logits.softmax(), labels: labels)
        calibratedLoss = try Calibration.temperatureFit(logits: logits, labels: labels).lossAfter
    }

    /// Compares with the best so far; nil loses. A model that is not finite never wins.
    func isBetter(than other: ValidationScores?) -> Bool {
        guard macroF1.isFinite, loss.isFinite else { return false }
        guard let other else { return true }
        return macroF1 != other.macroF1 ? macroF1 > other.macroF1 : calibratedLoss < other.calibratedLoss
    }

    /// Indices of finite models from the best to the worst. Those whose macro-F1 is within noise of the highest are
    /// ranked by loss, which chance moves less, the others by macro-F1 (after the one-standard-error rule of Breiman
    /// et al., 1984); the order in which they are given breaks ties.
    ///
    /// - Parameters:
    ///   - imageCount: validation images.
    ///   - loss: which of the losses.
    static func ranked(
        _ models: [ValidationScores], imageCount: Int,
        by loss: (ValidationScores) -> Double = \.calibratedLoss
    ) -> [Int] {
        let finite = models.indices.filter { models[$0].macroF1.isFinite && models[$0].loss.isFinite }
        guard let top = finite.map({ models[$0] }).max(by: { $0.macroF1 < $1.macroF1 }) else { return [] }
        // Of the images that one model misses, another on its level misses as many, give or take the root.
        let noise = ((1 - top.accuracy) / Double(max(imageCount, 1))).squareRoot()
        return finite.sorted { a, b in
            let (first, second) = (models[a], models[b])
            let isNear = first.macroF1 >= top.macroF1 - noise
            guard isNear == (second.macroF1 >= top.macroF1 - noise) else { return isNear }
            if isNear, loss(first) != loss(second) { return loss(first) < loss(second) }
            if !isNear, first.macroF1 != second.macroF1 { return first.macroF1 > second.macroF1 }
            return a < b
        }
    }
}
