import TailorArguments

/// `LOW:HIGH`, two numbers above 0.
struct NumberRange: ArgumentValue {
    let range: ClosedRange<Double>

    init(_ range: ClosedRange<Double>) { self.range = range }

    init(argument text: String) throws(ValueProblem) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let low = parts[0], let high = parts[1], low > 0, low <= high, high.isFinite
        else {
            throw ValueProblem(expected: "LOW:HIGH with 0 < LOW ≤ HIGH")
        }
        range = low...high
    }

    /// Range rounded to four decimals: 4:3 has no end.
    var argumentText: String {
        [range.lowerBound, range.upperBound].map { (($0 * 1e4).rounded() / 1e4).argumentText }
            .joined(separator: ":")
    }
    static var placeholder: String { "low:high" }
}
