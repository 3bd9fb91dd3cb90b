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
