import Foundation

/// How far a sample lies from what a model was trained on: the distance of its features to the nearest class mean,
/// each feature measured in its standard deviation within classes (a Mahalanobis distance with a diagonal
/// covariance; after Lee et al., 2018).
///
/// A softmax is sure of itself far from all training data, too; this is what notices a picture of something else.
public struct FeatureDistance: Codable, Sendable, Equatable {
    /// Share of validation samples that lie beyond ``threshold``.
    public static let rejectedShare = 0.01

    /// Class means, `[classes, features]` row-major, and 1 / standard deviation of each feature; little-endian
    /// 32-bit floats.
    public var means: Data
    public var inverseDeviations: Data
    /// Samples farther away are unlike the training samples. Root mean square over the features.
    public var threshold: Double

    private enum CodingKeys: String, CodingKey { case means, inverseDeviations, threshold }

    public init(means: Data, inverseDeviations: Data, threshold: Double) {
        self.means = means
        self.inverseDeviations = inverseDeviations
        self.threshold = threshold
    }

    /// Measures the classes on training features and sets the threshold by validation features; `nil` when fewer
    /// than two training samples or no validation samples are given.
    ///
    /// - Parameters:
    ///   - training: a row a sample, all of one length.
    ///   - labels: class numbers below `classCount`. A class without samples has no mean and attracts nothing.
    public static func fit(
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
        // A feature that hardly varies would otherwise count for all the others.
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

    /// What is wrong with these values for a model of so many classes and features; `nil`: nothing.
    public func defect(classCount: Int, featureCount: Int) -> String? {
        guard inverseDeviations.count == 4 * featureCount, means.count == 4 * featureCount * classCount else {
            return "expected \(classCount) means of \(featureCount) numbers"
        }
        guard threshold.isFinite, threshold >= 0 else { return "threshold \(threshold)" }
        guard Self.floats(inverseDeviations).allSatisfy({ $0.isFinite && $0 >= 0 }) else {
            return "deviations that are not finite"
        }
        return nil
    }

    /// Ready to measure many samples.
    public func measure() -> Measure {
        Measure(means: Self.floats(means), inverseDeviations: Self.floats(inverseDeviations))
    }

    public struct Measure: Sendable {
        let means: [Float]
        let inverseDeviations: [Float]

        /// To the nearest class mean, root mean square over the features; infinite for features of another number.
        public func distance(of features: [Float]) -> Double {
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

    private static func bytes(_ values: [Float]) -> Data {
        var data = Data(capacity: 4 * values.count)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
        }
        return data
    }

    private static func floats(_ data: Data) -> [Float] {
        let bytes = [UInt8](data)
        return stride(from: 0, to: bytes.count - bytes.count % 4, by: 4).map { start in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(bytes[start + $1]) << (8 * UInt32($1)) })
        }
    }
}
