import TailorDatasets
import TailorSupport

/// The images below a folder, to be found by what an annotation calls them.
struct ImageIndex {
    let root: String
    private var paths: Set<PathKey> = []
    private var byName: [PathKey: [String]] = [:]
    private var byStem: [PathKey: [String]] = [:]

    /// Lists, and opens nothing. Throws `DatasetError.unreadableFolder`.
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

    /// The image of this name, which may have folders before it: as it stands, then within `folder` (the
    /// annotation's own, from the top of the annotations), then the only one of that name anywhere.
    func image(named reference: String, folder: String) throws(PathRefusal) -> String {
        let path = try RelativePath.checked(reference)
        for candidate in [path, folder + "/" + path] where paths.contains(PathKey(candidate)) {
            return candidate
        }
        let name = RelativePath.name(path)
        if let found = byName[PathKey(name)] { return try only(found, called: path) }
        // Some writers leave the extension out.
        if !IgnoredEntries.isImage(name), let found = byStem[PathKey(name)] {
            return try only(found, called: path)
        }
        throw PathRefusal("there is no image \(path.printable) in \(root.printable)")
    }

    /// The image that an annotation file belongs to: of the same path without the extension, else the only
    /// one of the same name.
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
