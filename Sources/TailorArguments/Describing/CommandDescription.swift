/// Description of a command for help, completion and manual page.
package struct CommandDescription: Sendable {
    /// Program and commands, for example `tailor train`.
    package let title: String
    package let name: String
    package let abstract: String
    package let discussion: String
    /// Arguments and options in source order, followed by those that every command has.
    package let specifications: [Specification]
    /// Names and abstracts of the subcommands.
    package let subcommands: [(name: String, abstract: String)]

    /// Describes the last command of a path.
    ///
    /// - Parameter path: Program, command, …; at least one.
    package init(_ path: [any Command.Type]) {
        title = Self.title(of: path)
        let configuration = path.last?.configuration ?? CommandConfiguration(name: "", abstract: "")
        name = configuration.name
        abstract = configuration.abstract
        discussion = configuration.discussion
        subcommands = configuration.subcommands.map { ($0.configuration.name, $0.configuration.abstract) }
        let own =
            configuration.subcommands.isEmpty
            ? path.last.map { Declarations(of: $0.init()).all.map(\.specification) } ?? [] : []
        specifications = own + Self.common(hasVersion: path.first?.configuration.version != nil)
    }

    package var arguments: [Specification] { specifications.filter { $0.kind == .argument } }
    package var options: [Specification] { specifications.filter { $0.kind != .argument } }

    /// Options by heading, in the order of the headings' first options.
    package var sections: [(heading: String, options: [Specification])] {
        var result: [(heading: String, options: [Specification])] = []
        for option in options {
            if let index = result.firstIndex(where: { $0.heading == option.heading }) {
                result[index].options.append(option)
            } else {
                result.append((option.heading, [option]))
            }
        }
        return result
    }

    /// Usage line: `tailor train <data> [options]`.
    package var usage: String {
        guard subcommands.isEmpty else { return title + " <command>" }
        let places = arguments.map { $0.isRepeatable ? $0.title + "..." : $0.title }
        return ([title] + places + ["[options]"]).joined(separator: " ")
    }

    static func title(of path: [any Command.Type]) -> String {
        path.map { $0.configuration.name }.joined(separator: " ")
    }

    private static func common(hasVersion: Bool) -> [Specification] {
        let help = Specification(
            kind: .flag, name: "help", short: "h", help: "Show this help.", heading: "General")
        let version = Specification(
            kind: .flag, name: "version", help: "Show the version.", heading: "General")
        return hasVersion ? [version, help] : [help]
    }
}

/// Command with everything below it.
package struct CommandTree: Sendable {
    package let description: CommandDescription
    package let children: [CommandTree]

    /// Describes all commands, which is too slow for every start of a program: for scripts and manual pages.
    package init(_ root: any Command.Type) { self.init([root]) }

    private init(_ path: [any Command.Type]) {
        description = CommandDescription(path)
        children = path.last?.configuration.subcommands.map { CommandTree(path + [$0]) } ?? []
    }
}

extension Specification {
    /// Label in help: `-o, --output <folder>`, `--[no-]probe`, `<data>`.
    package var label: String {
        guard kind != .argument else { return title }
        let long = isNegatable ? "--[no-]\(name)" : "--\(name)"
        let value = kind == .option ? " <\(placeholder)>" : ""
        return (short.map { "-\($0), " } ?? "") + long + value
    }

    /// Help, followed by choices, bounds and default in parentheses.
    package var explanation: String {
        var facts: [String] = []
        if !choices.isEmpty, placeholder != choices.joined(separator: "|") {
            facts.append("one of " + choices.joined(separator: ", "))
        }
        if let bounds { facts.append(bounds) }
        if isRepeatable, kind == .option { facts.append("may be repeated") }
        if let defaultText { facts.append("default: " + defaultText) }
        guard !facts.isEmpty else { return help }
        let ends = help.hasSuffix(".")
        return help.dropLast(ends ? 1 : 0) + " (" + facts.joined(separator: "; ") + ")" + (ends ? "." : "")
    }
}
