import COpenVINO
import TailorSupport

/// What OpenVINO refused to do, in its words.
public struct OpenVINOError: CategorizedError, Sendable {
    public let operation: String
    public let status: Int
    public let message: String

    public var category: ErrorCategory { .work }

    public var description: String {
        "OpenVINO could not \(operation): \(message.isEmpty ? "status \(status)" : message)"
    }

    /// Throws unless the status is a good one.
    static func check(_ status: ov_status_e, _ operation: @autoclosure () -> String) throws {
        guard status.rawValue != 0 else { return }
        let message = lastMessage()
        // Its own text starts with places in its source files.
        let lines = message.split(separator: "\n").filter { !$0.hasPrefix("Exception from ") }
        throw OpenVINOError(
            operation: operation(), status: Int(status.rawValue),
            message: lines.prefix(4).joined(separator: " "))
    }

    /// Of the process's last failure, not the thread's: with several threads failing at once, the text may be
    /// another's. OpenVINO hands out a copy, which is the caller's to free.
    private static func lastMessage() -> String {
        guard let text = ov_get_last_err_msg() else { return "" }
        defer { ov_free(text) }
        return String(cString: text)
    }
}

/// A handle that the library fills in.
func created(_ operation: @autoclosure () -> String, _ body: (inout OpaquePointer?) -> ov_status_e) throws
    -> OpaquePointer
{
    var pointer: OpaquePointer?
    try OpenVINOError.check(body(&pointer), operation())
    guard let pointer else {
        throw OpenVINOError(operation: operation(), status: 0, message: "nothing came back")
    }
    return pointer
}
