import Foundation
import TailorDatasets
import TailorSupport

extension DatasetAudit {
    /// Throws ``CleanedCopyError`` where something is already at the place of a copy, and within the data itself, where
    /// the copy would be a class of it.
    package static func checkCleanedCopy(to destination: URL, of root: URL) throws {
        guard !destination.isWithin(root) else {
            throw CleanedCopyError(
                description:
                    "\(destination.path.printable) lies within \(root.path.printable), where the images "
                    + "are: name a folder beside it")
        }
        var facts = stat()
        guard lstat(destination.path, &facts) != 0 else {
            throw CleanedCopyError(
                description: "\(destination.path.printable) exists already: name a new folder")
        }
    }

    /// Copies all images except the excluded ones to a new folder and returns their number. The originals are
    /// only read; on failure nothing remains.
    ///
    /// Throws ``CleanedCopyError``.
    public func writeCleanedCopy(to destination: URL) throws -> Int {
        let manager = FileManager.default
        try Self.checkCleanedCopy(to: destination, of: URL(fileURLWithPath: report.root))
        guard manifest == nil else {
            throw CleanedCopyError(
                description:
                    "a copy of images that a CSV divides would lose the division: write a list, NAME.txt")
        }
        let excluded = Set(report.exclusions.map(PathKey.init))
        let partial = destination.deletingLastPathComponent()
            .appending(
                path: ".\(destination.lastPathComponent).partial-\(ProcessInfo.processInfo.processIdentifier)"
            )
        do {
            var folders: Set<String> = []
            var count = 0
            for image in images where !excluded.contains(PathKey(image.path)) {
                let source = URL(fileURLWithPath: report.root + "/" + image.path, isDirectory: false)
                let target = partial.appending(path: image.path)
                let folder = target.deletingLastPathComponent()
                if folders.insert(folder.path).inserted {
                    try manager.createDirectory(at: folder, withIntermediateDirectories: true)
                }
                // A relative link would lead elsewhere from its new place.
                try manager.copyItem(at: source.resolvingSymlinksInPath(), to: target)
                count += 1
            }
            // Else what belongs together would be forgotten.
            if !listedGroups.isEmpty {
                let rows = images.filter { !excluded.contains(PathKey($0.path)) }.map {
                    ManifestRow(
                        part: $0.split, path: $0.path, className: classes[$0.label],
                        group: listedGroups[PathKey($0.path)] ?? "", file: $0.path)
                }
                try Data(ManifestRow.csv(rows).utf8).write(to: partial.appending(path: "split.csv"))
            }
            try manager.moveItem(at: partial, to: destination)
            return count
        } catch {
            try? manager.removeItem(at: partial)
            throw CleanedCopyError(
                description: "could not write \(destination.path.printable): \(error.localizedDescription)")
        }
    }
}

/// Failure to make a cleaned copy.
public struct CleanedCopyError: CategorizedError, Equatable, Sendable {
    public var category: ErrorCategory { .input }

    public let description: String
}
