/// Word of a command line, classified by its form.
enum CommandLineWord: Equatable {
    /// Long option: `--name` or `--name=value`.
    case long(name: String, value: String?)
    /// Letters after a single dash.
    case short(letters: Substring)
    /// Terminator `--`, after which everything is an argument.
    case terminator
    /// Word that begins with a typographic dash, into which word processors turn `--`; the name follows it.
    case wrongDash(name: String)
    /// Any other word, `-` (by convention standard input) and the empty text included.
    case value

    init(_ word: String) {
        if word == "--" {
            self = .terminator
        } else if word.hasPrefix("--") {
            let (name, value) = Self.divided(word.dropFirst(2))
            self = .long(name: name, value: value)
        } else if word.hasPrefix("-"), word.count > 1 {
            self = .short(letters: word.dropFirst())
        } else if let first = word.first, "‐‑‒–—―−".contains(first), word.count > 1 {
            self = .wrongDash(name: Self.divided(word.drop { "‐‑‒–—―−-".contains($0) }).name)
        } else {
            self = .value
        }
    }

    static func divided(_ text: Substring) -> (name: String, value: String?) {
        guard let sign = text.firstIndex(of: "=") else { return (String(text), nil) }
        return (String(text[..<sign]), String(text[text.index(after: sign)...]))
    }
}
