import Foundation
import TailorDatasets
import TailorSupport

/// Regular expression (ICU) that extracts an image's group from its path.
public struct GroupPattern: Sendable {
    public let pattern: String
    private let expression: NSRegularExpression

    /// Compiles a pattern. Throws `SplitError.groupPattern`.
    public init(_ pattern: String) throws {
        self.pattern = pattern
        guard !pattern.isEmpty else { throw SplitError.groupPattern(pattern, reason: "it is empty") }
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            throw SplitError.groupPattern(pattern, reason: "check its brackets and backslashes")
        }
    }

    /// Group of a path: the text of the first capture group, or of the whole match without one; nil for no
    /// match or an empty one.
    public func group(of path: String) -> String? {
        let whole = NSRange(path.startIndex..., in: path)
        guard let match = expression.firstMatch(in: path, range: whole) else { return nil }
        let captured = match.numberOfRanges > 1 ? match.range(at: 1) : match.range
        guard captured.length > 0, let range = Range(captured, in: path) else { return nil }
        return String(path[range])
    }
}
