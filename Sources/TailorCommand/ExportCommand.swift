import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

extension ModelDescription.Input: ArgumentValue {}

struct ExportCommand: Command {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            name: "export",
            abstract: "Turn a run into one model file, checked against the trained model.",
            discussion: """
                The file is ONNX and carries class names, preprocessing, temperature, figures and golden vectors; \
                OpenVINO, ONNX Runtime, tailor predict and tailor-runtime run it. int8 passes a gate on the \
                validation images or is refused (exit code 3): macro-F1 may fall by --max-drop, and \
                --min-agreement of the images must keep their class. Layers that hurt stay in floats.

                Other --formats: tensorrt, the same for NVIDIA's compiler (signed int8 without zero points, behind the \
                same gate). fp32, a folder for the compilers of other makers (Hailo, RKNN, ...): a graph of fixed \
                shape, --calibration-images resized training images and a list of them. huggingface, a folder that \
                timm and transformers load, with a model card. safetensors and pth, the bare network for \
                torchvision's load_state_dict.
                """,
            heading: "Data and output")
    }

    @Argument(name: "run", completion: .folder, help: "Run folder, as written by train.")
    var folder: String

    @Option(
        short: "o", placeholder: "path", completion: .file("onnx", "safetensors", "pth"),
        shown: "model.onnx (.pth, …), or the format's name, in the run folder",
        help: "File or folder to write; one that is there is replaced only if export wrote it.")
    var output: String?

    @Option(help: "Who is to read it.")
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
        var useless = format.usesMaps || maps ? [] : ["--no-maps"]
        if !format.isGated { useless += quantization.givenToGate + decisions.given }
        if format == .tensorrt {
            guard quantization.chosenPrecision == .int8 else {
                throw UsageError(
                    "\(name) is int8; for floats give TensorRT a file of --format onnx --precision fp32")
            }
            guard preprocess == .external else {
                throw UsageError(
                    "\(name) takes normalised images: --preprocess embedded is for --format onnx")
            }
        } else {
            if ![.int8, .float32].contains(quantization.chosenPrecision) || quantization.precision == .int8 {
                throw UsageError("\(name) holds the network as it was trained, in fp32")
            }
            if preprocess == .embedded { useless.append("--preprocess embedded") }
            useless += quantization.givenToCalibration.filter {
                format != .fp32 || $0 != QuantizationOptions.calibrationImagesName
            }
            if format != .fp32, data != nil { useless.append("--data") }
        }
        guard useless.isEmpty else {
            throw UsageError("\(useless.listed()): without effect on \(name), which \(format.content)")
        }
    }

    func run() throws {
        let cores = computing.count
        computing.apply(beside: cores)
        let folder = RunFolder(URL(fileURLWithPath: self.folder))
        if let output { try format.check(URL(fileURLWithPath: output)) }
        let trained = try TrainedModel(folder, workers: cores)
        trained.warnIfUnfinished()
        let target =
            output.map { URL(fileURLWithPath: $0) } ?? folder.url.appending(path: format.standardName)
        switch format {
        case .onnx, .tensorrt: try exportModel(trained, to: target)
        case .fp32: try exportStatic(trained, to: target)
        case .huggingface:
            let written = try HuggingFaceFolder(target).write(trained)
            for note in written.notes { Console.warning(note) }
            try print(written, ExportText.describe)
        case .safetensors: try exportCheckpoint(trained, as: .safetensors, to: target)
        case .pth: try exportCheckpoint(trained, as: .pth, to: target)
        }
    }

    private func exportModel(_ trained: TrainedModel, to target: URL) throws {
        let console = PassConsole(quiet: out.quiet)
        let report = try exporter(trained, try options(trained), console).export(to: target)
        console.finish()
        try print(report, ExportText.describe)
    }

    private func exportStatic(_ trained: TrainedModel, to target: URL) throws {
        let console = PassConsole(quiet: out.quiet)
        let report = try exporter(trained, try options(trained), console).exportStatic(to: target)
        console.finish()
        try print(report, ExportText.describe)
    }

    private func exportCheckpoint(
        _ trained: TrainedModel, as kind: CheckpointExport.Format, to target: URL
    ) throws {
        let bytes = try CheckpointExport.write(trained, as: kind, to: target)
        try print(ExportText.Checkpoint(path: target.relativePath, bytes: bytes), ExportText.describe)
    }

    private func options(_ trained: TrainedModel) throws -> ExportOptions {
        var options = ExportOptions(
            scheme: format == .tensorrt ? .symmetric : .affine, input: preprocess,
            maximumError: decisions.maxError, costs: try decisions.costs(trained.record), maps: maps,
            dataset: data.map { URL(fileURLWithPath: $0) }, threads: computing.count)
        quantization.apply(to: &options)
        return options
    }

    private func exporter(
        _ trained: TrainedModel, _ options: ExportOptions, _ console: PassConsole
    ) -> ModelExporter {
        let quiet = out.quiet
        return ModelExporter(trained, options: options) { event in
            switch event {
            case .progress(let name, let done, let total): console.show(name, done: done, total: total)
            case .candidate(let gate):
                console.finish()
                if !quiet { Console.note(ExportText.line(gate)) }
            }
        }
    }

    private func print<Result: Encodable>(_ result: Result, _ describe: (Result) -> String) throws {
        if out.json { try Console.json(result) } else { try Console.result(describe(result)) }
    }
}
