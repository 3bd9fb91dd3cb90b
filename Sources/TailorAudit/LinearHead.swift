import TailorSupport

/// Linear classifier of a network's features, as the network's last layer would be.
package struct LinearHead: Sendable, Equatable {
    /// `[classes][features]`
    package let weights: [[Float]]
    /// `[classes]`
    package let biases: [Float]

    package init(weights: [[Float]], biases: [Float]) {
        self.weights = weights
        self.biases = biases
    }

    /// Classifier fitted to some of the images, so that it can be asked about the others: linear discriminant analysis,
    /// what a feature says for a class less what it says for all of them.
    ///
    /// - Parameters:
    ///   - labels: one a row, 0 ..< classCount.
    ///   - rows: those to learn from.
    /// - Returns: nil where a class has no image among them, or the numbers allow no fit.
    package init?(_ features: FeatureMatrix, labels: [Int], rows: [Int], classCount: Int) {
        guard classCount >= 2, labels.count == features.count, !rows.isEmpty else { return nil }
        let chosen = features.rows(rows)
        guard
            let fit = ShrinkageDiscriminant.fitted(
                chosen, labels: rows.map { labels[$0] }, classCount: classCount)
        else { return nil }
        let share = 1 / Double(classCount)
        let mean = (0..<features.dimension).map { index in
            fit.weights.reduce(0) { $0 + $1[index] } * share
        }
        let bias = fit.biases.reduce(0, +) * share
        weights = fit.weights.map { zip($0, mean).map { Float($0 - $1) } }
        biases = fit.biases.map { Float($0 - bias) }
        guard weights.joined().allSatisfy(\.isFinite), biases.allSatisfy(\.isFinite) else { return nil }
    }
}
