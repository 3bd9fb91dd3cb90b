import Foundation
import TailorSupport

/// Groups that a dataset's own CSV names: the one that divides the images, or the `split.csv` beside its folders.
package struct ListedGroups: Sendable, Equatable {
    /// Groups by the images' paths from the dataset's folder; images that are groups of their own have none.
    package private(set) var byPath: [PathKey: String] = [:]
    /// What is not known: images without a row, a CSV that cannot be used.
    package private(set) var warnings: [String] = []
    /// Name of the CSV; empty without one.
    private var file = ""

    package static let none = ListedGroups()

    package var isEmpty: Bool { byPath.isEmpty && warnings.isEmpty }

    /// What is said of groups with several images; nil where there is none.
    package var note: String? {
        let counts = Dictionary(byPath.values.map { ($0, 1) }, uniquingKeysWith: +)
        guard counts.values.contains(where: { $0 > 1 }) else { return nil }
        return "groups are those that \(file) names (\(counts.count))"
    }

    private init() {}

    /// Groups of the images of some parts that a CSV divides.
    init(of parts: Set<SplitPart>, in manifest: DatasetManifest) {
        file = Self.name(of: manifest.file)
        byPath = Dictionary(
            manifest.rows.filter { parts.contains($0.part) && !$0.group.isEmpty }
                .map { (PathKey($0.path), $0.group) }, uniquingKeysWith: { first, _ in first })
    }

    /// Groups of images by the `split.csv` beside the folders in which they lie. An image that has been moved since is
    /// found by its class and name, or its name, where these name one group.
    init(of images: [String], besideSplitsIn folder: String) {
        let path = folder + "/split.csv"
        guard DatasetManifest.isFile(path) else { return }
        let rows: [DatasetManifest.Row]
        do { rows = try DatasetManifest(contentsOf: path).rows } catch {
            warnings = ["\(error); the groups that it names are not known"]
            return
        }
        guard rows.contains(where: { !$0.group.isEmpty }) else { return }
        file = Self.name(of: path)
        let found = Self.groups(of: images, by: rows)
        for (image, group) in zip(images, found) where group?.isEmpty == false {
            byPath[PathKey(image)] = group
        }
        let missing = zip(images, found).filter { $1 == nil }.map(\.0)
        guard !missing.isEmpty else { return }
        warnings = [
            "no row of \(file) is about \(missing.count) of \(counted(images.count, "image")); each of these is a group "
                + "of its own: \(missing.listed(limit: 3))"
        ]
    }

    /// Groups of images, empty for those of their own; nil where no row is about an image, or several may be.
    private static func groups(of images: [String], by rows: [DatasetManifest.Row]) -> [String?] {
        var groups: [PathKey: String] = [:]
        for row in rows { groups[PathKey(row.path)] = row.group }
        var found = images.map { groups[PathKey($0)] }
        let taken = Set(zip(images, found).compactMap { $1 == nil ? nil : PathKey($0) })
        var others = rows.filter { !taken.contains(PathKey($0.path)) }
        // By the whole path with letters encoded in one way, by class and name, by name.
        for length in [Int.max, 2, 1] {
            let open = images.indices.filter { found[$0] == nil }
            if open.isEmpty || others.isEmpty { break }
            let named = Dictionary(grouping: others) { ending($0.path, length) }
            for (name, same) in Dictionary(grouping: open, by: { ending(images[$0], length) }) {
                guard same.count == 1, let rows = named[name], let group = rows.first?.group,
                    rows.allSatisfy({ $0.group == group })
                else { continue }
                found[same[0]] = group
            }
            let used = Set(open.filter { found[$0] != nil }.map { ending(images[$0], length) })
            others.removeAll { used.contains(ending($0.path, length)) }
        }
        return found
    }

    /// The last components of a path, letters encoded in one way.
    private static func ending(_ path: String, _ length: Int) -> PathKey {
        let parts = path.utf8.split(separator: UInt8(ascii: "/")).suffix(length)
        return PathKey(
            parts.map { String(Substring($0)).precomposedStringWithCanonicalMapping }.joined(separator: "/"))
    }

    private static func name(of path: String) -> String {
        URL(fileURLWithPath: path).lastPathComponent.printable
    }
}
