import Foundation
import TailorArguments
import TailorSupport
import TailorTerminal

/// Ends the program with the code of a category. What there was to say has been said.
package struct ExitCode: Error, Equatable {
    package let rawValue: Int32

    package init(_ category: ErrorCategory) { rawValue = category.rawValue }

    /// Meaning of all exit codes, for the manual page.
    static let meanings: [(code: Int, meaning: String)] = [
        (0, "What was asked for is done."),
        (1, "It failed while working."),
        (2, "It was refused: bad input or usage."),
        (
            3,
            "A gate said no: a leak was found, the accuracy gate refused, the test set was used before, weights cannot be used, or a run would not fit."
        ),
    ]
}

extension UsageError: CategorizedError {
    package var category: ErrorCategory { .input }
}

/// A program's life: its command line is read, its command runs, what went wrong is said.
package enum Program {
    /// Reads the process's command line, carries it out and ends the process.
    package static func run(_ root: any Command.Type) -> Never {
        holdStandardStreams()
        // A reader who has gone, or a limit on the size of files, is an error of the call that wrote, not the end of
        // hours of training.
        signal(SIGPIPE, SIG_IGN)
        signal(SIGXFSZ, SIG_IGN)
        do {
            switch try CommandLineParser.parse(Array(CommandLine.arguments.dropFirst()), as: root) {
            case .run(let command, let title): try run(command, title: title)
            case .help(let description): try Console.document(help.render(description) + "\n")
            case .version(let version): try Console.result(version)
            }
            end(0)
        } catch let code as ExitCode {
            end(code.rawValue)
        } catch {
            Console.error("\(error)")
            end(ErrorCategory(of: error).rawValue)
        }
    }

    /// Ends the process without taking libraries down: their threads, and those that watch the machine, may still be at
    /// work, and libtorch's tables would be freed below them.
    private static func end(_ code: Int32) -> Never {
        fflush(nil)
        _exit(code)
    }

    /// Turns what a command finds wrong with its options while it works into a usage error.
    private static func run(_ command: any Command, title: String) throws {
        do {
            try command.run()
        } catch var error as UsageError {
            error.command = title
            throw error
        }
    }

    /// The next file that is opened takes the number of a closed stream, and would then be written over with
    /// messages and results. Standard output is held by what cannot be written to, so that a result is not lost
    /// unnoticed.
    private static func holdStandardStreams() {
        for (descriptor, mode) in [
            (STDIN_FILENO, O_RDONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_WRONLY),
        ] where fcntl(descriptor, F_GETFD) == -1 {
            _ = open("/dev/null", mode)
        }
    }

    private static var help: HelpText {
        let terminal = Terminal.standardOutput()
        let asked = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? 0
        return HelpText(width: asked > 0 ? asked : terminal.columns, emphasis: terminal.bold)
    }
}
