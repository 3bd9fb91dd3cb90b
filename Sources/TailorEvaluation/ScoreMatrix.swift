import TailorSupport

/// Matrix of finite scores, logits or probabilities, `[samples, classes]`.
public struct ScoreMatrix: Sendable, Hashable {
    /// Scores, `[samples, classes]` row-major.
    public let values: [Double]
    public let classCount: Int
    /// Number of samples (rows).
    public let count: Int

    /// Creates a matrix from row-major scores. Throws `EvaluationError` if their number is no multiple of
    /// `classCount` or one is not finite.
    public init(_ values: [Double], classCount: Int) throws {
        guard classCount > 0 else {
            throw EvaluationError.invalidArgument(
                name: "classCount", expected: "at least 1", got: "\(classCount)")
        }
        guard values.count % classCount == 0 else {
            throw EvaluationError.countMismatch(
                what: "scores for \(classCount) classes", expected: values.count / classCount * classCount,
                got: values.count)
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw EvaluationError.notFinite(
                what: "scores", row: bad / classCount, column: bad % classCount, value: "\(values[bad])")
        }
        self.values = values
        self.classCount = classCount
        self.count = values.count / classCount
    }

    /// Creates a matrix from a tensor's memory, `[samples, classes]` row-major.
    public init(_ values: [Float], classCount: Int) throws {
        try self.init(values.map(Double.init), classCount: classCount)
    }

    /// Creates a matrix from rows. Throws `EvaluationError` if they differ in length.
    public init(rows: [[Double]]) throws {
        guard let first = rows.first else { throw EvaluationError.empty(what: "rows of scores") }
        for (index, row) in rows.enumerated() where row.count != first.count {
            throw EvaluationError.countMismatch(
                what: "scores in row \(index)", expected: first.count, got: row.count)
        }
        try self.init(rows.flatMap { $0 }, classCount: first.count)
    }

    /// Scores of one sample, `classCount` long.
    public subscript(row: Int) -> ArraySlice<Double> {
        values[row * classCount..<(row + 1) * classCount]
    }

    public subscript(row: Int, column: Int) -> Double {
        values[row * classCount + column]
    }

    /// Scores of one class, `count` long.
    public func column(_ index: Int) -> [Double] {
        (0..<count).map { self[$0, index] }
    }

    /// Index of each row's largest score; the first of equals.
    public var predictions: [Int] {
        (0..<count).map { self[$0].argmax ?? 0 }
    }

    /// Probabilities of these logits: softmax(logits / temperature), computed without overflow.
    ///
    /// - Parameter temperature: positive; above 1 softens, below 1 sharpens.
    public func softmax(temperature: Double = 1) throws -> ScoreMatrix {
        guard temperature > 0, temperature.isFinite else {
            throw EvaluationError.invalidArgument(
                name: "temperature", expected: "a positive number", got: "\(temperature)")
        }
        let rows = (0..<count).flatMap { TailorSupport.softmax(self[$0], temperature: temperature) }
        return try ScoreMatrix(rows, classCount: classCount)
    }

    /// Throws unless there is at least one row, and one label for each row that is a column of this matrix.
    func require(labels: [Int]) throws {
        guard count > 0 else { throw EvaluationError.empty(what: "samples") }
        guard labels.count == count else {
            throw EvaluationError.countMismatch(what: "labels", expected: count, got: labels.count)
        }
        try requireClassIndices(labels, classCount: classCount, what: "label")
    }

    /// Throws unless every row is a distribution (within 1e-4 of summing to one: float32 softmax passes).
    func requireProbabilities() throws {
        for row in 0..<count {
            let slice = self[row]
            if let bad = slice.first(where: { $0 < 0 || $0 > 1 + 1e-6 }) {
                throw EvaluationError.notProbabilities(row: row, detail: "\(bad)")
            }
            let sum = slice.reduce(0, +)
            guard abs(sum - 1) < 1e-4 else {
                throw EvaluationError.notProbabilities(row: row, detail: "a sum of \(sum)")
            }
        }
    }
}

extension RandomAccessCollection where Element: Comparable {
    /// Offset of the largest element, the first of equals, as NumPy's argmax; `nil` if empty.
    package var argmax: Int? {
        indices.max { self[$0] < self[$1] }.map { distance(from: startIndex, to: $0) }
    }
}
