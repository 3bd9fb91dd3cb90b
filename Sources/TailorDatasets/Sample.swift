import Foundation
import TailorSupport

/// Image of a dataset with its label.
public struct Sample: Sendable, Hashable, CustomStringConvertible {
    /// Folder of the dataset; empty if `relativePath` is a complete path.
    public let root: String
    /// Path from the dataset's folder, separated by `/`: `train/bees/01.jpg`.
    public let relativePath: String
    /// Label: index in the class list.
    public let label: Int

    public init(root: String, relativePath: String, label: Int) {
        self.root = root
        self.relativePath = relativePath
        self.label = label
    }

    /// URL of the file, computed because a million stored URLs would take ten times the paths' memory.
    public var url: URL {
        URL(fileURLWithPath: root.isEmpty ? relativePath : root + "/" + relativePath, isDirectory: false)
    }

    public var description: String { relativePath.printable }

    public static func == (a: Sample, b: Sample) -> Bool {
        a.label == b.label && PathKey(a.relativePath) == PathKey(b.relativePath)
            && PathKey(a.root) == PathKey(b.root)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(PathKey(relativePath))
        hasher.combine(label)
    }
}

/// Names of the classes; a label is an index into them.
public struct ClassList: Codable, Sendable, Hashable {
    public let names: [String]

    public init(names: [String]) { self.names = names }

    public var count: Int { names.count }

    /// Names that differ only in case, spaces, dashes or underscores, together.
    package var similarNames: [[String]] {
        Dictionary(grouping: names) {
            $0.precomposedStringWithCompatibilityMapping.lowercased()
                .split(whereSeparator: { $0.isWhitespace || $0 == "_" || $0 == "-" }).joined()
        }.values.filter { $0.count > 1 }.map { $0.sorted() }.sorted { $0[0] < $1[0] }
    }

    /// Similar names for a message: `Cat / cat; dog / Dog`.
    package var similarNamesListed: String {
        similarNames.map { $0.map(\.printable).joined(separator: " / ") }.joined(separator: "; ")
    }

    /// Label of a class name by linear search; nil when there is no such class.
    public func index(of name: String) -> Int? { names.firstIndex(of: name) }
}

/// Part of a split: training, validation or test.
public enum SplitPart: String, Codable, Sendable, CaseIterable {
    case train, val, test
}
