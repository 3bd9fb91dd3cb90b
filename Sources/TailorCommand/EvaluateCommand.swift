import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

struct EvaluateCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "evaluate",
            abstract: "Open the test images and measure a run's best model. Every use is counted.",
            discussion: """
                The test set simulates reality, and does so once: who looks, changes something and looks again is \
                validating. Each use is entered in test/ledger.jsonl and shown with every result; --strict refuses \
                a second one (exit code 3).
                """,
            heading: "Test")
    }

    @Argument(name: "run", completion: .folder, help: "Run folder, as written by train.")
    var folder: String

    @Option(
        placeholder: "folder", completion: .folder, shown: "the one that the run was trained on",
        help: "Data folder with test/, or a CSV with test images.")
    var data: String?

    @Option(
        placeholder: "model.onnx", completion: .file("onnx"),
        help: "Test this model file beside the trained model, in the same use of the test set.")
    var model: String?

    @Flag(help: "Refuse when the test set was used before.")
    var strict = false

    @Flag(help: "Test the best model so far of a run that did not finish.")
    var unfinished = false

    @OptionGroup("Machine")
    var machine: MachineOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func run() throws {
        let machine = try machine.resolve()
        let folder = RunFolder(URL(fileURLWithPath: self.folder))
        let trained = try TrainedModel(folder, device: machine.device, workers: machine.workers)
        let exported = try model.map {
            try TestEvaluation.ExportedModel(
                contentsOf: URL(fileURLWithPath: $0), of: trained, threads: machine.workers)
        }
        let progress = TrainingConsole(quiet: out.quiet)
        let result = try TestEvaluation.run(
            trained,
            options: .init(
                dataset: data.map { URL(fileURLWithPath: $0) }, strict: strict,
                allowsUnfinished: unfinished, command: CommandLine.arguments, exported: exported),
            report: progress.handle)
        progress.finish()
        for warning in result.warnings { Console.warning(warning) }
        try RunReport.write(for: folder, test: result)
        if out.json {
            let document = EvaluationDocument(result)
            try Console.json(document)
        } else {
            try Console.result(EvaluationText.describe(result))
            try Console.result(
                "Run folder: \(folder.url.relativePath) (open \(folder.url.relativePath)/report.html)")
        }
    }
}
