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
                validating. Each use is counted, by the content of the set and across runs, and shown with every \
                result; the record lies in the run folder (test/ledger.jsonl) and in the user's state folder \
                (XDG_STATE_HOME, else ~/.local/state). Images that training has seen, under whatever name, re-encoded, \
                resized or mirrored, are left out and named, as far as the search for copies finds them; more than 5 % of them are refused. --strict refuses a second use, \
                any such image, and whatever keeps either from being known (exit code 3).
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

    @Option(
        placeholder: "file", completion: .file("txt"),
        help: "File with paths of test images to leave out, one a line. Paths count from the data folder.")
    var excludeFrom: String?

    @Flag(help: "Refuse a second use of the test set, and images that training has seen.")
    var strict = false

    @Flag(help: "Test the best model so far of a run that did not finish.")
    var unfinished = false

    @OptionGroup("Machine")
    var machine: MachineOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func validate() throws {
        if let excludeFrom, !FileManager.default.fileExists(atPath: excludeFrom) {
            throw UsageError("--exclude-from \(excludeFrom): no such file")
        }
    }

    func run() throws {
        let machine = try machine.resolve()
        let folder = RunFolder(URL(fileURLWithPath: self.folder))
        let trained = try TrainedModel(folder, device: machine.device, workers: machine.workers)
        if unfinished { trained.warnIfUnfinished() }
        let exported = try model.map {
            try TestEvaluation.ExportedModel(
                contentsOf: URL(fileURLWithPath: $0), of: trained, threads: machine.workers)
        }
        let exclusions = try excludeFrom.map { try ExclusionList(contentsOf: URL(fileURLWithPath: $0)) }
        let progress = TrainingConsole(quiet: out.quiet)
        let result = try TestEvaluation.run(
            trained,
            options: .init(
                dataset: data.map { URL(fileURLWithPath: $0) }, strict: strict,
                allowsUnfinished: unfinished, command: CommandLine.arguments, exclusions: exclusions,
                exported: exported),
            report: progress.handle)
        progress.finish()
        for warning in result.warnings { Console.warning(warning) }
        // The test set was used: its result is shown, whatever becomes of the files.
        let written = Result {
            if let failure = result.unwritten { throw failure }
            try RunReport.write(for: folder, test: result)
        }
        if out.json {
            let document = EvaluationDocument(result)
            try Console.json(document)
        } else {
            try Console.result(EvaluationText.describe(result))
            let path = folder.url.relativePath.quotedForShell
            try Console.result("Run folder: \(path) (open \(path)/report.html)")
        }
        try written.get()
    }
}
