import ArgumentParser
import Foundation
import Tailor
import TailorSupport

struct PredictCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "predict",
        abstract: "Classify images or folders of images with a run's best model.",
        discussion: """
            Prints class and calibrated probability, a line an image. An image that cannot be read is named on \
            standard error, gets an empty line in the result, and makes the exit code 1.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, csv, json }

    @Argument(help: ArgumentHelp("Run folder, as written by train.", valueName: "run"))
    var folder: String

    @Argument(help: "Images, or folders that are searched for images.")
    var images: [String]

    @Option(help: "text, csv or json.")
    var format = Format.text

    @OptionGroup(title: "Machine")
    var machine: MachineOptions

    @OptionGroup(title: "Output")
    var out: OutputOptions

    func run() throws {
        let machine = try machine.resolve()
        let trained = try TrainedModel(
            RunFolder(URL(fileURLWithPath: folder)), device: machine.device, workers: machine.workers)
        let progress = TrainingConsole(quiet: out.quiet)
        let predictions = try Predictor(trained).predict(images, report: progress.handle)
        progress.finish()
        let failures = predictions.filter { $0.error != nil }
        for failure in failures { Console.warning(failure.error ?? failure.path) }
        Console.result(
            try PredictionText.render(
                predictions, classes: trained.record.classes, format: out.json ? .json : format))
        if !failures.isEmpty { throw ExitCode(1) }
    }
}

/// Predictions as text, CSV or JSON.
enum PredictionText {
    static func render(_ predictions: [Prediction], classes: [String], format: PredictCommand.Format) throws
        -> String
    {
        switch format {
        case .json:
            return String(decoding: try JSONFile.encode(predictions), as: UTF8.self)
        case .csv:
            let header = CSV.line(
                ["path", "predicted", "probability"] + classes.map { "p_" + $0 } + ["error"])
            let rows = predictions.map { item in
                let shares = classes.map { name in
                    item.probabilities?[name].map { String(format: "%.6f", $0) } ?? ""
                }
                return CSV.line(
                    [
                        item.path, item.predicted ?? "",
                        item.probability.map { String(format: "%.6f", $0) } ?? "",
                    ]
                        + shares + [item.error ?? ""])
            }
            return ([header] + rows).joined(separator: "\n")
        case .text:
            var table = TextTable(columns: [.init("image"), .init("class"), .init("probability", .right)])
            for item in predictions {
                table.add([
                    item.path, item.predicted ?? "unreadable",
                    item.probability.map { String(format: "%.3f", $0) } ?? "",
                ])
            }
            return table.render()
        }
    }
}
