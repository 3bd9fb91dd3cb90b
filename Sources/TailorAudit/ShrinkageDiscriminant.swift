import Foundation
import TailorSupport

/// Linear discriminant analysis with shrinkage of the covariance (Chen et al., 2010): a closed-form
/// classifier, suited to few images with many features and quick to refit for every fold.
package struct ShrinkageDiscriminant {
    /// Weights `[classes][dimension]`.
    private let weights: [[Double]]
    private let biases: [Double]

    /// Log-odds of each class up to a constant, with equal priors.
    func scores(_ row: ArraySlice<Float>) -> [Double] {
        zip(weights, biases).map { weight, bias in
            var sum = bias
            for (a, b) in zip(weight, row) { sum += a * Double(b) }
            return sum
        }
    }

    /// Out-of-fold probabilities `[images][classes]` by cross-validation with `folds` folds.
    ///
    /// The folds depend on `groups` (images of one group share a fold) and on nothing random. One temperature
    /// is fitted to all out-of-fold scores. Nil when a class has fewer than two groups, so that some fit
    /// would lack it.
    package static func crossValidated(
        _ features: FeatureMatrix, labels: [Int], groups: [Int]? = nil, classCount: Int, folds: Int = 5
    ) -> [[Double]]? {
        guard labels.count == features.count, classCount >= 2 else { return nil }
        guard let fold = folding(labels, groups: groups, classCount: classCount, folds: folds) else {
            return nil
        }
        // Sums of products lose precision when the mean is large.
        let features = features.centred
        var totals = (0..<folds).map { _ in Moments(dimension: features.dimension, classCount: classCount) }
        for row in labels.indices { totals[fold[row]].add(features[row], label: labels[row]) }
        var scores = [[Double]](repeating: [], count: labels.count)
        for held in 0..<folds {
            var training = Moments(dimension: features.dimension, classCount: classCount)
            for other in 0..<folds where other != held { training.add(totals[other]) }
            guard let model = training.fitted() else { return nil }
            for row in labels.indices where fold[row] == held { scores[row] = model.scores(features[row]) }
        }
        let temperature = bestTemperature(scores, labels: labels)
        return scores.map { softmax($0.map { $0 / temperature }) }
    }

    /// Weights and biases for the features as they are, fitted to all rows. Nil when a class has none.
    static func fitted(
        _ features: FeatureMatrix, labels: [Int], classCount: Int
    ) -> (weights: [[Double]], biases: [Double])? {
        let (centred, mean) = features.centredAndMean
        var moments = Moments(dimension: features.dimension, classCount: classCount)
        for row in labels.indices { moments.add(centred[row], label: labels[row]) }
        guard let model = moments.fitted() else { return nil }
        let biases = zip(model.weights, model.biases).map { weight, bias in
            zip(weight, mean).reduce(bias) { $0 - $1.0 * Double($1.1) }
        }
        return (model.weights, biases)
    }

    /// Assigns groups to folds class by class, so that every fold has its share of each class.
    private static func folding(
        _ labels: [Int], groups: [Int]?, classCount: Int, folds: Int
    ) -> [Int]? {
        let groups = groups ?? Array(labels.indices)
        var foldOfGroup: [Int: Int] = [:]
        var dealt = [Int](repeating: 0, count: classCount)
        for (row, group) in groups.enumerated() where foldOfGroup[group] == nil {
            foldOfGroup[group] = dealt[labels[row]] % folds
            dealt[labels[row]] += 1
        }
        return dealt.allSatisfy { $0 >= 2 } ? groups.map { foldOfGroup[$0] ?? 0 } : nil
    }

    /// Temperature with the lowest mean negative log-likelihood on a grid.
    static func bestTemperature(_ scores: [[Double]], labels: [Int]) -> Double {
        let grid = (-12...24).map { pow(2, Double($0) / 4) }
        func loss(_ temperature: Double) -> Double {
            zip(scores, labels).reduce(0) { sum, pair in
                sum - log(max(softmax(pair.0.map { $0 / temperature })[pair.1], 1e-12))
            }
        }
        return grid.min { loss($0) < loss($1) } ?? 1
    }

    /// Sums of a fold, which add up to those of any union of folds.
    private struct Moments {
        let dimension: Int
        var counts: [Double]
        var sums: [[Double]]
        /// Sum of x xᵀ: lower triangle, row-major.
        var products: [Float]
        var rows = 0

        init(dimension: Int, classCount: Int) {
            self.dimension = dimension
            counts = Array(repeating: 0, count: classCount)
            sums = Array(repeating: Array(repeating: 0, count: dimension), count: classCount)
            products = Array(repeating: 0, count: dimension * dimension)
        }

        mutating func add(_ row: ArraySlice<Float>, label: Int) {
            rows += 1
            counts[label] += 1
            let dimension = dimension
            row.withUnsafeBufferPointer { row in
                for index in 0..<dimension { sums[label][index] += Double(row[index]) }
                products.withUnsafeMutableBufferPointer { products in
                    for i in 0..<dimension {
                        let factor = row[i]
                        let start = i * dimension
                        for j in 0...i { products[start + j] += factor * row[j] }
                    }
                }
            }
        }

        mutating func add(_ other: Moments) {
            rows += other.rows
            for index in counts.indices {
                counts[index] += other.counts[index]
                for position in 0..<dimension { sums[index][position] += other.sums[index][position] }
            }
            for index in products.indices { products[index] += other.products[index] }
        }

        func fitted() -> ShrinkageDiscriminant? {
            guard counts.allSatisfy({ $0 > 0 }), rows > counts.count else { return nil }
            let means = zip(sums, counts).map { sum, count in sum.map { $0 / count } }
            // Pooled covariance within classes.
            var covariance = products.map(Double.init)
            for (mean, count) in zip(means, counts) {
                for i in 0..<dimension {
                    for j in 0...i { covariance[i * dimension + j] -= count * mean[i] * mean[j] }
                }
            }
            let divisor = Double(rows - counts.count)
            for index in covariance.indices { covariance[index] /= divisor }
            let trace = (0..<dimension).reduce(0) { $0 + max(covariance[$1 * dimension + $1], 0) }
            let average = max(trace / Double(dimension), 1e-12)
            let shrinkage = Self.shrinkage(
                covariance, dimension: dimension, average: average, samples: divisor)
            for i in 0..<dimension {
                for j in 0...i { covariance[i * dimension + j] *= 1 - shrinkage }
                covariance[i * dimension + i] += shrinkage * average
            }
            guard let factor = Cholesky(covariance, dimension: dimension) else { return nil }
            let weights = means.map { factor.solve($0) }
            let biases = zip(weights, means).map { weight, mean in
                -0.5 * zip(weight, mean).reduce(0) { $0 + $1.0 * $1.1 }
            }
            return ShrinkageDiscriminant(weights: weights, biases: biases)
        }

        /// Shrinkage towards the spherical target, by oracle approximating shrinkage (Chen, Wiesel, Eldar and
        /// Hero, 2010), from the covariance alone.
        private static func shrinkage(
            _ covariance: [Double], dimension: Int, average: Double, samples: Double
        ) -> Double {
            var squares = 0.0
            for i in 0..<dimension {
                for j in 0..<i {
                    squares += 2 * covariance[i * dimension + j] * covariance[i * dimension + j]
                }
                squares += covariance[i * dimension + i] * covariance[i * dimension + i]
            }
            let p = Double(dimension)
            let traceSquared = (average * p) * (average * p)
            let numerator = (1 - 2 / p) * squares + traceSquared
            let denominator = (samples + 1 - 2 / p) * (squares - traceSquared / p)
            return denominator <= 0 ? 1 : min(1, max(numerator / denominator, 0.01))
        }
    }
}
