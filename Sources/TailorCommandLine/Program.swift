import Foundation
import TailorArguments
import TailorReporting

/// Ends the program with a code: 0 done, 1 failed while working, 2 refused, 3 a gate said no. What there was to say
/// has been said.
package struct ExitCode: Error, Equatable {
    package let rawValue: Int32

    package init(_ rawValue: Int32) { self.rawValue = rawValue }

    /// Usage errors, and what is refused for its content.
    package static let refused = ExitCode(2)

    /// Of all codes, as the manual says them.
    static let meanings: [(code: Int, meaning: String)] = [
        (0, "What was asked for is done."),
        (1, "It failed while working."),
        (2, "It was refused: bad input or usage."),
        (3, "A gate said no: a leak was found, the accuracy gate refused, or the test set was used before."),
    ]
}

/// A program's life: its command line is read, its command runs, what went wrong is said.
package enum Program {
    /// - Parameter describe: What an error of the library means: its words and the exit code.
    package static func run(
        _ root: any Command.Type, describe: (any Error) -> (message: String, code: ExitCode)
    ) -> Never {
        do {
            switch try CommandLineParser.parse(Array(CommandLine.arguments.dropFirst()), as: root) {
            case .run(let command): try run(command, root)
            case .help(let description): Console.result(help.render(description))
            case .version(let version): Console.result(version)
            }
        } catch let code as ExitCode {
            exit(code.rawValue)
        } catch let error as UsageError {
            Console.error("\(error)")
            exit(ExitCode.refused.rawValue)
        } catch {
            let (message, code) = describe(error)
            Console.error(message)
            exit(code.rawValue)
        }
        // What is still in the buffer is part of the result.
        guard fflush(nil) == 0 else {
            Console.error("standard output: \(String(cString: strerror(errno)))")
            exit(1)
        }
        exit(0)
    }

    /// What a command finds wrong with its options while it works is a usage error, too.
    private static func run(_ command: any Command, _ root: any Command.Type) throws {
        do {
            try command.run()
        } catch var error as UsageError {
            let names = [root.configuration.name, type(of: command).configuration.name]
            error.command = names.joined(separator: " ")
            throw error
        }
    }

    private static var help: HelpText {
        let terminal = Terminal.standardOutput()
        let asked = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 0
        return HelpText(width: asked > 0 ? asked : terminal.columns, emphasis: terminal.bold)
    }
}
