import TailorSupport

/// A file or folder that cannot be used, and why.
public struct FileProblem: Sendable, Hashable, Codable, CustomStringConvertible {
    /// From the dataset's folder.
    public let path: String
    public let reason: String

    public init(path: String, reason: String) {
        self.path = path
        self.reason = reason
    }

    public var description: String { "\(path.printable): \(reason)" }
}
