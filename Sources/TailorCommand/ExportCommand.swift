import ArgumentParser
import Foundation
import Tailor
import TailorCommandLine
import TailorSupport

extension ModelDescription.Precision: ExpressibleByArgument {}
extension ModelDescription.Input: ExpressibleByArgument {}
extension RangeMethod: ExpressibleByArgument {}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Turn a run into one model file, checked against the trained model.",
        discussion: """
            The file is ONNX and carries class names, preprocessing, temperature, figures and golden vectors; \
            OpenVINO, ONNX Runtime, tailor predict and tailor-runtime run it. int8 passes a gate on the validation \
            images or is refused (exit code 3): macro-F1 may fall by --max-drop, and 99 % of the images must keep \
            their class. Layers that hurt stay in floats.
            """)

    @Argument(help: ArgumentHelp("Run folder, as written by train.", valueName: "run"))
    var folder: String

    @Option(name: .shortAndLong, help: "The file to write. Default: model.onnx in the run folder.")
    var output: String?

    @Option(help: "int8, fp32, fp16 or int8-dynamic (only the head in 8 bits; for comparison).")
    var precision = ModelDescription.Precision.int8

    @Option(help: "Points of macro-F1 (of 100) that int8 may cost on the validation images.")
    var maxDrop = 0.5

    @Option(help: "Training images whose activations set the 8-bit ranges, spread over the classes.")
    var calibrationImages = 300

    @Option(
        help:
            "How ranges are chosen: minmax, percentile or entropy. Default: all are tried, the best is taken."
    )
    var ranges: RangeMethod?

    @Option(help: "Data folder. Default: the one that the run was trained on.")
    var data: String?

    @Option(help: "Threads. Default: one a core.")
    var threads: Int?

    @OptionGroup(title: "Output")
    var out: OutputOptions

    func validate() throws {
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads \(threads): expected 1…1024")
        }
        guard (0...100).contains(maxDrop) else {
            throw ValidationError("--max-drop \(maxDrop): expected 0…100 points")
        }
        guard (1...100_000).contains(calibrationImages) else {
            throw ValidationError("--calibration-images \(calibrationImages): expected 1…100000")
        }
    }

    func run() throws {
        if let threads { TorchRuntime.threadCount = threads }
        let cores = threads ?? ProcessInfo.processInfo.activeProcessorCount
        let folder = RunFolder(URL(fileURLWithPath: self.folder))
        let trained = try TrainedModel(folder, workers: cores)
        let target = output.map { URL(fileURLWithPath: $0) } ?? folder.url.appending(path: "model.onnx")
        let console = PassConsole(quiet: out.quiet)
        let quiet = out.quiet
        let exporter = ModelExporter(
            trained,
            options: .init(
                precision: precision, limits: .init(maximumDrop: maxDrop / 100),
                rangeMethods: ranges.map { [$0] } ?? RangeMethod.allCases,
                calibrationImages: calibrationImages,
                dataset: data.map { URL(fileURLWithPath: $0) }, threads: cores)
        ) { event in
            switch event {
            case .progress(let name, let done, let total): console.show(name, done: done, total: total)
            case .candidate(let gate):
                console.finish()
                if !quiet { Console.note(ExportText.line(gate)) }
            case .warning(let text):
                console.finish()
                Console.warning(text)
            }
        }
        let report = try exporter.export(to: target)
        console.finish()
        Console.result(
            out.json
                ? String(decoding: try JSONFile.encode(report), as: UTF8.self) : ExportText.describe(report))
    }
}
