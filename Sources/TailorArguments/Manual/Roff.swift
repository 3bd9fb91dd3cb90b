/// Escaping of text and macro arguments for roff, in ASCII.
///
/// Source: mandoc_char(7), groff_char(7), mdoc(7) "Macro syntax".
enum Roff {
    /// Breaks running text into lines of at most 78 bytes, each sentence beginning a new line; no line is a
    /// macro.
    static func prose(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            let ends = Wording.endsSentence(word)
            var escaped = escaped(String(word), isCode: isCode(word))
            // roff takes a period at a line's end for the end of a sentence.
            if word.hasSuffix("."), !ends { escaped += #"\&"# }
            if line.isEmpty {
                line = escaped
            } else if line.utf8.count + 1 + escaped.utf8.count <= 76 {
                line += " " + escaped
            } else {
                lines.append(line)
                line = escaped
            }
            if ends {
                lines.append(line)
                line = ""
            }
        }
        return (line.isEmpty ? lines : lines + [line]).map(guarded)
    }

    /// Escapes a line that is shown verbatim and can be copied from the page.
    static func literal(_ line: String) -> String { guarded(escaped(line, isCode: true)) }

    /// Escapes one argument of a macro.
    static func argument(_ text: String) -> String {
        let escaped = escaped(text, isCode: true).replacing("\"", with: #"\(dq"#)
        // A short word might be a macro's name, and lone punctuation is special.
        let safe = text.count <= 3 ? #"\&"# + escaped : escaped
        return text.contains(" ") ? "\"" + safe + "\"" : safe
    }

    /// Long option for `.Fl`, which itself adds the first dash.
    static func long(_ name: String) -> String { #"\-"# + escaped(name, isCode: true) }

    /// Protects a line that begins with a roff control character.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? #"\&"# + line : line
    }

    /// Escapes special characters.
    ///
    /// - Parameter isCode: Whether dashes and quotes stay ASCII instead of becoming typographic.
    private static func escaped(_ text: String, isCode: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += #"\e"#
            case "-": result += isCode ? #"\-"# : "-"
            case "'": result += isCode ? #"\(aq"# : "'"
            case "`": result += #"\(ga"#
            case "^": result += #"\(ha"#
            case "~": result += #"\(ti"#
            case " "..."~": result.unicodeScalars.append(scalar)
            case "\u{a0}"...:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result += #"\[u"# + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
            default: result += " "
            }
        }
        return result
    }

    /// Whether a word is code, whose dashes stay ASCII: an option, a negative number, a path, an identifier.
    private static func isCode(_ word: Substring) -> Bool {
        let start = word.drop { "(['\"`".contains($0) }
        return start.hasPrefix("-") || word.contains { "/_=<>|`".contains($0) }
    }
}
