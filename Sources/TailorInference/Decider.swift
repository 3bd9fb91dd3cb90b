import TailorEvaluation
import TailorModelFile

/// Decision rules of a model: from logits and features to an answer.
struct Decider: Sendable {
    private let classes: [String]
    private let temperature: Double
    private let minimumProbability: Double
    private let cost: CostRule?
    private let outOfDistribution: (measure: FeatureDistance.Measure, threshold: Double)?

    /// Reads the rules of a description.
    ///
    /// - Parameter minimumProbability: overrides the model's own.
    init(_ description: ModelDescription, minimumProbability: Double?) {
        classes = description.classes
        temperature = description.calibration.temperature
        self.minimumProbability = minimumProbability ?? description.decision.minimumProbability ?? 0
        cost = description.decision.cost
        outOfDistribution = description.decision.featureDistance.map { ($0.measure(), $0.threshold) }
    }

    /// Whether an answer may be rejected.
    var marksDoubts: Bool { minimumProbability > 0 || outOfDistribution != nil }

    func decide(logits: [Float], features: [Float]) throws -> Classification {
        let scores = try ScoreMatrix(logits, classCount: logits.count)
        let matrix = try scores.softmax(temperature: temperature)
        return answer(
            logits: logits, probabilities: Array(matrix[0]), best: matrix.predictions[0],
            distance: outOfDistribution?.measure.distance(of: features))
    }

    /// Answer for an image in tiles: the mean of their probabilities and the smallest of their distances.
    func mean(of tiles: [Classification]) -> Classification {
        let count = Double(max(tiles.count, 1))
        var probabilities = [Double](repeating: 0, count: classes.count)
        var logits = [Float](repeating: 0, count: classes.count)
        for tile in tiles {
            for index in classes.indices {
                probabilities[index] += tile.probabilities[index] / count
                logits[index] += tile.logits[index] / Float(count)
            }
        }
        let best = probabilities.argmax ?? 0
        return answer(
            logits: logits, probabilities: probabilities, best: best,
            distance: tiles.compactMap(\.distance).min())
    }

    private func answer(
        logits: [Float], probabilities: [Double], best: Int, distance: Double?
    ) -> Classification {
        let best = cost?.decide(probabilities, classes: classes) ?? best
        var rejection: Classification.Rejection?
        if let distance, let outOfDistribution, distance > outOfDistribution.threshold {
            rejection = .unfamiliar
        } else if probabilities[best] < minimumProbability {
            rejection = .unsure
        }
        return Classification(
            classes: classes, probabilities: probabilities, logits: logits, best: best, rejection: rejection,
            distance: distance)
    }
}
