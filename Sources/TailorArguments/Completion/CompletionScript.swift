/// A shell's script that completes a program's commands, options, values and arguments.
///
/// What is offered follows from the command line up to the cursor alone, and by the same rules in every shell:
/// - commands, and after `help` commands again;
/// - options once a dash is typed, or where no argument is left; one that was given only if it is repeatable;
/// - values after `--name`, `--name=`, `-n` and `-n` written together; nothing for a number or free text;
/// - arguments by their place, after `--` nothing else.
package struct CompletionScript {
    private let tree: CommandTree

    package init(_ tree: CommandTree) { self.tree = tree }

    /// With a line end at its end. Its first lines say how it is installed.
    package func render(for shell: Shell) -> String {
        switch shell {
        case .bash: BashCompletion(tree).text
        case .zsh: ZshCompletion(tree).text
        case .fish: FishCompletion(tree).text
        }
    }
}

extension CommandTree {
    /// The commands that lead here, without the program: empty for the program itself.
    var words: [String] { description.title.split(separator: " ").dropFirst().map(String.init) }

    /// This command and all below it.
    var all: [CommandTree] { [self] + children.flatMap(\.all) }

    /// The program's name as part of a function's name, for which a dash will not do everywhere.
    var identifier: String {
        String(description.title.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// Commands and what is said of them, `help` included.
    var offers: [(name: String, summary: String)] {
        children.isEmpty
            ? []
            : children.map { ($0.description.name, Wording.firstSentence($0.description.abstract)) }
                + [("help", "Tell more of a command")]
    }
}

extension Specification {
    /// Every way in which the option may be written: `--probe`, `--no-probe`, `-p`.
    var spellings: [String] {
        ["--\(name)"] + (isNegatable ? ["--no-\(name)"] : []) + (short.map { ["-\($0)"] } ?? [])
    }

    /// What the shell can offer as a value.
    var words: [String] { choices + completion.words.filter { !choices.contains($0) } }

    /// The help, in one line and without its end.
    var summary: String { Wording.firstSentence(help) }

    /// Of a spelling: what a flag says of itself is not true of its negation.
    func summary(of spelling: String) -> String {
        isNegatable && spelling.hasPrefix("--no-") && spelling != "--" + name ? "Off: " + summary : summary
    }
}

extension Wording {
    /// One line, without the period.
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

    /// Not "e.g." and its like.
    static func endsSentence(_ word: Substring) -> Bool {
        let core = word.reversed().drop { ")]'\"".contains($0) }.reversed()
        guard let end = core.last, ".!?".contains(end) else { return false }
        let start = core.dropLast().drop { "(['\"".contains($0) }
        return end != "." || !(start.contains(".") || ["cf", "vs", "approx"].contains(String(start)))
    }
}
