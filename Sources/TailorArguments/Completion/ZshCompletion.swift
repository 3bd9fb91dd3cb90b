/// Completion script for zsh: one function for each command, which describes it to `_arguments`.
///
/// Source: zshcompsys(1), "Utility Functions"; zshcompwid(1).
struct ZshCompletion {
    let tree: CommandTree
    /// Prefix of every function's name; zsh allows a dash in it.
    let prefix: String

    init(_ tree: CommandTree) {
        self.tree = tree
        prefix = "_" + tree.description.name
    }

    var text: String {
        let commands = tree.all.flatMap { node in
            node.children.isEmpty ? [leaf(node)] : [group(node), list(node), help(node)]
        }
        return ([introduction] + commands + [either, registration]).joined(separator: "\n")
    }

    private var introduction: String {
        let program = tree.description.name
        return """
            #compdef \(program)
            # Completion of \(program) in zsh. To install it for good, in a folder that is in $fpath:
            #   \(program) completion zsh > ~/.zfunc/\(prefix)
            # with these lines in ~/.zshrc:
            #   fpath=(~/.zfunc $fpath); autoload -Uz compinit; compinit
            # or, after compinit:
            #   source <(\(program) completion zsh)

            """
    }

    private func leaf(_ node: CommandTree) -> String {
        let options = node.description.options.flatMap { specifications($0) }
        let arguments = node.description.arguments.enumerated().map { place, argument in
            let position = argument.isRepeatable ? "*" : String(place + 1)
            return position + ":" + escaped(argument.name, ":") + ":" + action(argument)
        }
        let lines = (options + arguments).map(ShellQuoting.word).joined(separator: " \\\n        ")
        return """
            \(name(node))() {
                _arguments -s -S : \\
                    \(lines)
            }

            """
    }

    private func group(_ node: CommandTree) -> String {
        let options = node.description.options.flatMap { specifications($0) }
        let cases = node.children.map { child in
            "        \(ShellQuoting.word(child.description.name))) \(name(child)) && ret=0 ;;"
        }
        return """
            \(name(node))() {
                local curcontext=$curcontext state line ret=1
                local -A opt_args
                _arguments -s -S -C : \\
                    \(options.map(ShellQuoting.word).joined(separator: " \\\n        ")) \\
                    '1:command:\(name(node))__commands help' \\
                    '*::argument:->command' && ret=0
                if [[ $state == command ]]; then
                    case $words[1] in
            \(cases.joined(separator: "\n").indented(by: 4))
                        help) \(name(node))__help && ret=0 ;;
                    esac
                fi
                return ret
            }

            """
    }

    /// Shell function that lists subcommands; after `help` it leaves out `help` itself.
    private func list(_ node: CommandTree) -> String {
        let rows = node.offers.dropLast().map {
            ShellQuoting.word(escaped($0.name, ":") + ":" + $0.summary)
        }
        let help = node.offers.suffix(1).map { ShellQuoting.word($0.name + ":" + $0.summary) }
        return """
            \(name(node))__commands() {
                local -a commands=(
                    \(rows.joined(separator: "\n        "))
                )
                if (( $@[(I)help] )); then
                    commands+=(\(help.joined()))
                    argv[(I)help]=()
                fi
                _describe -t commands -V command commands "$@"
            }

            """
    }

    private func help(_ node: CommandTree) -> String {
        let groups = node.children.filter { !$0.children.isEmpty }
        guard !groups.isEmpty else {
            return """
                \(name(node))__help() {
                    _arguments : '1:command:\(name(node))__commands'
                }

                """
        }
        let cases = groups.map { child in
            "        \(ShellQuoting.word(child.description.name))) \(name(child))__help && ret=0 ;;"
        }
        return """
            \(name(node))__help() {
                local curcontext=$curcontext state line ret=1
                _arguments -C : '1:command:\(name(node))__commands' '*::command:->command' && ret=0
                if [[ $state == command ]]; then
                    case $words[1] in
            \(cases.joined(separator: "\n").indented(by: 4))
                    esac
                fi
                return ret
            }

            """
    }

    private var either: String {
        """
        # The words, or a path that the patterns match.
        \(prefix)__either() {
            local expl ret=1 patterns=$1
            # Not argv, which is another one in every function on the way.
            local -a offers=("${@[2,-1]}")
            _wanted words expl word compadd -V words -a offers && ret=0
            _wanted files expl file _path_files -g "$patterns" && ret=0
            return ret
        }

        """
    }

    /// Registration with zsh: the file is a function's body when autoloaded from $fpath, and a script
    /// otherwise.
    private var registration: String {
        """
        if [[ $funcstack[1] == \(prefix) ]]; then
            \(prefix) "$@"
        elif (( $+functions[compdef] )); then
            compdef \(prefix) \(tree.description.name)
        fi

        """
    }

    func name(_ node: CommandTree) -> String {
        ([prefix] + node.words.map { "_" + $0 }).joined(separator: "_")
    }
}

extension String {
    fileprivate func indented(by count: Int) -> String {
        split(separator: "\n").map { String(repeating: " ", count: count) + $0 }.joined(separator: "\n")
    }
}
