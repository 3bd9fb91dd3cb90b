import Foundation
import TailorImages
import TailorSupport

/// Images labelled by a given class list: a validation or test set.
package struct LabelledFolder: Sendable {
    package var samples: [Sample]
    package var problems: [FileProblem]
    package var warnings: [String]
    package var notes: [String]
    /// Paths that a list of exclusions left out.
    package var excluded: [String] = []
}

extension DatasetFolder {
    /// Scans the test set, for evaluation only. Folders are matched to the model's classes by name.
    ///
    /// A class without test images gives a warning; a folder that is no class of the model throws
    /// `DatasetError.unknownClasses`, a missing test folder `DatasetError.noTest`.
    package static func scanTest(_ root: URL, classes: ClassList) throws -> LabelledFolder {
        let listing = try DatasetListing(root, parts: [.test])
        guard let test = listing.split(.test) else {
            throw DatasetError.noTest(path: listing.manifest ?? listing.root)
        }
        var found = try labelled(
            test.classFolders, root: listing.root, folder: listing.path(of: test), classes: classes)
        found.problems = listing.problems
        found.notes = listing.notes + found.notes
        return found
    }

    /// Scans the test set without the listed images; see ``ListedPaths`` for how they may be written. Entries in
    /// other parts of the dataset are passed over.
    ///
    /// Throws as `scanTest` and `excluding` do, and ``ExclusionListError`` when no test image is left.
    package static func scanTest(
        _ root: URL, classes: ClassList, excluding list: ExclusionList?, strict: Bool
    ) throws -> LabelledFolder {
        var test = try scanTest(root, classes: classes)
        guard let list else { return test }
        let root = trimmed(root.path)
        let known = test.samples.map(\.relativePath) + test.problems.map(\.path)
        let entries = try RootEntries(path: root)
        let others = [entries.train, entries.validation].compactMap { $0 }
        let exclusions = try Exclusions(
            list, among: ListedPaths(known, root: root, otherFolders: others),
            place: "test image of \(root.printable)", elsewhere: "outside of the test folder", strict: strict)
        let excluded = Set(exclusions.indices.map { PathKey(known[$0]) })
        guard !excluded.isEmpty || list.paths.isEmpty else {
            throw ExclusionListError(
                description: "the list of exclusions names no test image of \(root.printable): "
                    + list.paths.listed(limit: 3))
        }
        test.samples.removeAll { excluded.contains(PathKey($0.relativePath)) }
        test.problems.removeAll { excluded.contains(PathKey($0.path)) }
        guard !test.samples.isEmpty else {
            throw ExclusionListError(
                description: "the list of exclusions leaves no test image of \(root.printable)")
        }
        test.excluded = excluded.sorted().map(\.path)
        test.warnings += exclusions.warnings
        test.notes += exclusions.notes
        return test
    }

    static func labelled(
        _ folders: [ClassFolderScanner.ClassFolder], root: String, folder: String, classes: ClassList
    ) throws -> LabelledFolder {
        let labels = Dictionary(
            classes.names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var unknown: [String] = []
        var emptyAndUnknown: [String] = []
        var imagesByLabel = [[String]](repeating: [], count: classes.count)
        for found in folders {
            if let label = labels[found.name] {
                imagesByLabel[label] = found.images
            } else if found.images.isEmpty {
                emptyAndUnknown.append(found.name)
            } else {
                unknown.append(found.name)
            }
        }
        guard unknown.isEmpty else { throw DatasetError.unknownClasses(folder: folder, names: unknown) }
        let samples = imagesByLabel.enumerated().flatMap { label, images in
            images.map { Sample(root: root, relativePath: $0, label: label) }
        }
        guard !samples.isEmpty else {
            if let found = ForeignFormat.described(in: [folder]) {
                throw DatasetError.foreignFiles(folder: folder, description: found)
            }
            let loose = folders.isEmpty ? FolderContent(path: folder).images : 0
            throw loose > 0
                ? DatasetError.noClassFolders(path: folder, looseImages: loose)
                : DatasetError.emptySplit(folder: folder)
        }

        var result = LabelledFolder(samples: samples, problems: [], warnings: [], notes: [])
        let missing = zip(classes.names, imagesByLabel).filter { $1.isEmpty }.map { $0.0 }
        if !missing.isEmpty {
            let name = URL(fileURLWithPath: folder).lastPathComponent
            result.warnings.append(
                "\(name)/ has no images of \(counted(missing.count, "class", "classes")): "
                    + "\(missing.listed()). What the model misses of them cannot be seen; where it answers them, that is "
                    + "an error and counts in macro-F1")
        }
        if !emptyAndUnknown.isEmpty {
            result.notes.append("ignored empty folders that are no classes: \(emptyAndUnknown.listed())")
        }
        return result
    }
}
