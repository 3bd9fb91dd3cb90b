/// Positional argument. All are required; the last may take several values.
@propertyWrapper package final class Argument<Value>: Declared {
    private let own: Specification
    private let fill: (inout Value, String) throws(ValueProblem) -> Void

    package private(set) var wrappedValue: Value

    private init(
        _ value: Value, _ own: Specification,
        fill: @escaping (inout Value, String) throws(ValueProblem) -> Void
    ) {
        wrappedValue = value
        self.own = own
        self.fill = fill
    }

    func declaration() -> Declaration {
        Declaration(own) { [self] input throws(ValueProblem) in try fill(&wrappedValue, input) }
    }
}

extension Argument where Value == String {
    /// Creates a text argument.
    ///
    /// - Parameter name: Name in usage and help; `nil`: the property's, in kebab case.
    package convenience init(name: String? = nil, completion: Completion = .none, help: String) {
        let own = Specification(
            kind: .argument, name: name ?? "", isRequired: true, help: help, completion: completion)
        self.init("", own) { $0 = $1 }
    }
}

extension Argument where Value == [String] {
    /// Creates an argument that takes all remaining values, at least one.
    package convenience init(name: String? = nil, completion: Completion = .none, help: String) {
        let own = Specification(
            kind: .argument, name: name ?? "", isRequired: true, isRepeatable: true, help: help,
            completion: completion)
        self.init([], own) { $0.append($1) }
    }
}

extension Argument {
    /// Creates an argument of another type than text; `nil` only before parsing.
    package convenience init<Element: ArgumentValue>(
        name: String? = nil, completion: Completion = .none, help: String
    ) where Value == Element? {
        let own = Specification(
            kind: .argument, name: name ?? "", isRequired: true, help: help, choices: Element.choices,
            completion: completion, isNumber: Element.isNumber)
        self.init(nil, own) { (value, text) throws(ValueProblem) in value = try Element(argument: text) }
    }
}
