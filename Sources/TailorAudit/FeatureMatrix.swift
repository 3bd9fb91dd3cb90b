import TailorDatasets
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
    func neighbours(_ count: Int, workers: Int) -> [[Int]] {
        let rows = centredUnitRows()
        return ParallelMap.run(self.count, workers: workers, name: "neighbours") { index in
            var best: [(score: Float, index: Int)] = []
            for other in rows.indices where other != index {
                let score = dot(rows[index], rows[other])
                if best.count < count {
                    best.append((score, other))
                    best.sort { $0.score > $1.score }
                } else if let last = best.last, score > last.score {
                    best[best.count - 1] = (score, other)
                    best.sort { $0.score > $1.score }
                }
            }
            return best.map(\.index)
        }
    }

    /// Matrix minus its mean row.
    var centred: FeatureMatrix {
        var mean = [Float](repeating: 0, count: dimension)
        for row in 0..<count { for (index, value) in self[row].enumerated() { mean[index] += value } }
        for index in mean.indices { mean[index] /= Float(max(count, 1)) }
        return FeatureMatrix(
            unchecked: (0..<count).flatMap { zip(self[$0], mean).map { $0 - $1 } }, dimension: dimension)
    }

    private func centredUnitRows() -> [[Float]] {
        let centred = centred
        return (0..<count).map { row in
            let values = Array(centred[row])
            let length = max(dot(values, values).squareRoot(), 1e-12)
            return values.map { $0 / length }
        }
    }
}
