import TailorDatasets
import TailorSupport

/// Unique file names for images from several folders that go into one.
///
/// A unique name is kept. Duplicate ones get their folders as a prefix (`camera-2-0001.png`) or, if that is
/// not unique or too long, a digest of the path. A name depends on the path and on whether others have the
/// same name, never on the order.
enum UniqueNames {
    /// Maximum length of a file name in bytes on common file systems.
    private static let maximumBytes = 255

    /// Names for distinct paths, in their order. Throws `ContentHashError`.
    static func names(for paths: [String]) throws -> [String] {
        var names = try paths.map { try fitting(RelativePath.name($0), path: $0) }
        try replaceRepeated(in: &names) { try fitting(withFolders(paths[$0]), path: paths[$0]) }
        try replaceRepeated(in: &names) { try digested(RelativePath.name(paths[$0]), path: paths[$0]) }
        return names
    }

    /// Replaces names that occur more than once, ignoring case as some file systems do.
    private static func replaceRepeated(
        in names: inout [String], with replacement: (Int) throws -> String
    ) rethrows {
        let byName = Dictionary(grouping: names.indices) { names[$0].lowercased() }
        for indices in byName.values where indices.count > 1 {
            for index in indices { names[index] = try replacement(index) }
        }
    }

    private static func withFolders(_ path: String) -> String {
        let bytes = path.utf8.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "-") : $0 }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func fitting(_ name: String, path: String) throws -> String {
        try name.utf8.count <= maximumBytes ? name : digested(name, path: path)
    }

    /// Name with a digest of the path: `0001-3f2a9c81d0e4.png`.
    private static func digested(_ name: String, path: String) throws -> String {
        var hasher = try ContentHasher()
        try hasher.update(path)
        let stem = RelativePath.stem(name)
        let ending = try "-" + hasher.finish().prefix(12) + name.dropFirst(stem.count)
        var kept = stem
        while !kept.isEmpty, kept.utf8.count + ending.utf8.count > maximumBytes { kept.removeLast() }
        return kept + ending
    }
}
