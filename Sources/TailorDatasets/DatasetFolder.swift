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
        let path = trimmed(root.path)
        let entries = try RootEntries(path: path)
        var scanner = ClassFolderScanner(root: path, forbidden: entries.resolvedTest(in: path))

        guard let trainName = entries.train else {
            return try scanClassFolders(path: path, entries: entries, scanner: &scanner)
        }
        for name in entries.others { scanner.notes.append("ignored \(name.printable), beside \(trainName)/") }
        let trainPath = path + "/" + trainName
        let (classes, train) = try trainingSamples(
            scanner.classFolders(in: trainName), root: path, folder: trainPath, suggestion: nil)
        var validation: [Sample]?
        var warnings: [String] = []
        if let name = entries.validation {
            let found = try labelled(
                scanner.classFolders(in: name), root: path, folder: path + "/" + name, classes: classes)
            validation = found.samples
            warnings += found.warnings
            scanner.notes += found.notes
        }
        return DatasetFolder(
            root: path, layout: .splits, classes: classes, train: train, validation: validation,
            hasTest: entries.test != nil, problems: scanner.problems,
            warnings: warnings + sizeWarnings(classes: classes, train: train),
            notes: scanner.ignored.notes + scanner.notes + sizeAdvice(classes: classes, train: train))
    }

    private static func scanClassFolders(
        path: String, entries: RootEntries, scanner: inout ClassFolderScanner
    ) throws -> DatasetFolder {
        if let name = entries.validation { throw DatasetError.noTrain(path: path, found: [name]) }
        let folders = try scanner.classFolders(in: "", skipping: Set([entries.test].compactMap { $0 }))
        if folders.isEmpty, let test = entries.test {
            throw DatasetError.noTrain(path: path, found: [test])
        }
        let inner = folders.count == 1 ? path + "/" + folders[0].name : nil
        let suggestion = inner.flatMap { (try? RootEntries(path: $0))?.train != nil ? $0 : nil }
        let (classes, train) = try trainingSamples(folders, root: path, folder: path, suggestion: suggestion)
        return DatasetFolder(
            root: path, layout: .classFolders, classes: classes, train: train, validation: nil,
            hasTest: entries.test != nil, problems: scanner.problems,
            warnings: sizeWarnings(classes: classes, train: train),
            notes: scanner.ignored.notes + scanner.notes + sizeAdvice(classes: classes, train: train))
    }

    /// Labels by position: here, and only here, classes get their numbers.
    static func trainingSamples(
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

    static func trimmed(_ path: String) -> String {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path
    }
}
