import Foundation
import TailorSupport

/// A folder of images in the layout that everybody has: `train/<class>/…`, `val/<class>/…`,
/// `test/<class>/…`, or class folders alone.
///
/// Classes are the folders of `train`, in the order of their names' bytes. Scanning lists names and
/// opens no image; `screened` then decodes each once. The test folder is only seen to be there.
public struct DatasetFolder: Sendable {
    public enum Layout: String, Codable, Sendable { case splits, classFolders }

    /// As given, without a slash at its end.
    public let root: String
    public let layout: Layout
    public let classes: ClassList
    /// In the order of their paths' bytes, class by class.
    public let train: [Sample]
    /// Nil when the folder has none; `ScreenedDataset.withValidation` then splits some off.
    public let validation: [Sample]?
    public let hasTest: Bool
    /// Files named as images that cannot be any: dangling links, FIFOs, names that are not UTF-8.
    public let problems: [FileProblem]
    /// What the user should know before training.
    public let warnings: [String]
    /// What was passed over, and how the folder was understood.
    public let notes: [String]

    /// Throws `DatasetError`. Never lists, opens or follows anything below `test`.
    public static func scan(_ root: URL) throws -> DatasetFolder {
        let listing = try DatasetListing(root, parts: [.train, .val])
        guard let split = listing.split(.train) else {
            let found = listing.splits.map(\.folder)
            throw DatasetError.noTrain(
                path: listing.root, found: found.isEmpty ? [listing.testFolder].compactMap { $0 } : found)
        }
        let (classes, train) = try trainingSamples(
            split.classFolders, root: listing.root, folder: listing.path(of: split),
            suggestion: split.folder.isEmpty ? datasetBelow(listing.root, split) : nil)
        let validation = try listing.split(.val).map {
            try labelled($0.classFolders, root: listing.root, folder: listing.path(of: $0), classes: classes)
        }
        return DatasetFolder(
            root: listing.root, layout: listing.layout, classes: classes, train: train,
            validation: validation?.samples, hasTest: listing.testFolder != nil, problems: listing.problems,
            warnings: (validation?.warnings ?? []) + sizeWarnings(classes: classes, train: train),
            notes: listing.notes + (validation?.notes ?? []) + sizeAdvice(classes: classes, train: train))
    }

    /// The folder that was probably meant: the only one, which holds a train folder itself.
    private static func datasetBelow(_ root: String, _ split: DatasetListing.Split) -> String? {
        guard split.classFolders.count == 1 else { return nil }
        let inner = root + "/" + split.classFolders[0].name
        return (try? RootEntries(path: inner))?.train != nil ? inner : nil
    }

    /// Labels by position: here, and only here, classes get their numbers.
    package static func trainingSamples(
        _ folders: [ClassFolderScanner.ClassFolder], root: String, folder: String, suggestion: String?
    ) throws -> (ClassList, [Sample]) {
        guard let first = folders.first else {
            throw DatasetError.noClassFolders(path: folder, looseImages: looseImages(in: folder))
        }
        if folders.count == 1 {
            throw DatasetError.oneClass(path: folder, name: first.name, suggestion: suggestion)
        }
        let empty = folders.filter(\.images.isEmpty).map(\.name)
        guard empty.isEmpty else { throw DatasetError.emptyClasses(folder: folder, names: empty) }
        let samples = folders.enumerated().flatMap { label, folder in
            folder.images.map { Sample(root: root, relativePath: $0, label: label) }
        }
        return (ClassList(names: folders.map(\.name)), samples)
    }

    private static func looseImages(in folder: String) -> Int {
        let entries = (try? DirectoryListing(path: folder))?.entries ?? []
        return entries.filter { !IgnoredEntries.isJunk($0.name) && IgnoredEntries.isImage($0.name) }.count
    }

    private static func counts(_ classes: ClassList, _ train: [Sample]) -> [(name: String, count: Int)] {
        var counts = [Int](repeating: 0, count: classes.count)
        for sample in train { counts[sample.label] += 1 }
        return Array(zip(classes.names, counts))
    }

    private static func sizeWarnings(classes: ClassList, train: [Sample]) -> [String] {
        let single = counts(classes, train).filter { $0.count < 2 }.map(\.name)
        guard !single.isEmpty else { return [] }
        return [
            "\(counted(single.count, "class", "classes")) with a single training image: \(single.listed()). "
                + "One image can be learnt by heart, not validated"
        ]
    }

    /// The least that fine-tuning is usually given: 80 images a class.
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
