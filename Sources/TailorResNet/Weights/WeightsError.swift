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
    /// File in no known format; `got` says what it is instead.
    case unknownFormat(path: String, got: String)
    /// File from which ResNet18 cannot start: another network, or tensors that do not fit.
    case unusable(path: String, problem: String)
    /// Weights that were fetched but could not be kept.
    case notKept
    /// ImageNet's weights asked for as a file, and not there.
    case notCached

    public var category: ErrorCategory {
        if case .notKept = self { return .work }
        return .input
    }

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
        case .unknownFormat(let path, let got):
            return "\(path): expected weights as .safetensors or as .pth of torch.save, got \(got)"
        case .unusable(let path, let problem): return "\(path): \(problem)"
        case .notCached: return "weights imagenet: not cached; tailor weights fetch imagenet downloads them"
        case .notKept: return "weights imagenet: fetched, but there is no place to keep them"
        }
    }
}
