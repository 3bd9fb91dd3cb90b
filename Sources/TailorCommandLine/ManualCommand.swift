import TailorArguments
import TailorSupport

/// `man`: the program's manual page.
package struct ManualCommand<Root: Command>: Command {
    package static var configuration: CommandConfiguration {
        let program = Root.configuration.name
        return CommandConfiguration(
            name: "man", abstract: "Print the manual page, in mdoc.",
            discussion: """
                  \(program) man | man -l -
                """)
    }

    package init() {}

    package func run() throws {
        let page = ManualPage(
            CommandTree(Root.self), date: TailorVersion.date, exitStatus: ExitCode.meanings)
        try Console.document(page.render())
    }
}
