import TailorDatasets
import TailorSupport

/// Index of the images below a folder, for lookup by the names that annotations use.
///
/// Nothing is looked up outside of the index, so that a name like `../../x.jpg` leads nowhere.
struct ImageIndex {
    let root: String
    /// Components of the folder, as given and with links resolved.
    private let roots: [[String]]
    private var paths: Set<PathKey> = []
    private var byName: [PathKey: [String]] = [:]
    private var byStem: [PathKey: [String]] = [:]
    /// Paths without extension.
    private var byStemPath: [PathKey: [String]] = [:]
    /// Absolute paths without extension and without the folders that separate images from annotations.
    private var byPlace: [PathKey: [String]] = [:]
    /// By names and stems in lower case; String compares forms of Unicode as equal.
    private var byLooseName: [String: [String]] = [:]
    private var byLooseStem: [String: [String]] = [:]

    /// Lists a folder without opening its files. Throws `DatasetError.unreadableFolder`.
    init(_ root: String) throws {
        self.root = root
        let resolved = AnnotatedPath.resolved(root)
        roots = [AnnotatedPath.absolute(root), resolved]
        var scanner = ClassFolderScanner(root: root, forbidden: nil)
        for path in try scanner.files() {
            let name = RelativePath.name(path)
            let stem = RelativePath.stem(name)
            paths.insert(PathKey(path))
            byName[PathKey(name), default: []].append(path)
            byStem[PathKey(stem), default: []].append(path)
            byStemPath[PathKey(RelativePath.stem(path)), default: []].append(path)
            byPlace[Self.place(RelativePath.stem(path), below: resolved), default: []].append(path)
            byLooseName[name.lowercased(), default: []].append(path)
            byLooseStem[stem.lowercased(), default: []].append(path)
        }
    }

    /// Finds an image by the name or path that an annotation gives; throws the reason when there is none, or
    /// when several fit equally.
    ///
    /// In this order: the path as given, from the root or from `folder` (the annotation's own, from the top
    /// of the annotations), with slashes for backslashes; a path that passes through the root; the name in
    /// another folder; another case or form of Unicode; another extension.
    func image(named reference: String, folder: String) throws(PathRefusal) -> ImageMatch {
        guard !reference.trimmed.isEmpty else { throw PathRefusal("the path is empty") }
        if paths.contains(PathKey(reference)) { return ImageMatch(reference) }
        let given = AnnotatedPath(reference)
        guard let name = given.components.last else {
            throw PathRefusal("\"\(reference.printable)\" names no file")
        }
        if let path = exact(given, folder: folder) { return ImageMatch(path) }
        if let found = byName[PathKey(name)] {
            return try choose(found, for: given, folder: folder, difference: nil)
        }
        let stem = RelativePath.stem(name)
        // Some tools leave the extension out.
        let isWhole = !IgnoredEntries.isImage(name)
        if isWhole, let found = byStem[PathKey(name)] {
            return try choose(found, for: given, folder: folder, difference: nil)
        }
        if let found = byLooseName[name.lowercased()] ?? (isWhole ? byLooseStem[name.lowercased()] : nil) {
            return try choose(found, for: given, folder: folder, difference: .spelling)
        }
        if !isWhole, let found = byStem[PathKey(stem)] ?? byLooseStem[stem.lowercased()] {
            return try choose(found, for: given, folder: folder, difference: .fileExtension)
        }
        throw PathRefusal("there is no image \(reference.printable) in \(root.printable)")
    }

    /// Finds the image of an annotation file by the file's own name.
    ///
    /// In this order: the same path without extension from both roots; the same place but for folders such as
    /// `labels` and `images`; the same name elsewhere; another case.
    func image(beside file: String, in annotations: String) throws(PathRefusal) -> ImageMatch {
        let stem = RelativePath.stem(file)
        let given = AnnotatedPath(stem)
        if let found = byStemPath[PathKey(stem)] { return ImageMatch(try only(found, called: stem)) }
        if let found = byPlace[Self.place(stem, below: AnnotatedPath.resolved(annotations))] {
            return ImageMatch(try only(found, called: stem))
        }
        let name = RelativePath.name(stem)
        // Some tools add their extension to the image's: `1.jpg.txt`.
        if IgnoredEntries.isImage(name) {
            return try image(named: stem, folder: "")
        }
        if let found = byStem[PathKey(name)] {
            return ImageMatch(
                try closest(found, to: given), isCertain: RelativePath.folder(file).isEmpty)
        }
        if let found = byLooseStem[name.lowercased()] {
            return ImageMatch(try closest(found, to: given), isCertain: false, difference: .spelling)
        }
        throw PathRefusal("there is no image \(name.printable) in \(root.printable)")
    }

    private func exact(_ given: AnnotatedPath, folder: String) -> String? {
        var candidates = [given.components, AnnotatedPath(folder).components + given.components]
        for root in roots {
            if given.components.starts(with: root) {
                candidates.append(Array(given.components.dropFirst(root.count)))
            }
            // `…/images/1.jpg` where the root is a folder of that name.
            for place in given.components.indices where given.components[place] == root.last {
                candidates.append(Array(given.components[(place + 1)...]))
            }
        }
        return candidates.map { $0.joined(separator: "/") }.first { paths.contains(PathKey($0)) }
    }

    private func choose(
        _ found: [String], for given: AnnotatedPath, folder: String,
        difference: ImageMatch.Difference?
    ) throws(PathRefusal) -> ImageMatch {
        let path = try closest(found, to: given)
        let folders = given.components.dropLast()
        let fits = AnnotatedPath(RelativePath.folder(path)).components.suffix(folders.count)
            .elementsEqual(folders)
        return ImageMatch(
            path, isCertain: fits && difference == nil && (folder.isEmpty || !folders.isEmpty),
            difference: difference ?? (fits ? nil : .folder))
    }

    /// The path that shares most folders with the one given, counted from the last.
    private func closest(_ found: [String], to given: AnnotatedPath) throws(PathRefusal) -> String {
        let folders = given.components.dropLast().reversed()
        let shared = found.map { path in
            zip(AnnotatedPath(RelativePath.folder(path)).components.reversed(), folders)
                .prefix { PathKey($0) == PathKey($1) }.count
        }
        let best = shared.max() ?? 0
        return try only(
            zip(found, shared).filter { $1 == best }.map(\.0),
            called: given.components.joined(separator: "/"))
    }

    private func only(_ found: [String], called name: String) throws(PathRefusal) -> String {
        guard found.count == 1, let path = found.first else {
            throw PathRefusal("several images are called \(name.printable): \(found.listed(limit: 3))")
        }
        return path
    }

    private static let separatingFolders: Set<String> = [
        "images", "image", "imgs", "img", "jpegimages", "labels", "label", "annotations", "annotation",
        "anns",
        "ann", "xmls", "xml", "txt",
    ]

    private static func place(_ path: String, below root: [String]) -> PathKey {
        let components = root + AnnotatedPath(path).components
        return PathKey(
            components.filter { !separatingFolders.contains($0.lowercased()) }.joined(separator: "/"))
    }
}
