/// Confusion matrix: counts by true class (rows) and predicted class (columns).
///
/// Only cells that occur are stored, so that 100,000 classes cost no more than the samples do.
public struct ConfusionMatrix: Codable, Sendable, Hashable {
    /// A pair of classes that occurs at least once.
    public struct Cell: Codable, Sendable, Hashable {
        public let label: Int
        public let predicted: Int
        public let count: Int
    }

    public let classes: [String]
    /// Cells with a count above zero, ordered by label, then prediction.
    public let cells: [Cell]

    /// Counts pairs of label and prediction. Throws `EvaluationError` if the counts differ or one is no index
    /// into `classes`.
    public init(labels: [Int], predictions: [Int], classes: [String]) throws {
        try requirePairs(labels: labels, predictions: predictions, classCount: classes.count)
        var counts: [Int: Int] = [:]
        for (label, predicted) in zip(labels, predictions) {
            counts[label * classes.count + predicted, default: 0] += 1
        }
        self.classes = classes
        self.cells = counts.sorted { $0.key < $1.key }.map { key, count in
            Cell(label: key / classes.count, predicted: key % classes.count, count: count)
        }
    }

    /// Number of samples of each true class.
    public var supports: [Int] { totals(of: \.label) }
    /// Number of predictions of each class, right or wrong.
    public var predictedCounts: [Int] { totals(of: \.predicted) }
    /// Number of right predictions of each class.
    public var correctCounts: [Int] { totals(of: \.label) { $0.label == $0.predicted } }

    /// The dense table, `[classes][classes]`: memory grows with the square of the number of classes.
    public var rows: [[Int]] {
        var table = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
        for cell in cells { table[cell.label][cell.predicted] = cell.count }
        return table
    }

    /// Cells of wrong predictions, the most frequent first (then by class order).
    public var confusions: [Cell] {
        cells.filter { $0.label != $0.predicted }.sorted {
            ($1.count, $0.label, $0.predicted) < ($0.count, $1.label, $1.predicted)
        }
    }

    private func totals(
        of axis: KeyPath<Cell, Int>, where isIncluded: (Cell) -> Bool = { _ in true }
    ) -> [Int] {
        var result = [Int](repeating: 0, count: classes.count)
        for cell in cells where isIncluded(cell) { result[cell[keyPath: axis]] += cell.count }
        return result
    }
}
