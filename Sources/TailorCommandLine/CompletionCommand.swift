import TailorArguments

/// `completion`: the program's own script for a shell.
package struct CompletionCommand<Root: Command>: Command {
    package static var configuration: CommandConfiguration {
        let program = Root.configuration.name
        return CommandConfiguration(
            name: "completion",
            abstract: "Print a script with which a shell completes commands, options, values and files.",
            discussion: """
                For one session, bash: source <(\(program) completion bash). To keep it:

                  \(program) completion bash > ~/.local/share/bash-completion/completions/\(program)
                  \(program) completion zsh > ~/.zfunc/_\(program)    (with ~/.zfunc in fpath, before compinit)
                  \(program) completion fish > ~/.config/fish/completions/\(program).fish
                """)
    }

    @Argument(help: "The shell.")
    package var shell: Shell?

    package init() {}

    package func run() {
        guard let shell else { return }
        Console.result(CompletionScript(CommandTree(Root.self)).render(for: shell), terminator: "")
    }
}
