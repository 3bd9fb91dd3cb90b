import TailorSupport

/// Feature vectors of images from a pretrained network, one per row.
public struct FeatureMatrix: Sendable {
    /// Values in row-major order.
    public let values: [Float]
    /// Length of a row, at least 1.
    public let dimension: Int
    public var count: Int { values.count / dimension }

    /// Creates a matrix; nil when the number of values is no multiple of `dimension`, or one is not finite.
    public init?(values: [Float], dimension: Int) {
        guard dimension >= 1, values.count % dimension == 0, values.allSatisfy(\.isFinite) else { return nil }
        self.values = values
        self.dimension = dimension
    }

    subscript(row: Int) -> ArraySlice<Float> { values[row * dimension..<(row + 1) * dimension] }

    /// Matrix of the selected rows, in this order.
    func rows(_ indices: [Int]) -> FeatureMatrix {
        FeatureMatrix(unchecked: indices.flatMap { self[$0] }, dimension: dimension)
    }

    private init(unchecked values: [Float], dimension: Int) {
        self.values = values
        self.dimension = dimension
    }

    /// Nearest neighbours of each row: the `count` others with the largest cosine after subtracting the mean
    /// row.
    func neighbours(_ count: Int, workers: Int, progress: (@Sendable (Int) -> Void)? = nil) -> [[Int]] {
        NearestRows(centred.values, dimension: dimension).neighbours(
            count, workers: workers, progress: progress)
    }

    /// Matrix minus its mean row.
    var centred: FeatureMatrix { centredAndMean.matrix }

    /// Matrix minus its mean row, and that row.
    var centredAndMean: (matrix: FeatureMatrix, mean: [Float]) {
        var mean = [Float](repeating: 0, count: dimension)
        for row in 0..<count { for (index, value) in self[row].enumerated() { mean[index] += value } }
        for index in mean.indices { mean[index] /= Float(max(count, 1)) }
        let values = (0..<count).flatMap { zip(self[$0], mean).map { $0 - $1 } }
        return (FeatureMatrix(unchecked: values, dimension: dimension), mean)
    }
}
