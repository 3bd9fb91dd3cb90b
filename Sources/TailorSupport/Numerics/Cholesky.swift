/// Cholesky factor L of a symmetric positive definite matrix A = LLᵀ.
///
/// Sums run in the order of their indices, so that the same matrix gives the same bits everywhere.
package struct Cholesky: Sendable {
    /// Number of rows and of columns.
    package let dimension: Int
    /// Elements of L, row-major; those above the diagonal are undefined.
    private var lower: [Double]

    /// Factorizes a row-major matrix of `dimension` × `dimension` values; nil when it is not positive
    /// definite. Only the lower triangle is read.
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

    /// Element of L, on the diagonal or below it.
    package subscript(row: Int, column: Int) -> Double { lower[row * dimension + column] }

    /// Solves Ax = `right` for x; both have `dimension` values.
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

    /// L⁻¹ · `right`, whose square is rightᵀ A⁻¹ right; at most `dimension` values.
    package func solveLower(_ right: [Double]) -> [Double] {
        var x = right
        lower.withUnsafeBufferPointer { lower in
            x.withUnsafeMutableBufferPointer { x in
                for i in 0..<min(dimension, x.count) {
                    let row = UnsafeBufferPointer(rebasing: lower[i * dimension..<i * dimension + i])
                    x[i] =
                        (x[i] - dot(row, UnsafeBufferPointer(rebasing: x[..<i]))) / lower[i * dimension + i]
                }
            }
        }
        return x
    }

    /// Inverse of A, row-major; each column is the solution for a unit vector.
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
