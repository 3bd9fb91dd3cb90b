/// A type that can be written on a command line.
package protocol ArgumentValue {
    init(argument text: String) throws(ValueProblem)

    /// As it would be typed.
    var argumentText: String { get }

    /// The only values there are; empty: too many to list.
    static var choices: [String] { get }
    /// Stands for a value in help.
    static var placeholder: String { get }
    /// A text that begins with a minus may be a value.
    static var isNumber: Bool { get }
}

/// Why a text is no value of the type that is wanted.
package struct ValueProblem: Error, Equatable {
    /// What would have been one.
    package let expected: String

    package init(expected: String) { self.expected = expected }

    package static func oneOf(_ choices: [String]) -> ValueProblem {
        ValueProblem(expected: Wording.alternatives(choices))
    }
}

extension ArgumentValue {
    package static var choices: [String] { [] }
    package static var isNumber: Bool { false }

    /// Throws ``ValueProblem`` where the text is no value, or one out of bounds.
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
        // For Swift, infinity, "not a number" and 0x1p-3 are numbers, too.
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
