import TailorSupport

/// Why a `.pth` file was refused. Every case names the file.
public enum CheckpointError: CategorizedError, Equatable, Sendable {
    /// The file cannot be opened or read, is no regular file, or is larger than a checkpoint may be.
    case unreadable(path: String, reason: String)
    /// Neither the zip format of `torch.save` nor its older one.
    case unknownFormat(path: String, reason: String)
    /// The archive or the pickle in it is cut short or contradicts itself.
    case damaged(path: String, reason: String)
    /// Well formed, but needs something this reader does not do (compression, encryption, big-endian data…).
    case unsupported(path: String, reason: String)
    /// The pickle names a class or function that is not on the short list of a state dict.
    case forbiddenGlobal(path: String, name: String)
    /// A pickle instruction that no state dict needs.
    case forbiddenOpcode(path: String, opcode: UInt8)
    /// The file holds no state dict, or several.
    case noStateDictionary(path: String, reason: String)

    public var category: ErrorCategory { .input }

    public var description: String {
        let advice = "save only the weights: torch.save(model.state_dict(), path)"
        switch self {
        case .unreadable(let path, let reason): return "\(path): cannot be read: \(reason)"
        case .unknownFormat(let path, let reason):
            return "\(path): expected a checkpoint written by torch.save, got \(reason)"
        case .damaged(let path, let reason): return "\(path): damaged checkpoint: \(reason)"
        case .unsupported(let path, let reason): return "\(path): unsupported checkpoint: \(reason)"
        case .forbiddenGlobal(let path, let name):
            return "\(path): refused: the pickle asks for \(name), which weights never need; "
                + "nothing was executed (\(advice))"
        case .forbiddenOpcode(let path, let opcode):
            let code = String(opcode, radix: 16, uppercase: true)
            return "\(path): refused: pickle instruction 0x\(code), which weights never need; "
                + "nothing was executed (\(advice))"
        case .noStateDictionary(let path, let reason): return "\(path): no state dict: \(reason) (\(advice))"
        }
    }
}
