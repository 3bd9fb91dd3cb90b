/// Quoting of text as a literal word of a shell.
enum ShellQuoting {
    /// Quotes a word for bash and zsh.
    static func word(_ text: String) -> String {
        isPlain(text) ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// Quotes a word for fish, where a backslash in single quotes escapes itself and the quote.
    static func fishWord(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        return "'" + text.replacing(#"\"#, with: #"\\"#).replacing("'", with: #"\'"#) + "'"
    }

    static func words(_ texts: [String]) -> String { texts.map(word).joined(separator: " ") }

    static func fishWords(_ texts: [String]) -> String { texts.map(fishWord).joined(separator: " ") }

    /// POSIX extended regular expression for names with one of the extensions, ignoring case; any name if
    /// empty.
    static func expression(extensions: [String]) -> String {
        guard !extensions.isEmpty else { return "." }
        return "[.](" + extensions.map { $0.map(expression).joined() }.joined(separator: "|") + ")$"
    }

    private static func expression(_ character: Character) -> String {
        if let upper = pair(character) { return "[\(character.lowercased())\(upper)]" }
        if character.isNumber || !character.isASCII { return String(character) }
        return #"^\]["#.contains(character) ? #"\\#(character)"# : "[\(character)]"
    }

    private static func pair(_ character: Character) -> String? {
        character.isASCII && character.isLetter ? character.uppercased() : nil
    }

    private static func isPlain(_ text: String) -> Bool {
        !text.isEmpty
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./,".contains($0)) }
    }
}
