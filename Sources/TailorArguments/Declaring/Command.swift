/// Options that belong together: a value shared by the commands that declare it with ``OptionGroup``.
///
/// Its properties are declared with ``Option``, ``Flag`` and ``Argument``; a property's name in kebab case is the
/// name on the command line (`imageSize` is `--image-size`).
package protocol ArgumentGroup {
    init()

    /// Looks across the options once all have their values. Throws ``UsageError``.
    func validate() throws
}

extension ArgumentGroup {
    package func validate() throws {}
}

/// A program, or what it is told to do.
package protocol Command: ArgumentGroup {
    static var configuration: CommandConfiguration { get }

    func run() throws
}

/// A command that only leads to those below it, and is never run itself.
package protocol CommandGroup: Command {}

extension CommandGroup {
    package func run() {}
}

/// What a command is called and how it is described.
package struct CommandConfiguration {
    /// As typed.
    package var name: String
    /// One sentence or two.
    package var abstract: String
    /// Paragraphs between empty lines; lines that begin with two spaces stay as they are.
    package var discussion: String
    /// Over the options that are in no group.
    package var heading: String
    /// What `--version` answers; only the program's own counts.
    package var version: String?
    /// Empty: the command runs itself.
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
