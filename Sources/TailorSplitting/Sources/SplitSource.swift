import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Images to be divided: where they are, their classes, and what must stay together.
public struct SplitSource: Sendable {
    /// As the user named it.
    public let path: String
    /// The folder from which the images' paths start.
    public let root: String
    /// In the order of their names' bytes.
    public let classes: ClassList
    public let images: [SplitImage]
    /// How images of which only a part is wanted are cut; nil where whole files are.
    public let cropping: Cropping?
    public let warnings: [String]
    public let notes: [String]

    public var items: [SplitItem] {
        images.map { SplitItem(path: $0.path, label: $0.label, group: $0.group) }
    }

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

    /// A folder of class folders, or a CSV of `path,label[,group]`.
    ///
    /// - Parameters:
    ///   - groups: finds a group in an image's path.
    ///   - skipsProblems: leaves out what cannot be used, with a warning, instead of refusing.
    /// Throws `SplitError` and `DatasetError`.
    public static func open(
        _ url: URL, groups: GroupPattern? = nil, skipsProblems: Bool = false
    ) throws -> SplitSource {
        let path = DatasetFolder.trimmed(url.path)
        switch try kind(of: path) {
        case .folder: return try classFolders(path, groups: groups, skipsProblems: skipsProblems)
        case .file: return try csv(path, groups: groups, skipsProblems: skipsProblems)
        case .other(let reason): throw SplitError.unusableSource(path: path, reason: reason)
        case .link, .unknown:
            throw SplitError.unusableSource(path: path, reason: "neither a folder nor a file")
        }
    }

    /// Links followed. Throws `SplitError.unusableSource` when there is nothing.
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

    /// Throws `SplitError.problems`, or makes a warning of them.
    static func settle(_ problems: [FileProblem], in place: String, skipping: Bool) throws -> [String] {
        guard !problems.isEmpty else { return [] }
        guard skipping else { throw SplitError.problems(problems, in: place) }
        return [
            "left out for \(counted(problems.count, "problem")): \(problems.map(\.description).listed(limit: 3))"
        ]
    }

    private static func classFolders(
        _ path: String, groups: GroupPattern?, skipsProblems: Bool
    ) throws -> SplitSource {
        let entries = try RootEntries(path: path)
        let parts = [entries.train, entries.validation, entries.test].compactMap { $0 }
        guard parts.isEmpty else { throw SplitError.alreadySplit(path: path, folders: parts) }
        var scanner = ClassFolderScanner(root: path, forbidden: nil)
        let (classes, samples) = try DatasetFolder.trainingSamples(
            scanner.classFolders(in: ""), root: path, folder: path, suggestion: nil)
        let warnings = try settle(scanner.problems, in: path, skipping: skipsProblems)
        let grouping = Grouping(pattern: groups, paths: samples.map(\.relativePath))
        let images = zip(samples, grouping.groups).map { sample, group in
            let below = sample.relativePath.utf8.drop { $0 != UInt8(ascii: "/") }.dropFirst()
            return SplitImage(
                path: sample.relativePath, label: sample.label, group: group,
                nameBasis: String(Substring(below)))
        }
        return SplitSource(
            path: path, root: path, classes: classes, images: images,
            warnings: warnings + grouping.warnings,
            notes: scanner.ignored.notes + scanner.notes + grouping.notes)
    }
}

/// One image, or a part of one, with its class.
public struct SplitImage: Sendable, Hashable {
    /// From the source's root.
    public let path: String
    /// Index in the class list.
    public let label: Int
    /// Nil: a group of its own.
    public let group: String?
    /// The part that is meant, in pixels of the upright picture; nil for the whole.
    public let crop: PixelRect?
    /// What the name in the new folder is made from.
    let nameBasis: String

    init(path: String, label: Int, group: String?, crop: PixelRect? = nil, nameBasis: String) {
        self.path = path
        self.label = label
        self.group = group
        self.crop = crop
        self.nameBasis = nameBasis
    }
}

/// Groups found by a pattern, and what to say about them.
struct Grouping {
    /// One for each path; nil where there is none.
    let groups: [String?]
    private(set) var warnings: [String] = []
    private(set) var notes: [String] = []

    init(pattern: GroupPattern?, paths: [String]) {
        guard let pattern else {
            groups = [String?](repeating: nil, count: paths.count)
            return
        }
        groups = paths.map(pattern.group)
        let matched = groups.count { $0 != nil }
        if matched == 0 {
            warnings = [
                "the group pattern \"\(pattern.pattern.printable)\" matches none of "
                    + "\(counted(paths.count, "path")), the first being \(paths.first?.printable ?? "none"): "
                    + "every image is a group of its own"
            ]
        } else if matched < paths.count, let first = zip(paths, groups).first(where: { $0.1 == nil })?.0 {
            notes = [
                "the group pattern matches \(matched) of \(counted(paths.count, "path")); the others, "
                    + "\(first.printable) the first, are groups of their own"
            ]
        }
    }
}
