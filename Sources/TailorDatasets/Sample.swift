import Foundation
import TailorSupport

/// One image of a dataset and its class.
public struct Sample: Sendable, Hashable, CustomStringConvertible {
    /// The dataset's folder; empty where `relativePath` is a whole path.
    public let root: String
    /// From the dataset's folder, separated by `/`: `train/bees/01.jpg`.
    public let relativePath: String
    /// Index in the class list.
    public let label: Int

    public init(root: String, relativePath: String, label: Int) {
        self.root = root
        self.relativePath = relativePath
        self.label = label
    }

    /// Where the file is. Made on demand: a million stored URLs would take ten times the paths' memory.
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

/// The names of the classes; an index here is a label everywhere.
public struct ClassList: Codable, Sendable, Hashable {
    public let names: [String]

    public init(names: [String]) { self.names = names }

    public var count: Int { names.count }

    /// The label of a name, nil when there is no such class. Looks through the list: for a few lookups.
    public func index(of name: String) -> Int? { names.firstIndex(of: name) }
}

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

/// A path as a key, compared by its bytes. Swift's own `==` holds two names for equal when they differ
/// only in Unicode normalisation, and a folder may well hold both.
package struct PathKey: Hashable, Sendable, Comparable {
    package let path: String

    package init(_ path: String) { self.path = path }

    package static func == (a: PathKey, b: PathKey) -> Bool { a.path.utf8.elementsEqual(b.path.utf8) }

    package static func < (a: PathKey, b: PathKey) -> Bool {
        a.path.utf8.lexicographicallyPrecedes(b.path.utf8)
    }

    package func hash(into hasher: inout Hasher) {
        for byte in path.utf8 { hasher.combine(byte) }
    }
}

extension [String] {
    /// For messages: at most `limit` of them, then how many more.
    package func listed(limit: Int = 10) -> String {
        let shown = prefix(limit).map(\.printable).joined(separator: ", ")
        return count > limit ? "\(shown) and \(count - limit) more" : shown
    }
}

/// `1 image`, `2 images`.
package func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
}
