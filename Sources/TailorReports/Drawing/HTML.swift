import Foundation
import TailorEvaluation
import TailorSupport

/// A piece of HTML. In string literals, interpolated text is escaped and interpolated HTML is not.
///
/// A class name can thus reach the page only as text. The markup is also well-formed XML.
struct HTML: ExpressibleByStringInterpolation, Sendable {
    /// Markup.
    var text: String

    init(markup: String) { text = markup }
    init(stringLiteral value: String) { text = value }
    init(stringInterpolation: Interpolation) { text = stringInterpolation.text }

    struct Interpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity * 2) }

        mutating func appendLiteral(_ literal: String) { text += literal }
        mutating func appendInterpolation(_ html: HTML) { text += html.text }
        mutating func appendInterpolation(_ value: String) { text += HTML.escape(value.withBoundUnits) }
        mutating func appendInterpolation(_ value: Int) { text += String(value) }
        /// Appends a coordinate with two decimals.
        mutating func appendInterpolation(_ value: Double) { text += fixedPoint(value, digits: 2) }
    }

    /// Escapes element content and quoted attributes; makes control characters visible.
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

extension String {
    private static let units: Set<Substring> = ["%", "s", "min", "h", "ms", "MB", "px", "pixels"]

    /// The text with no-break spaces between numbers and their units.
    fileprivate var withBoundUnits: String {
        guard contains(" ") else { return self }
        let words = split(separator: " ", omittingEmptySubsequences: false)
        var text = String(words[0])
        for (previous, word) in zip(words, words.dropFirst()) {
            let unit = word.prefix { $0 == "%" || $0.isLetter }
            let isBound = previous.last?.isNumber == true && Self.units.contains(unit)
            text += (isBound ? "\u{A0}" : " ") + word
        }
        return text
    }
}

extension Sequence where Element == HTML {
    func joined(separator: String = "\n") -> HTML {
        HTML(markup: map(\.text).joined(separator: separator))
    }
}

extension HTML {
    /// Path that may wrap after a slash or an underscore.
    static func path(_ path: String) -> HTML {
        var text = ""
        for character in escape(path) {
            text.append(character)
            if character == "/" || character == "_" { text += "<wbr/>" }
        }
        return HTML(markup: text)
    }

    /// Embeds a JPEG file, or a placeholder if there is none.
    static func image(_ jpeg: Data?, alt: String) -> HTML {
        guard let jpeg else { return "<div class=\"no-picture\">no picture</div>" }
        return "<img alt=\"\(alt)\" src=\"data:image/jpeg;base64,\(jpeg.base64EncodedString())\"/>"
    }

    /// Pages that are made here; each replaces only earlier ones of its kind.
    enum PageKind: String { case report, check, review }

    /// Sign of a page that was made here.
    static func generator(_ kind: PageKind) -> String {
        "<meta name=\"generator\" content=\"Tailor \(kind.rawValue)\"/>"
    }

    /// Makes a page: one self-contained file, printable, light or dark as the reader's system.
    ///
    /// Its content security policy forbids scripts and the network.
    static func page(_ kind: PageKind, title: String, style: String, content: HTML) -> String {
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en"><head><meta charset="utf-8"/>
            <meta name="viewport" content="width=device-width, initial-scale=1"/>
            <meta http-equiv="Content-Security-Policy" \
            content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"/>
            \(HTML(markup: generator(kind)))
            <meta name="color-scheme" content="light dark"/>
            <title>\(title) · Tailor</title>
            <style>\(HTML(markup: style))</style></head>
            <body><main>
            \(content)
            </main></body></html>

            """
        return page.text
    }
}
