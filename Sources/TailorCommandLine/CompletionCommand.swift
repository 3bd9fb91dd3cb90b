import TailorArguments

/// `completion`: the program's own script for a shell.
package struct CompletionCommand<Root: Command>: Command {
    package static var configuration: CommandConfiguration {
        let program = Root.configuration.name
        return CommandConfiguration(
            name: "completion",
            abstract: "Print a script with which a shell completes commands, options, values and files.",
            discussion: """
                For one session of bash or zsh: source <(\(program) completion bash). The first lines of each script \
                say how it is kept; in a few words:

                  bash, with the package bash-completion:
                    mkdir -p ~/.local/share/bash-completion/completions
                    \(program) completion bash \\
                      > ~/.local/share/bash-completion/completions/\(program)

                  zsh, with ~/.zfunc in fpath before compinit:
                    mkdir -p ~/.zfunc
                    \(program) completion zsh > ~/.zfunc/_\(program)

                  fish:
                    mkdir -p ~/.config/fish/completions
                    \(program) completion fish > ~/.config/fish/completions/\(program).fish
                """)
    }

    @Argument(help: "The shell.")
    package var shell: Shell?

    package init() {}

    package func run() throws {
        guard let shell else { return }
        try Console.document(CompletionScript(CommandTree(Root.self)).render(for: shell))
    }
}
