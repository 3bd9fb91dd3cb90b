/// Shell that a ``CompletionScript`` can be written for.
package enum Shell: String, CaseIterable, ArgumentValue, Sendable { case bash, zsh, fish }

/// Shell script that completes a program's commands, options, values and arguments.
///
/// The candidates depend only on the command line up to the cursor, by the same rules in every shell:
/// - commands, and after `help` commands again;
/// - options once a dash is typed, or where no argument is left; one that was given only if it is repeatable;
/// - values after `--name`, `--name=`, `-n` and `-n` written together; nothing for a number or free text;
/// - arguments by their place, after `--` nothing else.
package struct CompletionScript {
    private let tree: CommandTree

    package init(_ tree: CommandTree) { self.tree = tree }

    /// Renders the script, which ends in a newline and begins with how to install it.
    package func render(for shell: Shell) -> String {
        switch shell {
        case .bash: BashCompletion(tree).text
        case .zsh: ZshCompletion(tree).text
        case .fish: FishCompletion(tree).text
        }
    }
}

extension CommandTree {
    /// Path of commands without the program's name; empty for the program itself.
    var words: [String] { description.title.split(separator: " ").dropFirst().map(String.init) }

    /// Command itself and all commands below it.
    var all: [CommandTree] { [self] + children.flatMap(\.all) }

    /// Program's name as part of a function's name, where some shells allow no dash.
    var identifier: String {
        String(description.title.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// Subcommands with their summaries, `help` included.
    var offers: [(name: String, summary: String)] {
        children.isEmpty
            ? []
            : children.map { ($0.description.name, Wording.firstSentence($0.description.abstract)) }
                + [("help", "Tell more of a command")]
    }
}

extension Specification {
    /// Accepted spellings of the option: `--probe`, `--no-probe`, `-p`.
    var spellings: [String] {
        ["--\(name)"] + (isNegatable ? ["--no-\(name)"] : []) + (short.map { ["-\($0)"] } ?? [])
    }

    /// Candidates for the value: the choices, then the words to complete.
    var words: [String] { choices + completion.words.filter { !choices.contains($0) } }

    /// Help's first sentence, without the period.
    var summary: String { Wording.firstSentence(help) }

    /// Summary of one spelling; the negation of a flag is marked as off.
    func summary(of spelling: String) -> String {
        isNegatable && spelling.hasPrefix("--no-") && spelling != "--" + name ? "Off: " + summary : summary
    }
}
