import Foundation

/// Out-of-distribution score: Mahalanobis distance of a sample's features to the nearest class mean, with a
/// diagonal covariance within classes (after Lee et al., 2018).
///
/// Softmax probabilities can be high far from all training data; this distance is not.
public struct FeatureDistance: Codable, Sendable, Equatable {
    /// Share of validation samples beyond ``threshold``, which sets it.
    static let rejectedShare = 0.01

    /// Class means, `[classes, features]` row-major, as little-endian 32-bit floats.
    public var means: Data
    /// Reciprocal of each feature's standard deviation, as little-endian 32-bit floats.
    public var inverseDeviations: Data
    /// Largest distance of a sample that counts as like the training samples; root mean square over the
    /// features.
    public var threshold: Double

    private enum CodingKeys: String, CodingKey { case means, inverseDeviations, threshold }

    /// Fits means and deviations on training features and the threshold on validation features; `nil` with
    /// fewer than two training samples or without validation samples.
    ///
    /// - Parameters:
    ///   - training: a row a sample, all of one length.
    ///   - labels: class indices below `classCount`. A class without samples has no mean and is nearest to
    ///     nothing.
    package static func fit(
        training: [[Float]], labels: [Int], classCount: Int, validation: [[Float]]
    ) -> FeatureDistance? {
        let width = training.first?.count ?? 0
        guard training.count > 1, !validation.isEmpty, width > 0, training.count == labels.count,
            (training + validation).allSatisfy({ $0.count == width }),
            labels.allSatisfy({ (0..<classCount).contains($0) })
        else { return nil }
        var sums = [[Double]](repeating: [Double](repeating: 0, count: width), count: classCount)
        var counts = [Int](repeating: 0, count: classCount)
        for (row, label) in zip(training, labels) {
            counts[label] += 1
            for index in 0..<width { sums[label][index] += Double(row[index]) }
        }
        let means = zip(sums, counts).map { sum, count in
            sum.map { count > 0 ? Float($0 / Double(count)) : .nan }
        }
        var squares = [Double](repeating: 0, count: width)
        for (row, label) in zip(training, labels) {
            for index in 0..<width {
                let difference = Double(row[index] - means[label][index])
                squares[index] += difference * difference
            }
        }
        let variances = squares.map { $0 / Double(training.count) }
        // A feature that hardly varies would otherwise dominate the distance.
        let floor = max(variances.reduce(0, +) / Double(width) * 1e-2, 1e-12)
        let inverse = variances.map { Float(1 / max($0, floor).squareRoot()) }
        var result = FeatureDistance(
            means: bytes(means.flatMap { $0 }), inverseDeviations: bytes(inverse), threshold: 0)
        let measure = result.measure()
        let sorted = validation.map { measure.distance(of: $0) }.sorted()
        let index = Int((Double(sorted.count) * (1 - rejectedShare)).rounded(.up)) - 1
        result.threshold = sorted[max(0, min(sorted.count - 1, index))]
        return result
    }

    /// First value that does not fit a model of so many classes and features, in words; `nil` if all do.
    package func firstProblem(classCount: Int, featureCount: Int) -> String? {
        guard inverseDeviations.count == 4 * featureCount, means.count == 4 * featureCount * classCount else {
            return "expected \(classCount) means of \(featureCount) numbers"
        }
        guard threshold.isFinite, threshold >= 0 else { return "threshold \(threshold)" }
        guard Self.floats(inverseDeviations).allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            return "deviations that are not finite"
        }
        return nil
    }

    /// Decodes means and deviations, to measure many samples.
    package func measure() -> Measure {
        Measure(means: Self.floats(means), inverseDeviations: Self.floats(inverseDeviations))
    }

    /// Means and deviations as numbers.
    package struct Measure: Sendable {
        let means: [Float]
        let inverseDeviations: [Float]

        /// Distance to the nearest class mean, root mean square over the features; infinite for another
        /// number of features.
        package func distance(of features: [Float]) -> Double {
            let width = inverseDeviations.count
            guard features.count == width, width > 0 else { return .infinity }
            var nearest = Float.infinity
            for start in stride(from: 0, through: means.count - width, by: width) {
                var sum: Float = 0
                for index in 0..<width {
                    let difference = (features[index] - means[start + index]) * inverseDeviations[index]
                    sum += difference * difference
                }
                // A class without a mean gives NaN, which is not nearer.
                if sum < nearest { nearest = sum }
            }
            return (Double(nearest) / Double(width)).squareRoot()
        }
    }

    // Little-endian, as every processor that Swift runs on.

    private static func bytes(_ values: [Float]) -> Data { values.withUnsafeBytes { Data($0) } }

    private static func floats(_ data: Data) -> [Float] {
        data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
    }
}
