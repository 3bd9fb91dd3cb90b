import TailorSupport

/// Why a file is not taken as a model.
public enum ModelFileError: CategorizedError, Equatable, Sendable {
    /// No ONNX file, or one that Tailor did not write.
    case notAModel(path: String, reason: String)
    /// Written by Tailor, but no longer what it wrote.
    case damaged(path: String, reason: String)
    /// Contains what a model file may not contain.
    case refused(path: String, reason: String)
    case newerSchema(path: String, found: Int, supported: Int)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .notAModel(let path, let reason): "\(path): not a model file of Tailor: \(reason)"
        case .damaged(let path, let reason): "\(path): damaged model file: \(reason)"
        case .refused(let path, let reason): "\(path): refused: \(reason)"
        case .newerSchema(let path, let found, let supported):
            "\(path): written by a newer version (schema \(found), this program reads up to \(supported))"
        }
    }
}
