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

/// Groups extracted by a pattern, with notes and warnings.
struct Grouping {
    /// Group of each path; nil if there is none.
    let groups: [String?]
    private(set) var warnings: [String] = []
    private(set) var notes: [String] = []

    init(pattern: GroupPattern?, paths: [String]) {
        guard let pattern else {
            groups = [String?](repeating: nil, count: paths.count)
            return
        }
        groups = paths.map(pattern.group)
        let matched = groups.count { $0 != nil }
        if matched == 0 {
            warnings = [
                "the group pattern \"\(pattern.pattern.printable)\" matches none of "
                    + "\(counted(paths.count, "path")), the first being \(paths.first?.printable ?? "none"): "
                    + "every image is a group of its own"
            ]
        } else if matched < paths.count, let first = zip(paths, groups).first(where: { $0.1 == nil })?.0 {
            notes = [
                "the group pattern matches \(matched) of \(counted(paths.count, "path")); the others, "
                    + "\(first.printable) the first, are groups of their own"
            ]
        }
    }
}

/// Groups of images from a CSV with the columns `path` and `group`; others are ignored.
package struct GroupTable: Sendable {
    private let groups: [PathKey: String]

    /// Reads a file. Throws `SplitError` when it cannot be read or lacks a column.
    package init(contentsOf url: URL) throws {
        let path = url.path
        let records = try SplitSource.csvRecords(of: path, expectation: "expected a CSV in UTF-8")
        let header = records.first?.fields.map { $0.lowercased() } ?? []
        guard let pathColumn = header.firstIndex(of: "path"), let groupColumn = header.firstIndex(of: "group")
        else {
            throw SplitError.header(path: path, reason: "expected the columns path and group")
        }
        var groups: [PathKey: String] = [:]
        for record in records.dropFirst() where record.fields.count > max(pathColumn, groupColumn) {
            let group = record.fields[groupColumn]
            if !group.isEmpty { groups[PathKey(record.fields[pathColumn])] = group }
        }
        self.groups = groups
    }

    /// Group of a path; nil if it is not listed.
    package func group(of path: String) -> String? { groups[PathKey(path)] }
}
