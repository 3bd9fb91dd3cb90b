/// Program or one of its subcommands.
package protocol Command: ArgumentGroup {
    static var configuration: CommandConfiguration { get }

    func run() throws
}

/// Command that only holds subcommands and is never run itself.
package protocol CommandGroup: Command {}

extension CommandGroup {
    package func run() {}
}

/// Name, description and subcommands of a command.
package struct CommandConfiguration {
    /// Name as typed.
    package var name: String
    /// Summary in one or two sentences.
    package var abstract: String
    /// Description in paragraphs between empty lines; lines that begin with two spaces stay as they are.
    package var discussion: String
    /// Heading of the options that are in no group.
    package var heading: String
    /// Answer to `--version`; only the root command's is used.
    package var version: String?
    /// Subcommands; empty if the command runs itself.
    package var subcommands: [any Command.Type]

    package init(
        name: String, abstract: String, discussion: String = "", heading: String = "Options",
        version: String? = nil, subcommands: [any Command.Type] = []
    ) {
        self.name = name
        self.abstract = abstract
        self.discussion = discussion
        self.heading = heading
        self.version = version
        self.subcommands = subcommands
    }
}
