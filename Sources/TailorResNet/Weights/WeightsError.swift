import TailorSupport

/// Failure to obtain pretrained weights. Malformed files throw `CheckpointError` or `SafetensorsError`,
/// weights that do not fit the network ``WeightsMismatch``.
public enum WeightsError: CategorizedError, Sendable, Equatable {
    case emptySource
    /// Weights neither cached nor downloadable.
    case unavailable(url: String, cache: String?, reason: String)
    /// File whose SHA-256 is not the published one.
    case wrongHash(location: String, expected: String, got: String)
    /// Bundled weights not found in the searched folders.
    case bundledMissing(searched: [String])
    /// File in no known format.
    case unknownFormat(path: String)

    public var category: ErrorCategory { .input }

    /// Clause about ImageNet's weights, for the line that says which others are used.
    var whyNotImageNet: String {
        switch self {
        case .unavailable(_, _, let reason): "are neither cached nor to be fetched: \(reason)"
        default: "cannot be used: \(self)"
        }
    }

    public var description: String {
        switch self {
        case .emptySource: return "weights: expected imagenet, bundled, none or a file, got an empty text"
        case .unavailable(let url, let cache, let reason):
            let hint = cache.map { "; put the file at \($0), or use --weights bundled" } ?? ""
            return "weights imagenet: not cached, and \(url) could not be fetched: \(reason)\(hint)"
        case .wrongHash(let location, let expected, let got):
            return "\(location): expected SHA-256 \(expected), got \(got)"
        case .bundledMissing(let searched):
            return "weights bundled: the file is in none of \(searched.joined(separator: ", "))"
        case .unknownFormat(let path):
            return "\(path): expected weights as .safetensors or as .pth of torch.save, got neither"
        }
    }
}
