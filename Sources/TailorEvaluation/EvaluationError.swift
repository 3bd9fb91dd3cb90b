import TailorSupport

/// An error that says why an evaluation could not be computed: what, where, expected and got.
public enum EvaluationError: CategorizedError, Equatable, Sendable {
    /// There is nothing to measure.
    case empty(what: String)
    /// Inputs that must have the same length do not.
    case countMismatch(what: String, expected: Int, got: Int)
    /// A label or prediction that is no index into the class list.
    case classOutOfRange(what: String, index: Int, value: Int, classCount: Int)
    /// A score that is NaN or infinite.
    case notFinite(what: String, row: Int, column: Int, value: String)
    /// A row of probabilities that does not sum to one, or leaves 0...1.
    case notProbabilities(row: Int, detail: String)
    /// A parameter outside its range.
    case invalidArgument(name: String, expected: String, got: String)

    public var category: ErrorCategory { .work }

    public var description: String {
        switch self {
        case .empty(let what):
            "\(what): expected at least one, got none"
        case .countMismatch(let what, let expected, let got):
            "\(what): expected \(expected), got \(got)"
        case .classOutOfRange(let what, let index, let value, let classCount):
            "\(what) \(index): expected a class index in 0..<\(classCount), got \(value)"
        case .notFinite(let what, let row, let column, let value):
            "\(what), row \(row), class \(column): expected a finite number, got \(value)"
        case .notProbabilities(let row, let detail):
            "probabilities, row \(row): expected numbers in 0...1 that sum to 1, got \(detail)"
        case .invalidArgument(let name, let expected, let got):
            "\(name): expected \(expected), got \(got)"
        }
    }
}

/// Throws unless every value is an index into a list of `classCount` classes.
func requireClassIndices(_ values: [Int], classCount: Int, what: String) throws {
    for (index, value) in values.enumerated() where value < 0 || value >= classCount {
        throw EvaluationError.classOutOfRange(
            what: what, index: index, value: value, classCount: classCount)
    }
}

/// Throws unless there is one prediction for each label and all are indices into a list of `classCount`
/// classes.
func requirePairs(labels: [Int], predictions: [Int], classCount: Int) throws {
    guard labels.count == predictions.count else {
        throw EvaluationError.countMismatch(
            what: "predictions", expected: labels.count, got: predictions.count)
    }
    try requireClassIndices(labels, classCount: classCount, what: "label")
    try requireClassIndices(predictions, classCount: classCount, what: "prediction")
}
