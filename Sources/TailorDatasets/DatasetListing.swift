import Foundation
import TailorSupport

/// Listing of a dataset's folder by names alone, shared by training, testing and audits.
///
/// Faults of the layout do not throw here: `DatasetFolder` throws the first, an audit reports all.
package struct DatasetListing: Sendable {
    /// Class folders of one split.
    package struct Split: Sendable {
        package let part: SplitPart
        /// Name of the split's folder; empty when class folders are at the top.
        package let folder: String
        package let classFolders: [ClassFolderScanner.ClassFolder]
    }

    /// Path as given, without a trailing slash.
    package let root: String
    package let layout: DatasetFolder.Layout
    /// Requested parts that exist, in the order train, val, test.
    package let splits: [Split]
    /// Name of the test folder, entered or not.
    package let testFolder: String?
    /// Entries with an image's name that cannot be one.
    package let problems: [FileProblem]
    /// Notes on skipped files and on how folders were understood.
    package let notes: [String]
    /// Folders that may be meant otherwise.
    package let warnings: [String]

    /// Lists the folders of `parts`. Without `.test` among them, nothing below the test folder is listed, and
    /// a link into it throws `DatasetError.leadsIntoTest`. A folder that is a link into another split throws
    /// in any case.
    ///
    /// Throws `DatasetError` for what cannot be listed or has no unique meaning.
    package init(_ root: URL, parts: Set<SplitPart>) throws {
        let path = DatasetFolder.trimmed(root.path)
        let top = try RootEntries(path: path)
        let layout: DatasetFolder.Layout =
            top.train == nil && top.validation == nil ? .classFolders : .splits
        let places = try SplitPlaces(top, in: path)
        var scanner = ClassFolderScanner(
            root: path, forbidden: parts.contains(.test) ? nil : places.test)
        var splits: [Split] = []
        for part in SplitPart.allCases where parts.contains(part) {
            scanner.apart = places.apart(from: part)
            if let name = top.folder(of: part) {
                splits.append(
                    Split(part: part, folder: name, classFolders: try scanner.classFolders(in: name)))
            } else if part == .train, layout == .classFolders {
                let found = try scanner.classFolders(in: "", skipping: Set([top.test].compactMap { $0 }))
                // A test folder alone is a dataset without train, not one without classes.
                guard !found.isEmpty || top.test == nil else { continue }
                splits.append(Split(part: part, folder: "", classFolders: found))
            }
        }
        var notes = scanner.ignored.notes
        if layout == .splits, parts.contains(.train), let beside = top.train ?? top.validation {
            notes += top.others.map { "ignored \($0.printable), beside \(beside)/" }
        }
        self.root = path
        self.layout = layout
        self.splits = splits
        testFolder = top.test
        problems = scanner.problems
        self.notes = top.notes + notes + scanner.notes
        warnings = top.warnings
    }

    /// Split of a part; nil if it does not exist or was not requested.
    package func split(_ part: SplitPart) -> Split? { splits.first { $0.part == part } }

    /// Number of images in a folder that lie in no class folder.
    package static func looseImages(in folder: String) -> Int { FolderContent(path: folder).images }

    /// Part in which a path from the root lies; nil if it was not requested.
    package func part(of path: String) -> SplitPart? {
        let within = splits.first { !$0.folder.isEmpty && path.utf8.starts(with: ($0.folder + "/").utf8) }
        return (within ?? splits.first { $0.folder.isEmpty })?.part
    }

    /// Path of a split's folder, or of the root.
    package func path(of split: Split) -> String { split.folder.isEmpty ? root : root + "/" + split.folder }
}
