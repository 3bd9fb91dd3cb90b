import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

extension ModelDescription.Input: ArgumentValue {}

/// Formats that export writes.
enum ExportFormat: String, ArgumentValue, CaseIterable {
    case onnx, safetensors, pth

    /// Sign by which an earlier file of the format is known; nil for PyTorch's, which has none.
    var mark: OutputFile.Mark? {
        switch self {
        case .onnx: ModelFile.mark
        case .safetensors: ModelMetadata.mark
        case .pth: nil
        }
    }

    /// `nil`: a model file with everything in it.
    var checkpoint: CheckpointExport.Format? {
        switch self {
        case .onnx: nil
        case .safetensors: .safetensors
        case .pth: .pth
        }
    }
}

struct ExportCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "export",
            abstract: "Turn a run into one model file, checked against the trained model.",
            discussion: """
                The file is ONNX and carries class names, preprocessing, temperature, figures and golden vectors; \
                OpenVINO, ONNX Runtime, tailor predict and tailor-runtime run it. int8 passes a gate on the \
                validation images or is refused (exit code 3): macro-F1 may fall by --max-drop, and \
                --min-agreement of the images must keep their class. Layers that hurt stay in floats. --format \
                safetensors and pth write the bare network for torchvision's load_state_dict.
                """,
            heading: "Data and output")
    }

    @Argument(name: "run", completion: .folder, help: "Run folder, as written by train.")
    var folder: String

    @Option(
        short: "o", placeholder: "file", completion: .file("onnx", "safetensors", "pth"),
        shown: "model.onnx (.pth, …) in the run folder",
        help: "The file to write; one that is there is replaced only if export wrote it.")
    var output: String?

    @Option(help: "A model file, or the bare network.")
    var format = ExportFormat.onnx

    @Option(
        placeholder: "folder", completion: .folder, shown: "the one that the run was trained on",
        help: "Data folder.")
    var data: String?

    @Option(
        help:
            "external: clients resize and normalise (every runtime of Tailor does). embedded: the graph takes "
            + "the picture as it is.")
    var preprocess = ModelDescription.Input.external

    @Flag(
        negatable: true,
        help:
            "Write the activation maps into the file, from which predict --heatmap draws; they cost nothing until "
            + "they are asked for.")
    var maps = true

    @OptionGroup("Quantization")
    var quantization: QuantizationOptions

    @OptionGroup("Decisions")
    var decisions: DecisionOptions

    @OptionGroup("Machine")
    var computing: ThreadOptions

    @OptionGroup("Messages")
    var out: OutputOptions

    func validate() throws {
        guard format != .onnx else { return }
        let name = "--format \(format.rawValue)"
        if ![.int8, .float32].contains(quantization.chosenPrecision) || preprocess == .embedded
            || quantization.precision == .int8
        {
            throw UsageError("\(name) holds the network as it was trained, in fp32")
        }
        let useless =
            quantization.givenToGate + quantization.givenToCalibration + decisions.given
            + (data == nil ? [] : ["--data"]) + (maps ? [] : ["--no-maps"])
        guard useless.isEmpty else {
            throw UsageError("\(useless.listed()): without effect on \(name), which holds the bare network")
        }
    }

    /// Refuses a place where something lies that export did not write.
    private func check(_ url: URL) throws {
        let folder = RunFolder(url.deletingLastPathComponent())
        if folder.hasRecord, folder.isOwn(url.lastPathComponent) {
            throw UsageError("-o \(url.relativePath.printable): the run there needs this file itself")
        }
        if let other = ExportFormat.allCases.first(where: { $0.rawValue == url.pathExtension }),
            other != format
        {
            throw UsageError(
                "-o \(url.relativePath.printable): the name says \(other.rawValue), --format \(format.rawValue)"
            )
        }
        try OutputFile.check(url, mark: format.mark)
    }

    func run() throws {
        let cores = computing.count
        computing.apply(beside: cores)
        let folder = RunFolder(URL(fileURLWithPath: self.folder))
        if let output { try check(URL(fileURLWithPath: output)) }
        let trained = try TrainedModel(folder, workers: cores)
        trained.warnIfUnfinished()
        let target =
            output.map { URL(fileURLWithPath: $0) } ?? folder.url.appending(path: "model.\(format.rawValue)")
        if let checkpoint = format.checkpoint {
            let bytes = try CheckpointExport.write(trained, as: checkpoint, to: target)
            let written = ExportText.Checkpoint(path: target.relativePath, bytes: bytes)
            return try out.json ? Console.json(written) : Console.result(ExportText.describe(written))
        }
        let console = PassConsole(quiet: out.quiet)
        let quiet = out.quiet
        var options = ExportOptions(
            input: preprocess, maximumError: decisions.maxError,
            costs: try decisions.costs(trained.record), maps: maps,
            dataset: data.map { URL(fileURLWithPath: $0) },
            threads: cores)
        quantization.apply(to: &options)
        let exporter = ModelExporter(trained, options: options) { event in
            switch event {
            case .progress(let name, let done, let total): console.show(name, done: done, total: total)
            case .candidate(let gate):
                console.finish()
                if !quiet { Console.note(ExportText.line(gate)) }
            }
        }
        let report = try exporter.export(to: target)
        console.finish()
        if out.json {
            try Console.json(report)
        } else {
            try Console.result(ExportText.describe(report))
        }
    }
}
