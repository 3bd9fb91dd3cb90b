import Foundation
import TailorImages
import TailorSupport

/// Dataset folder in the usual layout: `train/<class>/…`, `val/<class>/…`, `test/<class>/…`, or class folders
/// alone; or a CSV with the columns split, path and class.
///
/// Classes are the folders of `train`, in byte order of their names. Scanning lists names and opens no image;
/// `screened` then decodes each once. The test folder is not entered.
public struct DatasetFolder: Sendable {
    public enum Layout: String, Codable, Sendable { case splits, classFolders }

    /// Path as given, without a trailing slash.
    public let root: String
    public let layout: Layout
    public let classes: ClassList
    /// Training images by class, each in byte order of their paths.
    public let train: [Sample]
    /// Validation images; nil when the folder has none, and `ScreenedDataset.withValidation` then splits some
    /// off.
    public let validation: [Sample]?
    public var hasTest: Bool { testFolder != nil || !testPaths.isEmpty }
    /// Name of the test folder, of which nothing is opened.
    package let testFolder: String?
    /// Test images that a CSV lists, of which nothing is opened.
    package let testPaths: [String]
    package let groups: ListedGroups
    /// Entries with an image's name that cannot be one: dangling links, FIFOs, names that are not UTF-8.
    public let problems: [FileProblem]
    /// Warnings to show before training.
    public let warnings: [String]
    /// Notes on skipped files and on how the folder was interpreted.
    public let notes: [String]

    /// Scans a folder. Never opens or follows anything below the test folder. Throws `DatasetError`.
    public static func scan(_ root: URL) throws -> DatasetFolder {
        let listing = try DatasetListing(root, parts: [.train, .val])
        guard let split = listing.split(.train) else {
            if let manifest = listing.manifest {
                throw DatasetError.manifest(path: manifest, reason: "no row is of the part train")
            }
            let found = listing.splits.map(\.folder)
            throw DatasetError.noTrain(
                path: listing.root, found: found.isEmpty ? [listing.testFolder].compactMap { $0 } : found)
        }
        let (classes, train): (ClassList, [Sample])
        do {
            (classes, train) = try trainingSamples(
                split.classFolders, root: listing.root, folder: listing.path(of: split),
                suggestion: split.folder.isEmpty && listing.manifest == nil
                    ? datasetBelow(listing.root, split) : nil)
        } catch DatasetError.emptyClasses(_, let names) where !listing.problems.isEmpty {
            // Links that lead nowhere since the folder was moved, for instance.
            throw DatasetError.classesLost(names: names, problems: listing.problems)
        }
        let validation = try listing.split(.val).map {
            try labelled($0.classFolders, root: listing.root, folder: listing.path(of: $0), classes: classes)
        }
        return DatasetFolder(
            root: listing.root, layout: listing.layout, classes: classes, train: train,
            validation: validation?.samples, testFolder: listing.testFolder,
            testPaths: listing.testPaths, groups: listing.groups, problems: listing.problems,
            warnings: listing.warnings + similarNames(classes) + (validation?.warnings ?? [])
                + sizeWarnings(classes: classes, train: train),
            notes: listing.notes + (validation?.notes ?? []) + sizeAdvice(classes: classes, train: train))
    }

    /// Path of the folder that was probably meant: the only subfolder, if it holds a train folder.
    private static func datasetBelow(_ root: String, _ split: DatasetListing.Split) -> String? {
        guard split.classFolders.count == 1 else { return nil }
        let inner = root + "/" + split.classFolders[0].name
        return (try? RootEntries(path: inner))?.train != nil ? inner : nil
    }

    /// Labels the training images by the position of their class folder; nowhere else are classes numbered.
    package static func trainingSamples(
        _ folders: [ClassFolderScanner.ClassFolder], root: String, folder: String, suggestion: String?
    ) throws -> (ClassList, [Sample]) {
        guard let first = folders.first else {
            if let found = ForeignFormat.described(in: [folder], isDeep: false) {
                throw DatasetError.foreignFiles(folder: folder, description: found)
            }
            throw DatasetError.noClassFolders(path: folder, looseImages: FolderContent(path: folder).images)
        }
        if folders.count == 1 {
            throw DatasetError.oneClass(path: folder, name: first.name, suggestion: suggestion)
        }
        let empty = folders.filter(\.images.isEmpty).map(\.name)
        if let found = ForeignFormat.described(in: empty.map { folder + "/" + $0 }) {
            throw DatasetError.foreignFiles(folder: folder, description: found)
        }
        guard empty.isEmpty else { throw DatasetError.emptyClasses(folder: folder, names: empty) }
        let samples = folders.enumerated().flatMap { label, folder in
            folder.images.map { Sample(root: root, relativePath: $0, label: label) }
        }
        return (ClassList(names: folders.map(\.name)), samples)
    }

    private static func counts(_ classes: ClassList, _ train: [Sample]) -> [(name: String, count: Int)] {
        var counts = [Int](repeating: 0, count: classes.count)
        for sample in train { counts[sample.label] += 1 }
        return Array(zip(classes.names, counts))
    }

    private static func similarNames(_ classes: ClassList) -> [String] {
        classes.similarNames.isEmpty
            ? [] : ["class names that differ only in case, spaces or dashes: \(classes.similarNamesListed)"]
    }

    private static func sizeWarnings(classes: ClassList, train: [Sample]) -> [String] {
        let single = counts(classes, train).filter { $0.count < 2 }.map(\.name)
        guard !single.isEmpty else { return [] }
        return [
            "\(counted(single.count, "class", "classes")) with a single training image: \(single.listed()). "
                + "One image can be learnt by heart, not validated"
        ]
    }

    /// Advice for classes with fewer than 80 images, the usual minimum for fine-tuning.
    private static func sizeAdvice(classes: ClassList, train: [Sample]) -> [String] {
        let small = counts(classes, train).filter { $0.count < 80 }.map { "\($0.name) (\($0.count))" }
        return small.isEmpty
            ? [] : ["fewer than 80 training images, expect wide intervals: \(small.listed())"]
    }

    package static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
