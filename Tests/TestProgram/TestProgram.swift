import Foundation
import TailorArguments
import TailorCommandLine
import TailorEvaluation
import TailorSupport

/// A program over `TailorCommandLine` alone, for its tests: each command does one thing that is asked of it.
@main
struct TestProgram: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "TestProgram", abstract: "Ends as it is told.", version: "1.5",
            subcommands: [EndCommand.self, PassCommand.self, ShowCommand.self])
    }

    static func main() { Program.run(TestProgram.self) }
}

struct EndCommand: Command {
    private struct Failure: CategorizedError {
        let category: ErrorCategory
        var description: String { "it went \u{1B}[31mwrong" }
    }

    private struct Plain: Error {}

    static var configuration: CommandConfiguration { CommandConfiguration(name: "end", abstract: "End.") }

    @Argument(help: "How to end.") var way: String

    func run() throws {
        switch way {
        case "answer":
            Console.note("on the way")
            try Console.result("the answer")
        case "file":
            // It takes the lowest number that is free.
            let file = tmpfile()
            defer { if let file { fclose(file) } }
            try Console.result("the answer")
        case "hooked":
            atexit { Console.note("taken down") }
            try Console.result("the answer")
        case "silent": throw ExitCode(.gate)
        case "work": throw Failure(category: .work)
        case "input": throw Failure(category: .input)
        case "gate": throw Failure(category: .gate)
        case "usage": throw UsageError("these two exclude each other")
        default: throw Plain()
        }
    }
}

struct PassCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "pass", abstract: "Report passes over things.")
    }

    @Argument(help: "Things to go over.") var total: Int?
    @Flag(help: "No progress.") var quiet = false

    func run() throws {
        let (console, total) = (PassConsole(quiet: quiet), total ?? 0)
        for step in ["reading", "comparing"] {
            DispatchQueue.concurrentPerform(iterations: total) {
                console.show(step, done: $0 + 1, total: total)
            }
        }
        console.finish()
        console.finish()
        // Its end, too, would take the bar away.
        withExtendedLifetime(console) { Console.note("done") }
    }
}

struct ShowCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "show", abstract: "Show a prediction of the classes a and b.")
    }

    @Option(help: "What is printed.") var format = PredictionFormat.text
    @Flag(help: "And a file that could not be read.") var unreadable = false
    @Flag(help: "End with an error after the first.") var stop = false

    func run() throws {
        let answer = Classification(
            classes: ["a", "b"], probabilities: [0.75, 0.25], logits: [1, 0], best: 0)
        var predictions = [Prediction(path: "r.png", .classified(answer))]
        if unreadable {
            predictions.append(
                Prediction(path: "u.png", .unreadable("u.png: \u{1B}[31mthe file is empty")))
        }
        let subject = PredictionText.Subject(
            files: predictions.map(\.path), classes: answer.classes, marksDoubts: false, namesPlaces: false)
        let printer = PredictionPrinter(PredictionText(subject, format: format, top: nil))
        if stop {
            try printer.add(0, predictions[0])
            throw ExitCode(.input)
        }
        // Not in the order in which they were made.
        for index in predictions.indices.reversed() { try printer.add(index, predictions[index]) }
        if try printer.finish().contains(where: { $0.error != nil }) { throw ExitCode(.work) }
    }
}
