/// Text helpers for help, errors, completion and manual page.
enum Wording {
    /// Kebab case of a name: `imageSize` becomes `image-size`.
    static func kebab(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, !result.isEmpty { result += "-" }
            result += character.lowercased()
        }
        return result
    }

    /// List of alternatives: "a", "a or b", "a, b or c".
    static func alternatives(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// User's text for use within a sentence, in quotes if it is empty or holds blanks.
    static func shown(_ text: String) -> String {
        text.isEmpty || text.contains(where: \.isWhitespace) ? quoted(text) : cut(text)
    }

    static func quoted(_ text: String) -> String { "'" + cut(text) + "'" }

    /// Truncates to 160 characters: a file's contents may have been passed by mistake.
    private static func cut(_ text: String) -> String {
        let limit = 160
        return text.count > limit ? text.prefix(limit) + "…" : text
    }

    /// First sentence of a text in one line, without the period.
    static func firstSentence(_ text: String) -> String {
        var sentence: [Substring] = []
        for word in text.split(whereSeparator: \.isWhitespace) {
            sentence.append(word)
            if endsSentence(word) { break }
        }
        let line = sentence.joined(separator: " ")
        return line.hasSuffix(".") && !line.hasSuffix("..") && sentence.last.map(endsSentence) == true
            ? String(line.dropLast()) : line
    }

    /// Whether a word ends a sentence; "e.g." and the like do not.
    static func endsSentence(_ word: Substring) -> Bool {
        let core = word.reversed().drop { ")]'\"".contains($0) }.reversed()
        guard let end = core.last, ".!?".contains(end) else { return false }
        let start = core.dropLast().drop { "(['\"".contains($0) }
        return end != "." || !(start.contains(".") || ["cf", "vs", "approx"].contains(String(start)))
    }
}
