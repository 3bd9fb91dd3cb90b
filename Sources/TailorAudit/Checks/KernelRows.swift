import Foundation

/// Rows of features in the form in which images are compared for their labels: square roots (which keep a few large
/// features from deciding alone; Arandjelović and Zisserman, 2012), minus their mean, of unit length.
package struct KernelRows: Sendable {
    /// `[images][features]`
    let rows: [[Float]]

    package init(_ features: FeatureMatrix) {
        let roots = (0..<features.count).map { row in
            features[row].map { $0 < 0 ? -(-$0).squareRoot() : $0.squareRoot() }
        }
        var mean = [Float](repeating: 0, count: features.dimension)
        let share = 1 / Float(max(roots.count, 1))
        for row in roots { for (index, value) in row.enumerated() { mean[index] += value * share } }
        rows = roots.map { row in
            let centred = zip(row, mean).map { $0 - $1 }
            let length = max(dot(centred, centred).squareRoot(), 1e-12)
            return centred.map { $0 / length }
        }
    }

    /// Cosine of two rows.
    func cosine(_ first: Int, _ second: Int) -> Float { dot(rows[first], rows[second]) }

    /// Kernel of two rows: a Gaussian of their distance (`exp(-¾ · distance²)`, 0.05…1), and 1 for the bias.
    package func kernel(_ first: Int, _ second: Int) -> Double {
        Double(exp(1.5 * (cosine(first, second) - 1))) + 1
    }

    /// The `count` rows most like `row`, the most alike first, of those that `isCandidate` takes.
    package func nearest(_ count: Int, to row: Int, where isCandidate: (Int) -> Bool) -> [Int] {
        var best: [(cosine: Float, row: Int)] = []
        for other in rows.indices where other != row && isCandidate(other) {
            let cosine = cosine(row, other)
            if best.count == count {
                guard let last = best.last, cosine > last.cosine else { continue }
                best.removeLast()
            }
            best.insert((cosine, other), at: best.firstIndex { cosine > $0.cosine } ?? best.count)
        }
        return best.map(\.row)
    }
}
