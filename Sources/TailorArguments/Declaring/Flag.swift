/// Option without a value: `--name` or `-n`, and `--no-name` if negatable. The last one counts.
@propertyWrapper package final class Flag<Value>: Declared {
    private let own: Specification
    private let convert: (Bool) -> Value

    package private(set) var wrappedValue: Value

    private init(_ value: Value, _ own: Specification, convert: @escaping (Bool) -> Value) {
        wrappedValue = value
        self.own = own
        self.convert = convert
    }

    func declaration() -> Declaration {
        Declaration(own, set: { [self] in wrappedValue = convert($0) })
    }
}

extension Flag where Value == Bool {
    /// Creates a flag with a default.
    ///
    /// - Parameter name: Name without dashes; `nil`: the property's, in kebab case.
    package convenience init(
        wrappedValue: Bool, name: String? = nil, short: Character? = nil, negatable: Bool = false,
        help: String
    ) {
        let own = Specification(
            kind: .flag, name: name ?? "", short: short, isNegatable: negatable, help: help,
            defaultText: negatable ? (wrappedValue ? "on" : "off") : nil)
        self.init(wrappedValue, own) { $0 }
    }
}

extension Flag where Value == Bool? {
    /// Creates a negatable flag that is `nil` unless given; `shown` is the default that help shows.
    package convenience init(
        name: String? = nil, short: Character? = nil, shown: Bool? = nil, help: String
    ) {
        let own = Specification(
            kind: .flag, name: name ?? "", short: short, isNegatable: true, help: help,
            defaultText: shown.map { $0 ? "on" : "off" })
        self.init(nil, own) { $0 }
    }
}
