/// Text and macro arguments as roff takes them, in ASCII.
///
/// Source: mandoc_char(7), groff_char(7), mdoc(7) "Macro syntax".
enum Roff {
    /// Running text in lines of at most 78 bytes, a sentence beginning on a line of its own; no line is a macro.
    static func prose(_ text: String) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            let ends = Wording.endsSentence(word)
            var escaped = escaped(String(word), isCode: isCode(word))
            // An abbreviation at a line's end would be taken for a sentence's.
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

    /// A line that stays as it is and can be copied from the page.
    static func literal(_ line: String) -> String { guarded(escaped(line, isCode: true)) }

    /// One argument of a macro, as it would be typed.
    static func argument(_ text: String) -> String {
        let escaped = escaped(text, isCode: true).replacing("\"", with: #"\(dq"#)
        // What is short might be a macro's name, and punctuation alone has a meaning.
        let safe = text.count <= 3 ? #"\&"# + escaped : escaped
        return text.contains(" ") ? "\"" + safe + "\"" : safe
    }

    /// A long option's dashes and name for `.Fl`, which sets the first dash.
    static func long(_ name: String) -> String { #"\-"# + escaped(name, isCode: true) }

    /// What would begin a request does not.
    private static func guarded(_ line: String) -> String {
        line.hasPrefix(".") || line.hasPrefix("'") ? #"\&"# + line : line
    }

    /// - Parameter isCode: Dashes and quotes are those of a keyboard, not hyphens and typographic quotes.
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

    /// A word whose dashes are typed: an option, a negative number, a path, a name in a program.
    private static func isCode(_ word: Substring) -> Bool {
        let start = word.drop { "(['\"`".contains($0) }
        return start.hasPrefix("-") || word.contains { "/_=<>|`".contains($0) }
    }
}
