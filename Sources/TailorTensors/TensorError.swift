import TailorSupport

/// Failure of a tensor operation.
public struct TensorError: CategorizedError, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// Error of libtorch: shapes, element types or devices that do not fit.
        case libtorch
        /// Host or device out of memory; a smaller batch may help.
        case outOfMemory
        /// Invalid argument, refused before libtorch sees it.
        case invalidArgument
    }

    public let kind: Kind
    /// Name of the operation, for example `conv2d`.
    public let operation: String
    /// Message of libtorch without its C++ backtrace.
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
