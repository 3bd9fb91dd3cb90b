import Foundation
import TailorImages
import TailorSupport

/// Images labelled by a given class list: a validation or test set.
package struct LabelledFolder: Sendable {
    package var samples: [Sample]
    package var problems: [FileProblem]
    package var warnings: [String]
    package var notes: [String]
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
                    + "\(missing.listed()). Their metrics are not available")
        }
        if !emptyAndUnknown.isEmpty {
            result.notes.append("ignored empty folders that are no classes: \(emptyAndUnknown.listed())")
        }
        return result
    }
}
