/// Type whose values can be written on a command line.
package protocol ArgumentValue {
    init(argument text: String) throws(ValueProblem)

    /// Text that a user would type for the value.
    var argumentText: String { get }

    /// All allowed values; empty if they cannot be listed.
    static var choices: [String] { get }
    /// Placeholder for a value in help.
    static var placeholder: String { get }
    /// Whether a text that begins with a minus may be a value.
    static var isNumber: Bool { get }
}

/// Failure to convert a text to the wanted type.
package struct ValueProblem: Error, Equatable {
    /// Description of the expected value.
    package let expected: String

    package init(expected: String) { self.expected = expected }

    package static func oneOf(_ choices: [String]) -> ValueProblem {
        ValueProblem(expected: Wording.alternatives(choices))
    }
}

extension ArgumentValue {
    package static var choices: [String] { [] }
    package static var isNumber: Bool { false }

    /// Parses a text. Throws ``ValueProblem`` if it is no value of the type or out of bounds.
    init(_ text: String, within bounds: Bounds<Self>?) throws(ValueProblem) {
        try self.init(argument: text)
        if let bounds, !bounds.contains(self) { throw ValueProblem(expected: bounds.text) }
    }
}

extension String: ArgumentValue {
    package init(argument text: String) { self = text }
    package var argumentText: String { self }
    package static var placeholder: String { "text" }
}

extension ArgumentValue where Self: FixedWidthInteger {
    package init(argument text: String) throws(ValueProblem) {
        if let value = Self(text) {
            self = value
            return
        }
        let digits = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
        let isNumber = !digits.isEmpty && digits.allSatisfy { ("0"..."9").contains($0) }
        throw ValueProblem(
            expected: isNumber ? "a whole number from \(Self.min) to \(Self.max)" : "a whole number")
    }

    package var argumentText: String { "\(self)" }
    package static var placeholder: String { "n" }
    package static var isNumber: Bool { true }
}

extension Int: ArgumentValue {}
extension UInt64: ArgumentValue {}

extension Double: ArgumentValue {
    package init(argument text: String) throws(ValueProblem) {
        // Swift would also accept "inf", "nan" and 0x1p-3.
        guard text.allSatisfy({ "0123456789+-.eE".contains($0) }), let value = Double(text), value.isFinite
        else {
            throw ValueProblem(expected: "a number")
        }
        self = value
    }

    package var argumentText: String {
        let text = "\(self)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
    package static var placeholder: String { "number" }
    package static var isNumber: Bool { true }
}

extension ArgumentValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    package init(argument text: String) throws(ValueProblem) {
        guard let value = Self(rawValue: text) else { throw ValueProblem.oneOf(Self.choices) }
        self = value
    }

    package var argumentText: String { rawValue }
    package static var choices: [String] { allCases.map(\.rawValue) }
    package static var placeholder: String {
        let all = choices.joined(separator: "|")
        return all.count <= 30 ? all : "name"
    }
}
