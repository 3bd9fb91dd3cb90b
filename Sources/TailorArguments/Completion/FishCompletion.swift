/// Completion script for fish: a table of each command as `switch` statements, and the functions that use it.
///
/// Source: fish's documentation, "Writing your own completions", `complete` and `commandline`. One function
/// decides instead of many conditions, each of which fish would evaluate at every key press.
struct FishCompletion {
    let tree: CommandTree
    /// Prefix of every function's name.
    let prefix: String

    init(_ tree: CommandTree) {
        self.tree = tree
        prefix = "__" + tree.identifier
    }

    private var program: String { ShellQuoting.fishWord(tree.description.name) }

    var text: String {
        [introduction, commands, spellings, options, values, engine, registration].joined(separator: "\n")
    }

    private var introduction: String {
        """
        # Completion of \(program) in fish. To install it for good:
        #   \(program) completion fish > ~/.config/fish/completions/\(tree.description.name).fish
        # or, in ~/.config/fish/config.fish:
        #   \(program) completion fish | source

        """
    }

    private var commands: String {
        function(
            "commands", says: "Prints the commands under a command, the names of which are joined by blanks.",
            tree.all.filter { !$0.children.isEmpty }.map { node in
                let rows = node.offers.flatMap { [$0.name, $0.summary] }
                return (
                    [node.words.joined(separator: " ")], #"printf '%s\t%s\n' "# + ShellQuoting.fishWords(rows)
                )
            })
    }

    private var spellings: String {
        function(
            "find", says: "Prints the option of a command that is written so, and 'value' if one follows it.",
            tree.all.flatMap { node in
                node.description.options.map { option in
                    let value = option.kind == .option ? " value" : ""
                    return (
                        option.spellings.map { key(node, $0) },
                        #"printf '%s\n' "# + ShellQuoting.fishWord(option.title) + value
                    )
                }
            })
    }

    /// Shell function that prints options; all spellings carry the option's name, so that all are left out
    /// once one was given.
    private var options: String {
        function(
            "options",
            says: "Prints the options of a command: the name under which it is given, spelling, help.",
            tree.all.map { node in
                let rows = node.description.options.flatMap { option in
                    option.spellings.map { spelling in
                        ShellQuoting.fishWords([
                            option.isRepeatable ? "again" : option.title, spelling,
                            option.summary(of: spelling),
                        ])
                    }
                }
                return (
                    [node.words.joined(separator: " ")],
                    #"printf '%s\t%s\t%s\n' "# + rows.joined(separator: " \\\n                ")
                )
            })
    }

    private var values: String {
        function(
            "values",
            says: "Prints values of an option, or of the argument at a place; fails where there is none.",
            tree.all.flatMap { node in
                let options = node.description.options.filter { $0.kind == .option }.map {
                    ([key(node, $0.title)], offers($0))
                }
                let places = node.description.arguments.enumerated().map { place, argument in
                    (
                        [key(node, argument.isRepeatable ? "argument *" : "argument \(place)")],
                        offers(argument)
                    )
                }
                return options + places
            } + [(["*"], "return 1")], argument: "$argv[1]", after: "return 0")
    }

    private func offers(_ value: Specification) -> String {
        var commands: [String] = []
        if !value.words.isEmpty {
            commands.append(#"printf '%s\n' "# + ShellQuoting.fishWords(value.words))
        }
        switch value.completion.path {
        case .folder: commands.append("\(prefix)_paths $argv[2] ''")
        case .file(let extensions):
            let expression = ShellQuoting.expression(extensions: extensions)
            commands.append("\(prefix)_paths $argv[2] \(ShellQuoting.fishWord(expression))")
        case nil: break
        }
        return commands.isEmpty ? "true" : commands.joined(separator: "; ")
    }

    private func key(_ node: CommandTree, _ word: String) -> String {
        node.words.joined(separator: " ") + " " + word
    }

    private func function(
        _ name: String, says: String, _ cases: [(patterns: [String], command: String)],
        argument: String = "\"$argv\"", after: String? = nil
    ) -> String {
        var lines = ["# \(says)", "function \(prefix)_\(name)", "    switch \(argument)"]
        for (patterns, command) in cases {
            lines.append("        case " + patterns.map(quoted).joined(separator: " "))
            lines.append("            " + command)
        }
        lines.append("    end")
        if let after { lines.append("    " + after) }
        return (lines + ["end", ""]).joined(separator: "\n")
    }

    private func quoted(_ pattern: String) -> String {
        pattern.isEmpty ? "''" : ShellQuoting.fishWord(pattern)
    }

    private var registration: String { "complete -c \(program) -f -k -a '(\(prefix)_complete)'\n" }
}
