import TailorSupport

/// An error that says why an image cannot be used: what, where, expected and got.
public enum ImageError: CategorizedError, Equatable, Sendable {
    /// The system does not give the file: missing, a folder, a FIFO, no permission, an I/O error.
    case unreadable(path: String, reason: String)
    /// The file has no bytes.
    case empty(path: String)
    /// The file has more bytes than `ImageDecoder.Limits` allows; it was not read.
    case fileTooLarge(path: String, bytes: Int, limit: Int)
    /// The file became shorter or longer while it was read.
    case changed(path: String, expectedBytes: Int, gotBytes: Int)
    /// The file is no known image; `content` says what the first bytes look like.
    case notAnImage(path: String, content: String)
    /// The image is valid but of a kind that is not supported.
    case unsupported(path: String, format: ImageFormat, reason: String)
    /// The header announces more pixels than `ImageDecoder.Limits` allows; nothing was decoded.
    case tooManyPixels(path: String, width: Int, height: Int, limit: Int)
    /// The header announces a width or height beyond `ImageDecoder.Limits`; nothing was decoded.
    case sideTooLong(path: String, width: Int, height: Int, limit: Int)
    /// Decoding would cost more than is allowed: scans, memory.
    case tooCostly(path: String, format: ImageFormat, reason: String)
    /// The data ends before the image does.
    case truncated(path: String, format: ImageFormat, reason: String)
    /// The data contradicts itself.
    case corrupt(path: String, format: ImageFormat, reason: String)
    /// An image could not be written.
    case encodingFailed(format: ImageFormat, reason: String)
    /// A number given by the caller makes no sense; the text says which.
    case invalidArgument(String)

    /// Path of the file as it was named to the decoder; nil if no file is involved.
    public var path: String? {
        switch self {
        case .unreadable(let path, _), .empty(let path), .fileTooLarge(let path, _, _),
            .changed(let path, _, _), .notAnImage(let path, _), .unsupported(let path, _, _),
            .tooManyPixels(let path, _, _, _), .sideTooLong(let path, _, _, _), .tooCostly(let path, _, _),
            .truncated(let path, _, _),
            .corrupt(let path, _, _):
            path
        case .encodingFailed, .invalidArgument: nil
        }
    }

    /// The reason without the path, for lists that show the path beside it.
    public var reason: String {
        switch self {
        case .unreadable(_, let reason): "could not be read: \(reason)"
        case .empty: "the file is empty"
        case .fileTooLarge(_, let bytes, let limit): "\(bytes) bytes; the limit is \(limit)"
        case .changed(_, let expected, let got):
            "changed while it was read: expected \(expected) bytes, got \(got)"
        case .notAnImage(_, let content): "not an image that can be read: \(content)"
        case .unsupported(_, let format, let reason): "\(format) of a kind that is not read: \(reason)"
        case .tooManyPixels(_, let width, let height, let limit):
            "\(width)×\(height) pixels; the limit is \(limit) pixels"
        case .sideTooLong(_, let width, let height, let limit):
            "\(width)×\(height) pixels; the longest side allowed is \(limit)"
        case .tooCostly(_, let format, let reason): "\(format) too costly to decode: \(reason)"
        case .truncated(_, let format, let reason): "truncated \(format): \(reason)"
        case .corrupt(_, let format, let reason): "corrupt \(format): \(reason)"
        case .encodingFailed(let format, let reason): "could not encode as \(format): \(reason)"
        case .invalidArgument(let text): "invalid argument: \(text)"
        }
    }

    public var category: ErrorCategory { .input }

    public var description: String {
        guard let path else { return reason }
        return "\(path.printable): \(reason)"
    }
}
