import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Images to be split, with their classes and groups.
public struct SplitSource: Sendable {
    /// Path as the user gave it.
    public let path: String
    /// Folder that the images' paths are relative to.
    public let root: String
    /// Classes in byte order of their names.
    public let classes: ClassList
    public let images: [SplitImage]
    /// Settings for cropping; nil for whole images.
    public let cropping: Cropping?
    public let warnings: [String]
    public let notes: [String]

    public var items: [SplitItem] {
        images.map { SplitItem(path: $0.path, label: $0.label, group: $0.group, part: $0.part) }
    }

    /// Whether the source says which image is in which part.
    public var isDivided: Bool { !images.isEmpty && images.allSatisfy { $0.part != nil } }

    init(
        path: String, root: String, classes: ClassList, images: [SplitImage], cropping: Cropping? = nil,
        warnings: [String], notes: [String]
    ) {
        self.path = path
        self.root = root
        self.classes = classes
        self.images = images
        self.cropping = cropping
        self.warnings = warnings
        self.notes = notes
    }

    /// Opens a folder of class folders, or a CSV of `path,label[,group]`, whose column `split`, if it has one,
    /// divides the images; so does a `split.csv` in a folder without splits.
    ///
    /// - Parameters:
    ///   - existing: what becomes of train/, val/ and test/ in the folder; nil refuses them.
    ///   - groups: says which images belong together.
    ///   - renaming: new names of classes.
    ///   - skipsProblems: whether to leave out unusable entries with a warning instead of throwing.
    /// - Throws: `SplitError` and `DatasetError`.
    public static func open(
        _ url: URL, existing: ExistingSplits? = nil, groups: GroupSource? = nil,
        renaming: ClassRenaming = .none, skipsProblems: Bool = false
    ) throws -> SplitSource {
        let path = DatasetFolder.trimmed(url.path)
        switch (try kind(of: path), existing) {
        case (.folder, let existing?):
            return try splitFolders(path, existing: existing, groups: groups, skipsProblems: skipsProblems)
                .renamed(renaming)
        case (.file, .some): throw SplitError.notSplit(path: path)
        case (.folder, nil):
            if let manifest = try DatasetManifest.fileInFolder(path) {
                let source = try csv(
                    manifest, groups: groups, renaming: renaming, skipsProblems: skipsProblems)
                let rows = Set(source.images.map { PathKey($0.path) })
                return source.warning(try DatasetManifest.unlisted(in: path, rows: rows))
            }
            return try classFolders(path, groups: groups, skipsProblems: skipsProblems).renamed(renaming)
        case (.file, nil):
            return try csv(path, groups: groups, renaming: renaming, skipsProblems: skipsProblems)
        case (.other(let reason), _): throw SplitError.unusableSource(path: path, reason: reason)
        case (.link, _), (.unknown, _):
            throw SplitError.unusableSource(path: path, reason: "neither a folder nor a file")
        }
    }

    /// Kind of the source, links followed. Throws `SplitError.unusableSource` when it does not exist.
    static func kind(of path: String) throws -> DirectoryListing.Kind {
        guard FileManager.default.fileExists(atPath: path) else {
            throw SplitError.unusableSource(path: path, reason: "no such file or folder")
        }
        do {
            return try DirectoryListing.followedKind(of: path)
        } catch let error as FileError {
            throw SplitError.unusableSource(path: path, reason: error.reason)
        }
    }

    /// Throws `SplitError.problems`, or turns the problems into a warning.
    static func settle(_ problems: [FileProblem], in place: String, skipping: Bool) throws -> [String] {
        guard !problems.isEmpty else { return [] }
        guard skipping else { throw SplitError.problems(problems, in: place) }
        return [
            "left out for \(counted(problems.count, "problem")): \(problems.map(\.description).listed())"
        ]
    }

    /// This source without the images that cannot be read. Throws `SplitError.problems` unless `skipping`, and
    /// `DatasetError.classesLost` when a class loses all of its images.
    package func leavingOut(_ problems: [FileProblem], skipping: Bool) throws -> SplitSource {
        guard !problems.isEmpty else { return self }
        let warnings = try Self.settle(problems, in: path, skipping: skipping)
        let unreadable = Set(problems.map { PathKey($0.path) })
        let kept = images.filter { !unreadable.contains(PathKey($0.path)) }
        let labels = Set(kept.map(\.label))
        let lost = classes.names.indices.filter { !labels.contains($0) }.map { classes.names[$0] }
        guard lost.isEmpty else { throw DatasetError.classesLost(names: lost, problems: problems) }
        return SplitSource(
            path: path, root: root, classes: classes, images: kept, cropping: cropping,
            warnings: self.warnings + warnings, notes: notes)
    }

    /// This source with other names of its classes. Throws `SplitError`.
    private func renamed(_ renaming: ClassRenaming) throws -> SplitSource {
        guard !renaming.isEmpty else { return self }
        try renaming.check(classes.names)
        let names = Set(classes.names.map { PathKey(renaming[$0]) }).sorted().map(\.path)
        try Self.checkSeveral(names, in: path)
        let labels = classes.names.map { old in
            names.firstIndex { PathKey($0) == PathKey(renaming[old]) } ?? 0
        }
        let merged = Set(names.indices.filter { new in labels.count { $0 == new } > 1 })
        return SplitSource(
            path: path, root: root, classes: ClassList(names: names),
            images: images.map { image in
                let label = labels[image.label]
                return SplitImage(
                    path: image.path, label: label, group: image.group, crop: image.crop, part: image.part,
                    // Folders that become one may hold files of the same name.
                    nameBasis: merged.contains(label) ? image.path : image.nameBasis)
            }, cropping: cropping,
            warnings: Self.similarNames(ClassList(names: names))
                + warnings.filter { !Self.similarNames(classes).contains($0) }, notes: notes)
    }

    /// Throws `SplitError.nothingToSplit` for a single class.
    static func checkSeveral(_ names: [String], in path: String) throws {
        guard names.count == 1 else { return }
        throw SplitError.nothingToSplit(
            path: path, reason: "one class only (\(names[0].printable)): expected two or more")
    }

    /// Warning of class names that may be one.
    static func similarNames(_ classes: ClassList) -> [String] {
        classes.similarNames.isEmpty
            ? []
            : [
                "labels that differ only in case, spaces or dashes are different classes: "
                    + classes.similarNamesListed
            ]
    }

    /// This source with one more warning.
    private func warning(_ warning: String?) -> SplitSource {
        SplitSource(
            path: path, root: root, classes: classes, images: images, cropping: cropping,
            warnings: warnings + [warning].compactMap { $0 }, notes: notes)
    }

    private static func classFolders(
        _ path: String, groups: GroupSource?, skipsProblems: Bool
    ) throws -> SplitSource {
        let entries = try RootEntries(path: path)
        let parts = [entries.train, entries.validation, entries.test].compactMap { $0 }
        guard parts.isEmpty else { throw SplitError.alreadySplit(path: path, folders: parts) }
        var scanner = ClassFolderScanner(root: path, forbidden: nil)
        let (classes, samples) = try DatasetFolder.trainingSamples(
            scanner.classFolders(in: ""), root: path, folder: path, suggestion: nil)
        let warnings = try settle(scanner.problems, in: path, skipping: skipsProblems)
        let groups = try ImageGroups(groups, paths: samples.map(\.relativePath), root: path)
        let images = samples.map { sample in
            let below = sample.relativePath.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst()
            return SplitImage(
                path: sample.relativePath, label: sample.label,
                group: groups.group(of: sample.relativePath),
                nameBasis: String(Substring(below)))
        }
        return SplitSource(
            path: path, root: path, classes: classes, images: images,
            warnings: entries.warnings + similarNames(classes) + warnings + groups.warnings,
            notes: entries.notes + scanner.ignored.notes + scanner.notes)
    }
}

/// Image, or crop of one, with its class.
public struct SplitImage: Sendable, Hashable {
    /// Path from the source's root.
    public let path: String
    /// Label: index in the class list.
    public let label: Int
    /// Group; nil for a group of its own.
    public let group: String?
    /// Crop in pixels of the upright image; nil for the whole image.
    public let crop: PixelRect?
    /// Part that the source gives; nil where it is still to be planned.
    public let part: SplitPart?
    /// Basis of the file's name in the new folder.
    let nameBasis: String

    init(
        path: String, label: Int, group: String?, crop: PixelRect? = nil, part: SplitPart? = nil,
        nameBasis: String
    ) {
        self.path = path
        self.label = label
        self.group = group
        self.crop = crop
        self.part = part
        self.nameBasis = nameBasis
    }
}
