import TailorArguments

/// `NUMBER,…`, numbers above 0.
struct NumberList: ArgumentValue {
    let values: [Double]

    init(_ values: [Double]) { self.values = values }

    init(argument text: String) throws(ValueProblem) {
        let values = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        let numbers = values.compactMap { $0 }.filter { $0 > 0 && $0.isFinite }
        guard !numbers.isEmpty, numbers.count == values.count else {
            throw ValueProblem(expected: "NUMBER,… above 0")
        }
        self.values = numbers
    }

    var argumentText: String { values.map(\.argumentText).joined(separator: ",") }
    static var placeholder: String { "factor,…" }
}
