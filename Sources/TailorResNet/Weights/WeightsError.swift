import TailorSupport

/// Why pretrained weights could not be had. What is wrong inside a file is said by `CheckpointError` and
/// `SafetensorsError`, what does not fit the network by ``WeightsMismatch``.
public enum WeightsError: CategorizedError, Sendable, Equatable {
    case emptySource
    /// Neither cached nor fetched.
    case unavailable(url: String, cache: String?, reason: String)
    /// The bytes are not those that were published.
    case wrongHash(location: String, expected: String, got: String)
    /// The resource inside this package is not where the program looks.
    case bundledMissing(searched: [String])
    /// No content that is known.
    case unknownFormat(path: String)

    public var category: ErrorCategory { .input }

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
