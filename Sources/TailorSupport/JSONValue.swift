/// Value of a JSON document.
package enum JSONValue: Equatable, Sendable {
    case null
    case bool(Bool)
    /// Whole number without fraction and exponent that fits.
    case integer(Int)
    /// Any other number; NaN and infinite ones where the reader accepts them.
    case number(Double)
    case text(String)
    case array([JSONValue])
    case object([String: JSONValue])

    /// Number; also one written as a text. Nil for anything else.
    package var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .text(let text): Double(text.trimmed)
        case .null, .bool, .array, .object: nil
        }
    }

    /// Description for messages.
    package var described: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .text(let text): "\"\(String(text.prefix(120)).printable)\""
        case .array: "a list"
        case .object: "an object"
        }
    }
}
