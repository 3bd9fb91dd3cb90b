import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

/// Formats that export writes.
enum ExportFormat: String, ArgumentValue, CaseIterable {
    /// A model file with everything in it.
    case onnx
    /// A model file of the form that TensorRT takes.
    case tensorrt
    /// A folder for compilers of other makers.
    case fp32
    /// A folder for timm and transformers.
    case huggingface
    case safetensors, pth

    private var isFolder: Bool { self == .fp32 || self == .huggingface }

    /// Whether what is written was quantized, and passes the gate.
    var isGated: Bool { self == .onnx || self == .tensorrt }

    var usesMaps: Bool { isGated }

    /// Name within the run folder where none is given.
    var standardName: String {
        switch self {
        case .onnx, .safetensors, .pth: "model.\(rawValue)"
        case .tensorrt: "model.tensorrt.onnx"
        case .fp32, .huggingface: rawValue
        }
    }

    /// What it holds, to follow "which".
    var content: String {
        switch self {
        case .onnx, .tensorrt: "holds a model file"
        case .fp32: "holds floats that another compiler will quantize"
        case .huggingface: "holds the network as it was trained"
        case .safetensors, .pth: "holds the bare network"
        }
    }

    /// Ending of the file's name.
    private var fileExtension: String { self == .tensorrt ? "onnx" : rawValue }

    /// Sign by which an earlier file of the format is known; nil for PyTorch's, which has none.
    private var mark: OutputFile.Mark? {
        switch self {
        case .onnx, .tensorrt: ModelFile.mark
        case .safetensors: ModelMetadata.mark
        case .pth, .fp32, .huggingface: nil
        }
    }

    /// Refuses a place where something lies that export did not write.
    ///
    /// Throws `UsageError`, `OutputFileError` and `FileError`.
    func check(_ url: URL) throws {
        let folder = RunFolder(url.deletingLastPathComponent())
        if folder.hasRecord, folder.isOwn(url.lastPathComponent) {
            throw UsageError("-o \(url.relativePath.printable): the run there needs this file itself")
        }
        if !isFolder, url.relativePath.hasSuffix("/") || url.hasDirectoryPath {
            throw UsageError(
                "-o \(url.relativePath.printable): is a folder; --format \(rawValue) is one file")
        }
        if let ending = Self.allCases.first(where: { !$0.isFolder && $0.fileExtension == url.pathExtension }),
            isFolder || ending.fileExtension != fileExtension
        {
            throw UsageError(
                "-o \(url.relativePath.printable): the name says \(ending.rawValue), --format \(rawValue)"
                    + (isFolder ? " is a folder" : ""))
        }
        switch self {
        case .fp32: _ = try NewFolder(url, isOwn: StaticModelFolder.isOwn)
        case .huggingface: _ = try HuggingFaceFolder(url)
        case .onnx, .tensorrt, .safetensors, .pth: try OutputFile.check(url, mark: mark)
        }
    }
}
