/// Option with a value: `--name value`, `--name=value`, `-n value`, `-nvalue`.
///
/// A reference type, because the parser fills in what the command has declared. If given twice, the last
/// value counts; an array collects all.
@propertyWrapper package final class Option<Value>: Declared {
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

    private static func specification<Element: ArgumentValue>(
        _ type: Element.Type, name: String?, short: Character?, placeholder: String?,
        bounds: Bounds<Element>?, completion: Completion, shown: String?, help: String
    ) -> Specification {
        var own = Specification(
            kind: .option, name: name ?? "", short: short, help: help, choices: type.choices,
            completion: completion, bounds: bounds?.text, defaultText: shown, isNumber: type.isNumber)
        own.placeholder = placeholder ?? type.placeholder
        return own
    }
}

extension Option where Value: ArgumentValue {
    /// Creates an option with a default.
    ///
    /// - Parameters:
    ///   - name: Name without dashes; `nil`: the property's, in kebab case.
    ///   - placeholder: Placeholder for the value in help; `nil`: the type's.
    ///   - bounds: Range that the value must lie in.
    ///   - shown: Default as help shows it; `nil`: the default's text.
    package convenience init(
        wrappedValue: Value, name: String? = nil, short: Character? = nil, placeholder: String? = nil,
        bounds: Bounds<Value>? = nil, completion: Completion = .none, shown: String? = nil, help: String
    ) {
        self.init(
            wrappedValue,
            Self.specification(
                Value.self, name: name, short: short, placeholder: placeholder, bounds: bounds,
                completion: completion, shown: shown ?? wrappedValue.argumentText, help: help)
        ) { (value, text) throws(ValueProblem) in value = try Value(text, within: bounds) }
    }
}

extension Option {
    /// Creates an option that is `nil` unless given; `shown` is the default that help shows.
    package convenience init<Element: ArgumentValue>(
        name: String? = nil, short: Character? = nil, placeholder: String? = nil,
        bounds: Bounds<Element>? = nil, completion: Completion = .none, shown: String? = nil, help: String
    ) where Value == Element? {
        self.init(
            nil,
            Self.specification(
                Element.self, name: name, short: short, placeholder: placeholder, bounds: bounds,
                completion: completion, shown: shown, help: help)
        ) { (value, text) throws(ValueProblem) in value = try Element(text, within: bounds) }
    }

    /// Creates an option that may be repeated; empty unless given.
    package convenience init<Element: ArgumentValue>(
        name: String? = nil, short: Character? = nil, placeholder: String? = nil,
        bounds: Bounds<Element>? = nil, completion: Completion = .none, shown: String? = nil, help: String
    ) where Value == [Element] {
        var own = Self.specification(
            Element.self, name: name, short: short, placeholder: placeholder, bounds: bounds,
            completion: completion, shown: shown, help: help)
        own.isRepeatable = true
        self.init([], own) { (value, text) throws(ValueProblem) in
            value.append(try Element(text, within: bounds))
        }
    }
}
