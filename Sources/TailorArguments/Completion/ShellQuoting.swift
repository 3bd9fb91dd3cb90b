/// Text as one literal word of a shell.
enum ShellQuoting {
    /// For bash and zsh.
    static func word(_ text: String) -> String {
        isPlain(text) ? text : "'" + text.replacing("'", with: #"'\''"#) + "'"
    }

    /// In fish's single quotes a backslash escapes itself and the quote.
    static func fishWord(_ text: String) -> String {
        guard !isPlain(text) else { return text }
        return "'" + text.replacing(#"\"#, with: #"\\"#).replacing("'", with: #"\'"#) + "'"
    }

    static func words(_ texts: [String]) -> String { texts.map(word).joined(separator: " ") }

    static func fishWords(_ texts: [String]) -> String { texts.map(fishWord).joined(separator: " ") }

    /// An extended regular expression (POSIX) for names with one of the extensions, in capitals or not; empty: any.
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
