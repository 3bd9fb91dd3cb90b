import Foundation
import TailorDatasets
import TailorSupport

/// A regular expression (ICU's) that finds an image's group in its path.
public struct GroupPattern: Sendable {
    public let pattern: String
    private let expression: NSRegularExpression

    /// Throws `SplitError.groupPattern`.
    public init(_ pattern: String) throws {
        self.pattern = pattern
        guard !pattern.isEmpty else { throw SplitError.groupPattern(pattern, reason: "it is empty") }
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            throw SplitError.groupPattern(pattern, reason: "check its brackets and backslashes")
        }
    }

    /// What the first capture group matched, or the whole match without one; nil where nothing matches, or
    /// only the empty text does.
    public func group(of path: String) -> String? {
        let whole = NSRange(path.startIndex..., in: path)
        guard let match = expression.firstMatch(in: path, range: whole) else { return nil }
        let captured = match.numberOfRanges > 1 ? match.range(at: 1) : match.range
        guard captured.length > 0, let range = Range(captured, in: path) else { return nil }
        return String(path[range])
    }
}
