import TailorSupport

/// Reason for refusing a `.pth` file; each case holds its path.
public enum CheckpointError: CategorizedError, Equatable, Sendable {
    /// File that cannot be opened or read, is no regular file, or is too large.
    case unreadable(path: String, reason: String)
    /// File in neither the zip format of `torch.save` nor its older one.
    case unknownFormat(path: String, reason: String)
    /// Archive or pickle that is truncated or inconsistent.
    case damaged(path: String, reason: String)
    /// Valid file with an unsupported feature (compression, encryption, big-endian data…).
    case unsupported(path: String, reason: String)
    /// Pickle that names a class or function that no state dict needs.
    case forbiddenGlobal(path: String, name: String)
    /// Pickle instruction that no state dict needs.
    case forbiddenOpcode(path: String, opcode: UInt8)
    /// File with no state dict, or with several.
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
