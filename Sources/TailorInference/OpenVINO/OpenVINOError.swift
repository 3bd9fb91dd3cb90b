import COpenVINO
import TailorSupport

/// An error of OpenVINO, with its message.
public struct OpenVINOError: CategorizedError, Sendable {
    public let operation: String
    public let status: Int
    public let message: String

    public var category: ErrorCategory { .work }

    public var description: String {
        "OpenVINO could not \(operation): \(message.isEmpty ? "status \(status)" : message)"
    }

    /// Throws unless the status means success.
    static func check(_ status: ov_status_e, _ operation: @autoclosure () -> String) throws {
        guard status.rawValue != 0 else { return }
        let message = lastMessage()
        // Lines that name OpenVINO's source files are dropped.
        let lines = message.split(separator: "\n").filter { !$0.hasPrefix("Exception from ") }
        throw OpenVINOError(
            operation: operation(), status: Int(status.rawValue),
            message: lines.prefix(4).joined(separator: " "))
    }

    /// Threads that OpenVINO starts beside those that compute: six on two cores with two streams.
    private static let furtherThreads = 6

    /// Throws where a limit on tasks leaves OpenVINO too few threads: it would end the process.
    static func checkThreads(_ settings: NetworkSettings) throws {
        let needed = (settings.threads ?? ProcessorCount.available) + furtherThreads
        if let shortage = ThreadShortage(needed: needed) {
            throw OpenVINOError(operation: "start", status: 0, message: "\(shortage)")
        }
    }

    /// Message of the process's last failure; if several threads fail at once it may be another's. OpenVINO
    /// returns a copy, which is freed here.
    private static func lastMessage() -> String {
        guard let text = ov_get_last_err_msg() else { return "" }
        defer { ov_free(text) }
        return String(cString: text)
    }
}

/// Returns a handle that `body` creates. Throws ``OpenVINOError``.
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
