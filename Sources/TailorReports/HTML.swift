import TailorEvaluation
import TailorSupport

/// A piece of HTML, written as a string literal: text put into it is escaped, HTML put into it is not.
///
/// A class name can thus reach the page only as text. The markup is also well-formed XML.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// The markup itself.
    var text: String

    init(markup: String) { text = markup }
    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    struct Interpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ value: String) { text += HTML.escape(value) }
        mutating func appendInterpolation(_ value: Int) { text += String(value) }
        /// A coordinate: two decimals.
        mutating func appendInterpolation(_ value: Double) { text += fixedPoint(value, digits: 2) }
    }

    /// For element content and quoted attributes; control characters are made visible.
    static func escape(_ value: String) -> String {
        var result = ""
        result.reserveCapacity(value.utf8.count)
        for scalar in value.printable.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            // Noncharacters, which XML does not allow.
            case "\u{FFFE}", "\u{FFFF}": result += "\u{FFFD}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Sequence where Element == HTML {
    func joined(separator: String = "\n") -> HTML {
        HTML(markup: map(\.text).joined(separator: separator))
    }
}
