import Foundation

@testable import TailorArguments

let argumentTargets = [
    // A word a line.
    FuzzTarget("arguments") { data in
        let words = data.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
        do {
            switch try CommandLineParser.parse(words, as: FuzzProgram.self) {
            case .run, .version: break
            case .help(let description): _ = HelpText(width: 60).render(description)
            }
        } catch let error as UsageError {
            try expect(!error.description.isEmpty, "a usage error without words")
        }
    }
]

private enum Fit: String, CaseIterable, ArgumentValue { case crop, pad, squash }

/// A program that has one of everything.
private struct FuzzProgram: CommandGroup {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "tailor", abstract: "Program.", version: "0", subcommands: [Train.self, Predict.self])
    }
}

private struct Machine: ArgumentGroup {
    @Option(bounds: .within(1...256), help: "Threads.") var workers: Int?
    @Flag(short: "q", help: "Quiet.") var quiet = false
}

private struct Train: Command {
    static var configuration: CommandConfiguration { CommandConfiguration(name: "train", abstract: "Train.") }

    @Argument(help: "Folder.") var data: String
    @Option(short: "o", help: "Output.") var output: String?
    @Option(help: "Seed.") var seed: UInt64 = 1
    @Option(help: "Fit.") var fit: Fit?
    @Option(help: "Rate.") var rate: Double?
    @Option(help: "Exclusions.") var exclude: [String]
    @Flag(help: "Probe.") var probe: Bool?
    @OptionGroup var machine: Machine

    func run() {}
}

private struct Predict: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(name: "predict", abstract: "Predict.")
    }

    @Argument(help: "Model.") var model: String
    @Argument(help: "Images.") var images: [String]

    func run() {}
}
