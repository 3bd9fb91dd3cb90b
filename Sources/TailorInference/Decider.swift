import TailorEvaluation
import TailorModelFile

/// Logits and features become an answer, as the model's description says.
struct Decider: Sendable {
    private let classes: [String]
    private let temperature: Double
    private let minimumProbability: Double
    private let cost: CostRule?
    private let familiar: (measure: FeatureDistance.Measure, threshold: Double)?

    /// - Parameter minimumProbability: instead of the model's own.
    init(_ description: ModelDescription, minimumProbability: Double?) {
        classes = description.classes
        temperature = description.calibration.temperature
        self.minimumProbability = minimumProbability ?? description.decision.minimumProbability ?? 0
        cost = description.decision.cost
        familiar = description.decision.featureDistance.map { ($0.measure(), $0.threshold) }
    }

    func decide(logits: [Float], features: [Float]) throws -> Classification {
        let scores = try ScoreMatrix(logits, classCount: logits.count)
        let matrix = try scores.softmax(temperature: temperature)
        return answer(
            logits: logits, probabilities: Array(matrix[0]), best: matrix.predictions[0],
            distance: familiar?.measure.distance(of: features))
    }

    /// For a picture seen in parts: the mean of their probabilities, the features of the most familiar part.
    func mean(of parts: [Classification]) -> Classification {
        let count = Double(max(parts.count, 1))
        var probabilities = [Double](repeating: 0, count: classes.count)
        var logits = [Float](repeating: 0, count: classes.count)
        for part in parts {
            for index in classes.indices {
                probabilities[index] += part.probabilities[index] / count
                logits[index] += part.logits[index] / Float(count)
            }
        }
        let best = probabilities.argmax ?? 0
        return answer(
            logits: logits, probabilities: probabilities, best: best,
            distance: parts.compactMap(\.distance).min())
    }

    private func answer(
        logits: [Float], probabilities: [Double], best: Int, distance: Double?
    ) -> Classification {
        let best = cost?.decide(probabilities, classes: classes) ?? best
        var rejection: Classification.Rejection?
        if let distance, let familiar, distance > familiar.threshold {
            rejection = .unfamiliar
        } else if probabilities[best] < minimumProbability {
            rejection = .unsure
        }
        return Classification(
            classes: classes, probabilities: probabilities, logits: logits, best: best, rejection: rejection,
            distance: distance)
    }
}
