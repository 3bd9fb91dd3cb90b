import Foundation
import TailorSupport

/// What a dataset's folder holds, known by names alone: the one scan for training, testing and audits.
///
/// Faults of the layout are not refused here. `DatasetFolder` refuses the first of them, an audit reports all.
package struct DatasetListing: Sendable {
    /// The class folders of one split.
    package struct Split: Sendable {
        package let part: SplitPart
        /// Name of the split's folder; empty where class folders lie at the top.
        package let folder: String
        package let classFolders: [ClassFolderScanner.ClassFolder]
    }

    /// Path as given, without a slash at its end.
    package let root: String
    package let layout: DatasetFolder.Layout
    /// Those of the asked-for parts that are there, in the order train, val, test.
    package let splits: [Split]
    /// Name of the test folder, whether it was entered or not.
    package let testFolder: String?
    /// Files named as images that cannot be any.
    package let problems: [FileProblem]
    /// What was passed over.
    package let notes: [String]

    /// Lists the folders of `parts`, and enters no other: without `.test` among them, the test folder is never
    /// listed, and a link into it throws `DatasetError.leadsIntoTest`.
    ///
    /// Throws `DatasetError` for what cannot be listed or has no unique meaning.
    package init(_ root: URL, parts: Set<SplitPart>) throws {
        let path = DatasetFolder.trimmed(root.path)
        let top = try RootEntries(path: path)
        let layout: DatasetFolder.Layout =
            top.train == nil && top.validation == nil ? .classFolders : .splits
        var scanner = ClassFolderScanner(
            root: path, forbidden: parts.contains(.test) ? nil : top.resolvedTest(in: path))
        var splits: [Split] = []
        for part in SplitPart.allCases where parts.contains(part) {
            if let name = top.folder(of: part) {
                splits.append(
                    Split(part: part, folder: name, classFolders: try scanner.classFolders(in: name)))
            } else if part == .train, layout == .classFolders {
                let found = try scanner.classFolders(in: "", skipping: Set([top.test].compactMap { $0 }))
                // A test folder alone is a dataset without train, and not one of no classes.
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
        self.notes = notes + scanner.notes
    }

    /// Nil where it is not there, or was not asked for.
    package func split(_ part: SplitPart) -> Split? { splits.first { $0.part == part } }

    /// Path of a split's folder, or of the root.
    package func path(of split: Split) -> String { split.folder.isEmpty ? root : root + "/" + split.folder }
}
