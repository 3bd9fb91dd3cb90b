/// Small pieces of text that several parts need.
enum Wording {
    /// `imageSize` becomes `image-size`.
    static func kebab(_ name: String) -> String {
        var result = ""
        for character in name {
            if character.isUppercase, !result.isEmpty { result += "-" }
            result += character.lowercased()
        }
        return result
    }

    /// "a", "a or b", "a, b or c".
    static func alternatives(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.first ?? "" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    /// What a user typed, where it stands among other words: blanks are made visible by quotes.
    static func shown(_ text: String) -> String {
        text.isEmpty || text.contains(where: \.isWhitespace) ? quoted(text) : cut(text)
    }

    static func quoted(_ text: String) -> String { "'" + cut(text) + "'" }

    /// Who passes a file's contents by mistake wants to see the beginning.
    private static func cut(_ text: String) -> String {
        let limit = 160
        return text.count > limit ? text.prefix(limit) + "…" : text
    }
}
