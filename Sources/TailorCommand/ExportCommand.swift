import ArgumentParser
import Foundation
import Tailor
import TailorCommandLine
import TailorSupport

extension ModelDescription.Precision: ExpressibleByArgument {}
extension ModelDescription.Input: ExpressibleByArgument {}
extension RangeMethod: ExpressibleByArgument {}

/// Formats that export writes.
enum ExportFormat: String, ExpressibleByArgument, CaseIterable {
    case onnx, safetensors, pth

    /// `nil`: a model file with everything in it.
    var checkpoint: CheckpointExport.Format? {
        switch self {
        case .onnx: nil
        case .safetensors: .safetensors
        case .pth: .pth
        }
    }
}

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Turn a run into one model file, checked against the trained model.",
        discussion: """
            The file is ONNX and carries class names, preprocessing, temperature, figures and golden vectors; \
            OpenVINO, ONNX Runtime, tailor predict and tailor-runtime run it. int8 passes a gate on the validation \
            images or is refused (exit code 3): macro-F1 may fall by --max-drop, and --min-agreement of the images \
            must keep their class. Layers that hurt stay in floats. --format safetensors and pth write the bare \
            network for torchvision's load_state_dict.
            """)

    @Argument(help: ArgumentHelp("Run folder, as written by train.", valueName: "run"))
    var folder: String

    @Option(name: .shortAndLong, help: "The file to write. Default: model.onnx (.pth, …) in the run folder.")
    var output: String?

    @Option(help: "onnx, safetensors or pth.")
    var format = ExportFormat.onnx

    @Option(help: "int8, fp32, fp16 or int8-dynamic (only the head in 8 bits; for comparison).")
    var precision = ModelDescription.Precision.int8

    @Flag(help: "Short for --precision int8-dynamic: what quantizing the linear layer alone achieves.")
    var dynamic = false

    @Option(
        help: ArgumentHelp(
            "external: clients resize and normalise (every runtime of Tailor does). embedded: the graph takes the "
                + "picture as it is.",
            valueName: "external|embedded"))
    var preprocess = ModelDescription.Input.external

    @Option(help: "Points of macro-F1 (of 100) that int8 may cost on the validation images.")
    var maxDrop = 0.5

    @Option(help: "Share of the validation images (of 100) that must keep their class in int8.")
    var minAgreement = 99.0

    @Option(help: "Training images whose activations set the 8-bit ranges, spread over the classes.")
    var calibrationImages = 300

    @Option(
        help:
            "How ranges are chosen: minmax, percentile, entropy or mse. Default: all are tried, the best is taken."
    )
    var ranges: RangeMethod?

    @OptionGroup(title: "Decisions")
    var decisions: DecisionOptions

    @Option(help: "Data folder. Default: the one that the run was trained on.")
    var data: String?

    @Option(help: "Threads. Default: one a core.")
    var threads: Int?

    @OptionGroup(title: "Output")
    var out: OutputOptions

    func validate() throws {
        if format != .onnx, dynamic || ![.int8, .float32].contains(precision) || preprocess == .embedded {
            throw ValidationError("--format \(format.rawValue) holds the network as it was trained, in fp32")
        }
        if dynamic, precision != .int8 { throw ValidationError("--dynamic is a --precision of its own") }
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads \(threads): expected 1…1024")
        }
        guard (0...100).contains(maxDrop) else {
            throw ValidationError("--max-drop \(maxDrop): expected 0…100 points")
        }
        guard (0...100).contains(minAgreement) else {
            throw ValidationError("--min-agreement \(minAgreement): expected 0…100 %")
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
        let target =
            output.map { URL(fileURLWithPath: $0) } ?? folder.url.appending(path: "model.\(format.rawValue)")
        if let checkpoint = format.checkpoint {
            let bytes = try CheckpointExport.write(trained, as: checkpoint, to: target)
            return Console.result(try ExportText.describe(target, bytes: bytes, asJSON: out.json))
        }
        let console = PassConsole(quiet: out.quiet)
        let quiet = out.quiet
        let exporter = ModelExporter(
            trained,
            options: .init(
                precision: dynamic ? .dynamicInt8 : precision, input: preprocess,
                limits: .init(maximumDrop: maxDrop / 100, minimumAgreement: minAgreement / 100),
                rangeMethods: ranges.map { [$0] } ?? RangeMethod.allCases,
                calibrationImages: calibrationImages, maximumError: decisions.maxError,
                costs: try decisions.costs(trained.record), dataset: data.map { URL(fileURLWithPath: $0) },
                threads: cores)
        ) { event in
            switch event {
            case .progress(let name, let done, let total): console.show(name, done: done, total: total)
            case .candidate(let gate):
                console.finish()
                if !quiet { Console.note(ExportText.line(gate)) }
            }
        }
        let report = try exporter.export(to: target)
        console.finish()
        Console.result(
            out.json
                ? String(decoding: try JSONFile.encode(report), as: UTF8.self) : ExportText.describe(report))
    }
}
