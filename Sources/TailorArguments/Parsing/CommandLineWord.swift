/// One word of a command line, by its look.
enum CommandLineWord: Equatable {
    /// `--name` or `--name=value`.
    case long(name: String, value: String?)
    /// What follows a single dash.
    case short(letters: Substring)
    /// `--`: everything after it is an argument.
    case terminator
    /// Begins with a dash that word processors and web pages make of `--`; the name after it.
    case wrongDash(name: String)
    /// Anything else, `-` (standard input by custom) and the empty text included.
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
