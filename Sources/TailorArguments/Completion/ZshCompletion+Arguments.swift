extension ZshCompletion {
    /// Specifications for `_arguments`, one for each spelling: `(-o --output)--output=[Where]:folder:…`.
    func specifications(_ option: Specification) -> [String] {
        let spellings = option.spellings
        let others =
            option.isRepeatable ? "*" : spellings.count > 1 ? "(\(spellings.joined(separator: " ")))" : ""
        return spellings.map { spelling in
            let joins = option.kind == .flag ? "" : spelling.hasPrefix("--") ? "=" : "+"
            let value =
                option.kind == .flag ? "" : ":" + escaped(option.placeholder, ":") + ":" + action(option)
            return others + spelling + joins + "[" + escaped(option.summary(of: spelling), "[]:") + "]"
                + value
        }
    }

    /// Action of `_arguments` that completes a value; a blank completes nothing.
    func action(_ value: Specification) -> String {
        let words = ShellQuoting.words(value.words)
        guard let patterns = patterns(value.completion.path) else {
            // Instead of the list in parentheses, which would be sorted.
            return value.words.isEmpty ? " " : escaped("compadd -V words - " + words, ":")
        }
        guard !value.words.isEmpty else {
            return escaped("_path_files -g " + ShellQuoting.word(patterns), ":")
        }
        return escaped(" \(prefix)__either " + ShellQuoting.word(patterns) + " " + words, ":")
    }

    /// Glob patterns for folders and files with one of the extensions, ignoring case. `_files` would offer
    /// all files when none matches.
    private func patterns(_ path: Completion.Path?) -> String? {
        guard case .file(let extensions) = path else { return path == nil ? nil : "*(-/)" }
        guard !extensions.isEmpty else { return "*" }
        let alternatives = extensions.map { $0.map(literal).joined() }
        return "*.(#i)(" + alternatives.joined(separator: "|") + ")(-^/) *(-/)"
    }

    private func literal(_ character: Character) -> String {
        character.isASCII && !character.isLetter && !character.isNumber ? "\\\(character)" : String(character)
    }

    /// Escapes the characters that would end a part of a specification, and the backslash.
    func escaped(_ text: String, _ characters: String) -> String {
        var result = ""
        for character in text {
            if characters.contains(character) || (character == "\\" && characters.contains("[")) {
                result += "\\"
            }
            result.append(character)
        }
        return result
    }
}
