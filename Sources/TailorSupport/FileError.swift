import Foundation

/// An operation on a file that the system refused: what, where, and why.
public struct FileError: CategorizedError, Equatable, Sendable {
    /// What was attempted, to be read after "could not": `write`, `read`, `lock`…
    public let operation: String
    public let path: String
    /// The system's reason, or ours.
    public let reason: String

    public init(operation: String, path: String, reason: String) {
        self.operation = operation
        self.path = path
        self.reason = reason
    }

    /// The reason is that of `errno`; pass it as read right after the failing call.
    public init(operation: String, path: String, code: Int32) {
        self.init(operation: operation, path: path, reason: Self.reason(code))
    }

    /// What cannot be read was named by somebody; what cannot be written is the disk's.
    public var category: ErrorCategory { operation == "read" ? .input : .work }

    public var description: String { "could not \(operation) \(path.printable): \(reason)" }

    /// Of an error that Foundation threw.
    package static func reason(of error: any Error) -> String {
        let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        if let underlying, underlying.domain == NSPOSIXErrorDomain {
            return reason(Int32(underlying.code))
        }
        return error.localizedDescription
    }

    /// The system's words for an `errno`, with what to do about it where that is not plain.
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
    /// On one line whatever the string holds: a file's name may contain a newline or a terminal's escapes.
    public var printable: String {
        guard unicodeScalars.contains(where: { Self.isControl($0) }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where Self.isControl(scalar): text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // C0, DEL, C1, and the marks that reverse the direction of the text after them.
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }

    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
