/// An option with a value: `--name value`, `--name=value`, `-n value`, `-nvalue`.
///
/// A reference type, because the parser fills in what the command has declared. Given twice, the last value counts;
/// an option that is an array takes all.
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
    /// With a default.
    /// - Parameters:
    ///   - name: On the command line, without dashes; `nil`: the property's, in kebab case.
    ///   - placeholder: Stands for the value in help; `nil`: the type's.
    ///   - bounds: What else is asked of the value.
    ///   - shown: What help says of the default; `nil`: the default itself.
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
    /// `nil` unless given. `shown` says what then happens.
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

    /// May be given several times; empty unless given.
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
