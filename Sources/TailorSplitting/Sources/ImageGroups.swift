import TailorDatasets
import TailorSupport

/// What says which images belong together.
public enum GroupSource: Sendable {
    case pattern(GroupPattern)
    case table(GroupTable)
    /// Group of an image by its path from the dataset's folder.
    case function(@Sendable (String) -> String?)
}

/// Groups of a dataset's images: what a pattern or a table hits, and what it misses.
package struct ImageGroups: Sendable {
    /// Images without a group, rows without an image: number and the first of each.
    package private(set) var warnings: [String] = []
    private var groups: [PathKey: String] = [:]

    /// Finds the groups of images.
    ///
    /// - Parameters:
    ///   - source: nil for no groups.
    ///   - paths: paths of all images from `root`, excluded and unreadable ones too.
    ///   - testFolder: name of the test folder if its images are not among `paths`.
    ///   - testPaths: test images that are not among `paths`, where they lie in no folder of their own.
    ///   - strict: whether a warning throws.
    /// - Throws: `SplitError.groups` when no image has a group, when a row may name several images, and when
    ///   a table puts one image into two groups.
    package init(
        _ source: GroupSource?, paths: [String], root: String, testFolder: String? = nil,
        testPaths: [String] = [], strict: Bool = false
    ) throws {
        switch source {
        case nil: return
        case .pattern(let pattern):
            let name = "the group pattern \"\(pattern.pattern.printable)\""
            try take(paths, name: name, group: pattern.group)
        case .function(let group): try take(paths, name: "the grouping", group: group)
        case .table(let table):
            let known = ListedPaths(paths, root: root, testFolder: testFolder, testPaths: testPaths)
            try take(table, known: known, paths: paths, root: root)
        }
        if strict, let first = warnings.first {
            throw SplitError.groups("\(first) (strict mode allows none)")
        }
    }

    /// Groups that a dataset's own CSV names.
    package init(_ listed: ListedGroups) { (groups, warnings) = (listed.byPath, listed.warnings) }

    /// Groups of a dataset: those of `source`, else those that its own CSV names; nil for neither.
    package static func known(
        _ source: GroupSource?, listed: ListedGroups, paths: [String], root: String,
        testFolder: String? = nil,
        testPaths: [String] = [], strict: Bool = false
    ) throws -> ImageGroups? {
        guard source != nil else {
            if strict, let first = listed.warnings.first {
                throw SplitError.groups("\(first) (strict mode allows none)")
            }
            return listed.isEmpty ? nil : ImageGroups(listed)
        }
        return try ImageGroups(
            source, paths: paths, root: root, testFolder: testFolder, testPaths: testPaths, strict: strict)
    }

    /// Group of a path; nil for a group of its own.
    package func group(of path: String) -> String? { groups[PathKey(path)] }

    private mutating func take(_ paths: [String], name: String, group: (String) -> String?) throws {
        var missed: [String] = []
        for path in paths {
            if let group = group(path) { groups[PathKey(path)] = group } else { missed.append(path) }
        }
        let total = counted(paths.count, "image path")
        if groups.isEmpty, !paths.isEmpty {
            throw SplitError.groups("\(name) matches none of \(total) (\(missed.listed(limit: 3)))")
        }
        if !missed.isEmpty {
            warnings.append(
                "\(name) matches \(paths.count - missed.count) of \(total); each other image is a group of its "
                    + "own: \(missed.listed(limit: 3))")
        }
    }

    private mutating func take(
        _ table: GroupTable, known: ListedPaths, paths: [String], root: String
    ) throws {
        var rowOfImage: [Int: GroupTable.Row] = [:]
        var unmatched: [String] = []
        for row in table.rows {
            switch known.match(row.path) {
            case .image(let index):
                if let earlier = rowOfImage[index], earlier.group != row.group {
                    throw SplitError.groups(
                        "\(table.file.printable), line \(row.line): \(paths[index].printable) is in group "
                            + "\(row.group?.printable ?? "none") here and in \(earlier.group?.printable ?? "none") "
                            + "on line \(earlier.line)")
                }
                rowOfImage[index] = row
                groups[PathKey(paths[index])] = row.group
            case .sealed: break
            case .nothing: unmatched.append(row.path)
            case .several(let several):
                throw SplitError.groups(
                    "\(table.file.printable), line \(row.line): \(row.path.printable) may name "
                        + several.listed())
            }
        }
        let name = "the group table \(table.file.printable)"
        if groups.isEmpty, !paths.isEmpty {
            let rows = unmatched.isEmpty ? "" : "; its rows name \(unmatched.listed(limit: 3))"
            throw SplitError.groups(
                "\(name) gives no group to any of \(counted(paths.count, "image")) "
                    + "(\(paths.listed(limit: 3)))\(rows); paths count from \(root.printable)")
        }
        let missed = paths.indices.filter { rowOfImage[$0] == nil }.map { paths[$0] }
        if !missed.isEmpty {
            warnings.append(
                "\(name) names \(paths.count - missed.count) of \(counted(paths.count, "image")); each other "
                    + "is a group of its own: \(missed.listed(limit: 3))")
        }
        if !unmatched.isEmpty {
            warnings.append(
                "\(unmatched.count) of \(counted(table.rows.count, "row")) of \(name) "
                    + "\(unmatched.count == 1 ? "names" : "name") no image of \(root.printable): "
                    + unmatched.listed(limit: 3))
        }
        if !table.shortLines.isEmpty {
            warnings.append(
                "\(counted(table.shortLines.count, "row")) of \(name) without path and group: "
                    + table.shortLines.map { "line \($0)" }.listed(limit: 3))
        }
    }
}
