import Foundation

/// File operation that the system refused: what, where, and why.
public struct FileError: CategorizedError, Equatable, Sendable {
    /// Attempted operation, phrased to follow "could not": `write`, `read`, `lock`…
    public let operation: String
    public let path: String
    /// Reason given by the system or by Tailor.
    public let reason: String

    public init(operation: String, path: String, reason: String) {
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    /// Error with the reason of an `errno` value, which must be read right after the failing call.
    public init(operation: String, path: String, code: Int32) {
        self.init(operation: operation, path: path, reason: Self.reason(code))
    }

    /// Category: `input` for reading, because a user named the file; `work` otherwise.
    public var category: ErrorCategory { operation == "read" ? .input : .work }

    public var description: String { "could not \(operation) \(path.printable): \(reason)" }

    /// Reason for an error that Foundation threw.
    package static func reason(of error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let underlying, underlying.domain == NSPOSIXErrorDomain {
            return reason(Int32(underlying.code))
        }
        return error.localizedDescription
    }

    /// System message for an `errno`, with a remedy where it is not obvious.
    public static func reason(_ code: Int32) -> String {
        let words = String(cString: strerror(code)).lowercasedFirst
        switch code {
        case EACCES, EPERM: return "\(words) (check the permissions of the file and of its folder)"
        case EROFS: return "\(words) (choose a folder that can be written to)"
        case ENOSPC, EDQUOT: return "\(words) (free some space or choose another folder)"
        default: return words
        }
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
