/// Sums of squares over rectangles of a square image, each from four numbers (Crow, 1984).
struct SummedSquares {
    private let columns: Int
    /// Sum over all pixels above and to the left, one row and one column more than the image has.
    private let sums: [Double]

    /// - Parameter side: length of a row of `values`.
    init(_ values: [Float], side: Int) {
        columns = side + 1
        let rows = side > 0 ? values.count / side : 0
        var sums = [Double](repeating: 0, count: (rows + 1) * (side + 1))
        for y in 0..<rows {
            var row = 0.0
            for x in 0..<side {
                let value = Double(values[y * side + x])
                row += value * value
                sums[(y + 1) * (side + 1) + x + 1] = sums[y * (side + 1) + x + 1] + row
            }
        }
        self.sums = sums
    }

    func sum(_ x: Range<Int>, _ y: Range<Int>) -> Float {
        let (above, below) = (y.lowerBound * columns, y.upperBound * columns)
        return Float(
            sums[below + x.upperBound] - sums[below + x.lowerBound] - sums[above + x.upperBound]
                + sums[above + x.lowerBound])
    }
}
