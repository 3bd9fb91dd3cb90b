import Foundation
import TailorSupport

/// Paths of a dataset's images, for finding what an entry of a user's list or table names.
///
/// A path as the dataset has it comes first. Else one that differs in what has a single meaning: white space
/// at its ends, `./`, backslashes, another encoding of its letters, an absolute path, one from the current
/// folder, or one that begins with the dataset's own name.
package struct ListedPaths: Sendable {
    /// What an entry names.
    package enum Match: Equatable, Sendable {
        /// Index of the image's path.
        case image(Int)
        /// Something in the test folder, or another, that was not listed.
        case sealed
        case several([String])
        case nothing
    }

    private let paths: [String]
    private let indices: [PathKey: Int]
    /// Indices by text, of which Swift takes forms of Unicode for equal.
    private let alike: [String: [Int]]
    /// Components of the dataset's folder, as given and with links resolved.
    private let roots: [[String]]
    private let current = Self.components(FileManager.default.currentDirectoryPath)
    /// Names of folders whose images are not among the paths.
    private let otherFolders: [String]
    private let testPaths: Set<PathKey>

    /// Prepares the search.
    ///
    /// - Parameters:
    ///   - paths: paths from `root`, each once.
    ///   - testFolder: name of the test folder if its images are not among `paths`.
    ///   - testPaths: test images that are not among `paths`, where they lie in no folder of their own.
    ///   - otherFolders: names of further such folders.
    package init(
        _ paths: [String], root: String, testFolder: String? = nil, testPaths: [String] = [],
        otherFolders: [String] = []
    ) {
        self.paths = paths
        self.testPaths = Set(testPaths.map(PathKey.init))
        self.otherFolders = otherFolders + [testFolder].compactMap { $0 }
        indices = Dictionary(
            paths.enumerated().map { (PathKey($1), $0) }, uniquingKeysWith: { first, _ in first })
        alike = Dictionary(grouping: paths.indices) { paths[$0] }
        let absolute = root.begins(with: "/") ? Self.components(root) : Self.components(root, from: current)
        roots = [absolute] + [DirectoryListing.resolved(root).map { Self.components($0) }].compactMap { $0 }
    }

    /// Finds what an entry names.
    package func match(_ entry: String) -> Match {
        if let index = indices[PathKey(entry)] { return .image(index) }
        let meanings = meanings(of: entry)
        var found: Set<Int> = []
        for meaning in meanings {
            if let index = indices[PathKey(meaning)] {
                found.insert(index)
            } else {
                found.formUnion(alike[meaning] ?? [])
            }
        }
        switch found.count {
        case 1: return .image(found[found.startIndex])
        case 2...: return .several(found.sorted().map { paths[$0] })
        default:
            let isSealed = ([entry] + meanings).contains { meaning in
                testPaths.contains(PathKey(meaning))
                    || otherFolders.contains { meaning.begins(with: $0 + "/") }
            }
            return isSealed ? .sealed : .nothing
        }
    }

    /// Paths from the dataset's folder that an entry may mean.
    private func meanings(of entry: String) -> [String] {
        let trimmed = entry.trimmed
        let spellings = Set([trimmed, trimmed.replacing("\\", with: "/")].map(PathKey.init))
        return spellings.flatMap { spelling -> [String] in
            let text = spelling.path
            let isAbsolute = text.begins(with: "/")
            let given = Self.components(text)
            let whole = isAbsolute ? given : Self.components(text, from: current)
            var found = roots.compactMap { Self.rest(of: whole, below: $0) }
            if isAbsolute, let name = whole.last,
                let folder = DirectoryListing.resolved("/" + whole.dropLast().joined(separator: "/"))
            {
                let resolved = Self.components(folder) + [name]
                found += roots.compactMap { Self.rest(of: resolved, below: $0) }
            }
            if !isAbsolute {
                found.append(given)
                found += roots.compactMap { $0.last.flatMap { Self.rest(of: given, below: [$0]) } }
            }
            return found.filter { !$0.isEmpty }.map { $0.joined(separator: "/") }
        }
    }

    /// Components of a path, without `.` and, where it is possible, without `..`.
    private static func components(_ path: String, from base: [String] = []) -> [String] {
        path.utf8.split(separator: UInt8(ascii: "/")).map { String(Substring($0)) }
            .reduce(into: base) { components, next in
                switch next {
                case ".": break
                case ".." where components.last != nil && components.last != "..": components.removeLast()
                default: components.append(next)
                }
            }
    }

    private static func rest(of components: [String], below base: [String]) -> [String]? {
        guard components.count > base.count,
            zip(components, base).allSatisfy({ PathKey($0) == PathKey($1) })
        else { return nil }
        return Array(components.dropFirst(base.count))
    }
}
