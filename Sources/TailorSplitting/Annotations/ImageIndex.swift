import TailorDatasets
import TailorSupport

/// Index of the images below a folder, for lookup by the names that annotations use.
struct ImageIndex {
    let root: String
    private var paths: Set<PathKey> = []
    private var byName: [PathKey: [String]] = [:]
    private var byStem: [PathKey: [String]] = [:]

    /// Lists a folder without opening its files. Throws `DatasetError.unreadableFolder`.
    init(_ root: String) throws {
        self.root = root
        var scanner = ClassFolderScanner(root: root, forbidden: nil)
        for path in try scanner.files() {
            paths.insert(PathKey(path))
            let name = RelativePath.name(path)
            byName[PathKey(name), default: []].append(path)
            for stem in Set([RelativePath.stem(path), RelativePath.stem(name)].map(PathKey.init)) {
                byStem[stem, default: []].append(path)
            }
        }
    }

    /// Finds an image by name or path: as given, then within `folder` (the annotation's own, from the top of
    /// the annotations), then the only one of that name anywhere.
    func image(named reference: String, folder: String) throws(PathRefusal) -> String {
        let path = try RelativePath.checked(reference)
        for candidate in [path, folder + "/" + path] where paths.contains(PathKey(candidate)) {
            return candidate
        }
        let name = RelativePath.name(path)
        if let found = byName[PathKey(name)] { return try only(found, called: path) }
        // Some tools leave the extension out.
        if !IgnoredEntries.isImage(name), let found = byStem[PathKey(name)] {
            return try only(found, called: path)
        }
        throw PathRefusal("there is no image \(path.printable) in \(root.printable)")
    }

    /// Finds the image of an annotation file: the one with the same path without extension, else the only one
    /// with the same name.
    func image(beside file: String) throws(PathRefusal) -> String {
        let stem = RelativePath.stem(file)
        if let found = byStem[PathKey(stem)] { return try only(found, called: stem) }
        let name = RelativePath.name(stem)
        if let found = byStem[PathKey(name)] { return try only(found, called: name) }
        throw PathRefusal("there is no image \(name.printable) in \(root.printable)")
    }

    private func only(_ found: [String], called name: String) throws(PathRefusal) -> String {
        guard found.count == 1, let path = found.first else {
            throw PathRefusal("several images are called \(name.printable): \(found.listed(limit: 3))")
        }
        return path
    }
}
