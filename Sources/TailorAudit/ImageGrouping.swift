import Foundation

/// Tells from a path which group (patient, video, module) an image belongs to.
public struct ImageGrouping: @unchecked Sendable {
    // `@unchecked`: `NSRegularExpression` is immutable and documented as safe across threads.
    private let expression: NSRegularExpression

    /// The pattern's first capture group, or else its whole match, is the group. Throws
    /// ``ImageGroupingError`` when it is no regular expression.
    public init(pattern: String) throws {
        do {
            expression = try NSRegularExpression(pattern: pattern)
        } catch {
            throw ImageGroupingError(
                description: "\(pattern.printable) is not a regular expression")
        }
    }

    /// The path itself where the pattern does not match.
    public func group(of path: String) -> String {
        let whole = NSRange(path.startIndex..., in: path)
        guard let match = expression.firstMatch(in: path, range: whole) else { return path }
        let index = match.numberOfRanges > 1 && match.range(at: 1).location != NSNotFound ? 1 : 0
        return Range(match.range(at: index), in: path).map { String(path[$0]) } ?? path
    }
}

/// A `--group-by` that cannot be used.
public struct ImageGroupingError: Error, Equatable, CustomStringConvertible, Sendable {
    public let description: String
}
