import Foundation
import TailorSupport
import TailorTensors

/// Reader and writer of PyTorch's `.pth` files: a state dict saved by `torch.save`, in the zip format or the
/// one before PyTorch 1.6. Nothing in the file is executed; see `Unpickler` for what it may contain.
public enum TorchCheckpoint {
    /// Maximum size of a file in bytes.
    package static let maximumFileBytes = 2 << 30

    /// Reads the tensors of the state dict by name, on the CPU, with their stored element types.
    ///
    /// A state dict nested in other dictionaries (`{"state_dict": …}`, `{"model": …, "model_ema": …}`) is
    /// found as ``CheckpointSelection`` says; a common prefix `module.` or `_orig_mod.` is removed.
    ///
    /// - Throws: `CheckpointError`, with the path.
    public static func read(_ url: URL) throws -> [String: Tensor] {
        try decode(contents(of: url), path: url.path)
    }

    /// Decodes a file's bytes; `path` is for messages. Otherwise as `read`.
    package static func decode(_ data: Data, path: String) throws -> [String: Tensor] {
        try selected(data, path: path).tensors
    }

    /// As `decode`, with where in the file the tensors were.
    package static func selected(
        _ data: Data, path: String
    ) throws -> (tensors: [String: Tensor], selection: CheckpointSelection) {
        var tensors: [String: Tensor] = [:]
        let contents = try TorchFile.contents(of: [UInt8](data), path: path.printable)
        for raw in contents.tensors {
            tensors[raw.name] = try raw.bytes.withUnsafeBytes {
                try Tensor(bytes: $0, shape: raw.shape, dtype: raw.element.dtype)
            }
        }
        return (tensors, contents.selection)
    }

    /// Encodes a file that `torch.load` reads as an `OrderedDict` of these tensors, in this order.
    ///
    /// - Parameter folder: the folder within the archive; PyTorch takes the file's name without extension.
    /// - Throws: `CheckpointError`, `TensorError` when a tensor cannot be read.
    package static func encode(_ tensors: [(String, Tensor)], folder: String) throws -> Data {
        let raw = try tensors.map { name, tensor in
            guard let element = ElementType(tensor.dtype) else {
                throw CheckpointError.unsupported(
                    path: folder, reason: "\(name): elements of type \(tensor.dtype)")
            }
            return RawTensor(
                name: name, element: element, shape: tensor.shape, bytes: [UInt8](try tensor.rawBytes()))
        }
        return Data(try TorchFile.serialized(raw, folder: folder, path: folder))
    }

    static func contents(of url: URL) throws -> Data {
        do {
            return try RegularFile.contents(of: url, maximumBytes: maximumFileBytes)
        } catch let error as FileError {
            throw CheckpointError.unreadable(path: url.path.printable, reason: error.reason)
        }
    }
}

extension ElementType {
    init?(_ dtype: DType) {
        guard let match = Self.allCases.first(where: { $0.dtype == dtype }) else { return nil }
        self = match
    }

    var dtype: DType {
        switch self {
        case .float64: .float64
        case .float32: .float32
        case .float16: .float16
        case .bfloat16: .bfloat16
        case .int64: .int64
        case .int32: .int32
        case .int16: .int16
        case .int8: .int8
        case .uint8: .uint8
        case .bool: .bool
        }
    }
}
