import TailorSupport

/// What libtorch, or this layer in front of it, refused to do.
public struct TensorError: CategorizedError, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// libtorch refused: shapes, element types or devices that do not fit.
        case libtorch
        /// The host or the device has no memory left; a smaller batch may do.
        case outOfMemory
        /// An argument that this layer refuses before libtorch sees it.
        case invalidArgument
    }

    public let kind: Kind
    /// The operation that was asked for, as `conv2d`.
    public let operation: String
    /// libtorch's own message, without its C++ backtrace.
    public let message: String

    public init(kind: Kind, operation: String, message: String) {
        self.kind = kind
        self.operation = operation
        self.message = message
    }

    static func invalid(_ operation: String, _ message: String) -> TensorError {
        TensorError(kind: .invalidArgument, operation: operation, message: message)
    }

    public var category: ErrorCategory { .work }

    public var description: String { "\(operation): \(message)" }
}
