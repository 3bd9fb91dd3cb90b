/// The factor L of a symmetric positive definite matrix A = LLᵀ.
///
/// Sums run in the order of their indices, so that the same matrix gives the same bits everywhere.
package struct Cholesky: Sendable {
    /// Rows, and columns.
    package let dimension: Int
    /// Row-major; what lies above the diagonal means nothing.
    private var lower: [Double]

    /// Of a row-major matrix, of which only the lower triangle is read; nil when it is not positive definite.
    /// `matrix` has `dimension` × `dimension` values.
    package init?(_ matrix: [Double], dimension: Int) {
        self.dimension = dimension
        lower = matrix
        let isDefinite = lower.withUnsafeMutableBufferPointer { lower -> Bool in
            for j in 0..<dimension {
                for i in j..<dimension {
                    var sum = lower[i * dimension + j]
                    for k in 0..<j { sum -= lower[i * dimension + k] * lower[j * dimension + k] }
                    if i == j {
                        guard sum > 0 else { return false }
                        lower[i * dimension + j] = sum.squareRoot()
                    } else {
                        lower[i * dimension + j] = sum / lower[j * dimension + j]
                    }
                }
            }
            return true
        }
        guard isDefinite else { return nil }
    }

    /// An element of L, on the diagonal or below it.
    package subscript(row: Int, column: Int) -> Double { lower[row * dimension + column] }

    /// The x of Ax = `right`, both `dimension` long.
    package func solve(_ right: [Double]) -> [Double] {
        var x = right
        for i in 0..<dimension {
            for k in 0..<i { x[i] -= lower[i * dimension + k] * x[k] }
            x[i] /= lower[i * dimension + i]
        }
        for i in stride(from: dimension - 1, through: 0, by: -1) {
            for k in i + 1..<dimension { x[i] -= lower[k * dimension + i] * x[k] }
            x[i] /= lower[i * dimension + i]
        }
        return x
    }

    /// A⁻¹, row-major, a column a unit vector's solution.
    package var inverse: [Double] {
        var inverse = [Double](repeating: 0, count: dimension * dimension)
        for column in 0..<dimension {
            var unit = [Double](repeating: 0, count: dimension)
            unit[column] = 1
            for (row, value) in solve(unit).enumerated() { inverse[row * dimension + column] = value }
        }
        return inverse
    }
}
