/// Completion script for bash: a table of each command as `case` statements, and the functions that use it.
///
/// Source: Bash Reference Manual, "Programmable Completion". Limited to bash 3.2 (that of macOS): no
/// associative arrays, no `mapfile`; `compopt` and `-o nosort` only where they exist.
struct BashCompletion {
    let tree: CommandTree
    /// Prefix of every function's name.
    let prefix: String

    init(_ tree: CommandTree) {
        self.tree = tree
        prefix = "_" + tree.identifier
    }

    private var program: String { ShellQuoting.word(tree.description.name) }

    var text: String {
        [introduction, commands, spellings, options, values, engine, registration].joined(separator: "\n")
    }

    private var introduction: String {
        """
        # shellcheck shell=bash disable=SC2016
        # Completion of \(program) in bash. To install it for good:
        #   \(program) completion bash > ~/.local/share/bash-completion/completions/\(program)
        # or, without the package bash-completion, in ~/.bashrc:
        #   source <(\(program) completion bash)    # bash 3.2: eval "$(\(program) completion bash)"

        """
    }

    /// Shell function that sets `below` to the subcommands of `command`, which is a space-separated path.
    private var commands: String {
        function(
            "commands", says: "Sets 'below' to the commands under 'command'.", start: "below=()",
            over: "$command",
            tree.all.filter { !$0.children.isEmpty }.map { node in
                (pattern(node.words), "below=(\(ShellQuoting.words(node.children.map(\.description.name))))")
            })
    }

    private var spellings: String {
        function(
            "find", says: "Sets 'option' to the one that is written so, and 'takes' if a value follows it.",
            start: "option='' takes=''", over: "$command $1",
            tree.all.flatMap { node in
                node.description.options.map { option in
                    let patterns = option.spellings.map { ShellQuoting.word(key(node, $0)) }
                    let takes = option.kind == .option ? " takes=1" : ""
                    return (
                        patterns.joined(separator: " | "),
                        "option=\(ShellQuoting.word(option.title))\(takes)"
                    )
                }
            })
    }

    private var options: String {
        function(
            "options", says: "Offers the options of 'command'.", start: nil, over: "$command",
            tree.all.map { node in
                let lines = node.description.options.map { option in
                    "\(prefix)__offer\(option.isRepeatable ? "_again" : "") "
                        + ShellQuoting.words(option.spellings)
                }
                return (
                    pattern(node.words), "\n            " + lines.joined(separator: "\n            ")
                )
            })
    }

    private var values: String {
        function(
            "values", says: "Offers values of an option, or of the argument at a place.",
            start: "expected=1",
            over: "$command $1",
            tree.all.flatMap { node in
                let options = node.description.options.filter { $0.kind == .option }.map {
                    (ShellQuoting.word(key(node, $0.title)), offers($0))
                }
                let places = node.description.arguments.enumerated().map { place, argument in
                    let key = key(node, argument.isRepeatable ? "" : String(place))
                    return (
                        ShellQuoting.word(key) + (argument.isRepeatable ? "[0-9]*" : ""), offers(argument)
                    )
                }
                return options + places
            } + [("*", "expected=''")])
    }

    private func offers(_ value: Specification) -> String {
        var commands: [String] = []
        if !value.words.isEmpty { commands.append("\(prefix)__words \(ShellQuoting.words(value.words))") }
        switch value.completion.path {
        case .folder: commands.append("\(prefix)__paths ''")
        case .file(let extensions):
            let expression = ShellQuoting.expression(extensions: extensions)
            commands.append("\(prefix)__paths \(ShellQuoting.word(expression))")
        case nil: break
        }
        return commands.joined(separator: "; ")
    }

    private func key(_ node: CommandTree, _ word: String) -> String {
        node.words.joined(separator: " ") + " " + word
    }

    private func pattern(_ words: [String]) -> String {
        words.isEmpty ? "''" : ShellQuoting.word(words.joined(separator: " "))
    }

    private func function(
        _ name: String, says: String, start: String?, over subject: String, _ cases: [(String, String)]
    ) -> String {
        var lines = ["# \(says)", "\(prefix)__\(name)() {"]
        if let start { lines.append("    " + start) }
        lines.append("    case \"\(subject)\" in")
        lines += cases.map { pattern, commands in
            commands.isEmpty ? "        \(pattern)) ;;" : "        \(pattern)) \(commands) ;;"
        }
        return (lines + ["    esac", "}", ""]).joined(separator: "\n").replacing(") \n", with: ")\n")
    }

    private var registration: String {
        """
        if ! type compopt >/dev/null 2>&1; then
            complete -o nospace -F \(prefix) \(program)
        elif ! complete -o nosort -F \(prefix) \(program) 2>/dev/null; then
            complete -F \(prefix) \(program)
        fi

        """
    }
}
