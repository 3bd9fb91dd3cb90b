/// Parsed command line.
package enum Invocation {
    /// Command to run, filled in and validated; `title` is its name in errors (`tailor train`).
    case run(any Command, title: String)
    case help(CommandDescription)
    case version(String)
}

/// Parser that finds the command named on a command line and reads its options and arguments.
package struct CommandLineParser {
    private var rest: ArraySlice<String>
    private var path: [any Command.Type]

    /// Parses a command line. Throws ``UsageError``.
    ///
    /// - Parameter arguments: Words without the program's name.
    package static func parse(_ arguments: [String], as root: any Command.Type) throws -> Invocation {
        var parser = CommandLineParser(rest: arguments[...], path: [root])
        do {
            return try parser.parse(root)
        } catch var error as UsageError {
            error.command = CommandDescription.title(of: parser.path)
            throw error
        }
    }

    private mutating func parse(_ root: any Command.Type) throws -> Invocation {
        var current = root
        while !current.configuration.subcommands.isEmpty {
            guard let word = rest.popFirst() else { return help() }
            switch word {
            case "-h", "--help": return help()
            case "--version": return .version(root.configuration.version ?? "")
            case "help": return try helpOnCommand(root)
            default: current = try descend(word, from: current)
            }
        }
        let command = current.init()
        let declarations = Declarations(of: command)
        var reader = OptionReader(rest, declarations, description: CommandDescription(path))
        switch try reader.read() {
        case .help: return help()
        case .version: return .version(root.configuration.version ?? "")
        case .values: break
        }
        for group in declarations.groups { try group.validate() }
        return .run(command, title: CommandDescription.title(of: path))
    }

    private func help() -> Invocation { .help(CommandDescription(path)) }

    /// Handles `help train`, which is `train --help`.
    private mutating func helpOnCommand(_ root: any Command.Type) throws -> Invocation {
        while let word = rest.popFirst(), let current = path.last {
            switch word {
            case "-h", "--help", "help": break
            case "--version": return .version(root.configuration.version ?? "")
            default: _ = try descend(word, from: current)
            }
        }
        return help()
    }

    private mutating func descend(_ word: String, from current: any Command.Type) throws -> any Command.Type {
        let commands = current.configuration.subcommands
        if let command = commands.first(where: { $0.configuration.name == word }) {
            path.append(command)
            return command
        }
        let names = commands.map { $0.configuration.name }
        let text = Wording.shown(word)
        guard !commands.isEmpty else {
            throw UsageError("'\(current.configuration.name)' has no command \(Wording.quoted(word))")
        }
        if word.hasPrefix("-") {
            let nearest = NearestName.of(String(word.drop { $0 == "-" }), among: ["help", "version"])
            throw UsageError(
                nearest.map { "unknown option \(text): did you mean --\($0)?" }
                    ?? "option \(text) stands before the command: it goes after \(Wording.alternatives(names))"
            )
        }
        guard let nearest = NearestName.of(word, among: names + ["help"]) else {
            throw UsageError(
                "unknown command \(Wording.quoted(word)): expected \(Wording.alternatives(names))")
        }
        throw UsageError("unknown command \(Wording.quoted(word)): did you mean '\(nearest)'?")
    }
}

/// Invalid command line: the message says where, what was expected and what was given.
package struct UsageError: Error, Equatable, CustomStringConvertible {
    package let message: String
    /// Program and commands, for example `tailor train`; empty until the parser or the program adds it.
    package var command = ""
    /// Usage line, where it helps.
    package var usage: String?

    package init(_ message: String) { self.message = message }

    /// Message, usage line and the command that shows help.
    package var description: String {
        var lines = [message]
        if let usage { lines.append("Usage: " + usage) }
        if !command.isEmpty { lines.append("See '\(command) --help'.") }
        return lines.joined(separator: "\n")
    }
}
