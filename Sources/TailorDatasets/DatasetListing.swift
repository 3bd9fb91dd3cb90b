import Foundation
import TailorSupport

/// Listing of a dataset's folder, or of a CSV that divides images, by names alone; shared by training, testing
/// and audits.
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

    /// Folder that paths count from, as given, without a trailing slash.
    package let root: String
    /// CSV that divides the images; nil for folders.
    package let manifest: String?
    package let layout: DatasetFolder.Layout
    /// Requested parts that exist, in the order train, val, test.
    package let splits: [Split]
    /// Name of the test folder, entered or not.
    package let testFolder: String?
    /// Test images of a CSV, requested or not.
    package let testPaths: [String]
    /// Parts of a CSV's images.
    private let parts: [PathKey: SplitPart]
    /// Groups that the CSV names, or the one beside the folders.
    package let groups: ListedGroups
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
        if let manifest = try DatasetManifest.find(at: path) {
            try self.init(manifest, isWithin: path != manifest.file, parts: parts)
        } else {
            try self.init(folder: path, parts: parts)
        }
    }

    private init(_ manifest: DatasetManifest, isWithin: Bool, parts: Set<SplitPart>) throws {
        var problems: [FileProblem] = []
        let given = Set(manifest.rows.map(\.part))
        splits = SplitPart.allCases.filter { parts.contains($0) && given.contains($0) }.map {
            Split(part: $0, folder: "", classFolders: manifest.classFolders(of: $0, problems: &problems))
        }
        root = manifest.root
        self.manifest = manifest.file
        layout = .splits
        testFolder = nil
        testPaths = manifest.rows.filter { $0.part == .test }.map(\.path)
        self.parts = Dictionary(
            manifest.rows.map { (PathKey($0.path), $0.part) }, uniquingKeysWith: { first, _ in first })
        groups = ListedGroups(of: parts, in: manifest)
        self.problems = problems
        notes = ["divided as \(manifest.file.printable) says"]
        let rows = Set(self.parts.keys)
        warnings =
            isWithin ? [try DatasetManifest.unlisted(in: manifest.root, rows: rows)].compactMap { $0 } : []
    }

    private init(folder path: String, parts: Set<SplitPart>) throws {
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
        root = path
        manifest = nil
        testPaths = []
        self.parts = [:]
        // What is only tested is not divided.
        groups =
            layout == .classFolders || parts == [.test]
            ? .none : ListedGroups(of: splits.flatMap(\.classFolders).flatMap(\.images), besideSplitsIn: path)
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
        if let part = parts[PathKey(path)] { return part }
        let within = splits.first { !$0.folder.isEmpty && path.utf8.starts(with: ($0.folder + "/").utf8) }
        return (within ?? splits.first { $0.folder.isEmpty })?.part
    }

    /// Path of a split's folder, or of the root; for a CSV, that and the part.
    package func path(of split: Split) -> String {
        if let manifest { return "\(manifest), \(split.part.rawValue)" }
        return split.folder.isEmpty ? root : root + "/" + split.folder
    }
}
