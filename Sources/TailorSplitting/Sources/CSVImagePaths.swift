import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Image files that the rows of a CSV name, from the CSV's folder.
struct CSVImagePaths {
    /// The CSV's folder with links resolved.
    let root: String
    private var folders: [String: [String]] = [:]
    private var resolvedFolders: [String: String?] = [:]

    init(root: String) { self.root = root }

    /// Finds the file that a field names as written, but for backslashes; relative to the root if it lies
    /// within, else absolute. Throws the reason when it is no image or cannot be opened.
    ///
    /// - Parameter mayLeave: whether a relative path may lead out of the root, as a manifest's do.
    mutating func exact(_ field: String, mayLeave: Bool = false) throws(PathRefusal) -> String {
        var reason: PathRefusal?
        for text in [field, field.replacing("\\", with: "/")] {
            do throws(PathRefusal) {
                let path = try normalised(text, mayLeave: mayLeave)
                guard IgnoredEntries.isImage(path) else {
                    throw PathRefusal("\(path.printable) is not named as an image")
                }
                try open(path)
                return path
            } catch {
                reason = reason ?? error
            }
        }
        throw reason ?? PathRefusal("the path is empty")
    }

    /// Finds the only file like the one that a field names: below the root, though the field begins
    /// elsewhere; of another case; of another extension, or of any where the field has none. Nil when there is none.
    mutating func similar(_ field: String) -> ImageMatch? {
        let given = AnnotatedPath(field).components
        for count in 0..<given.count {
            let rest = Array(given.dropFirst(count))
            let folder = rest.dropLast().joined(separator: "/")
            guard let name = rest.last, let match = match(name, in: folder, isElsewhere: count > 0),
                (try? open(match.path)) != nil
            else { continue }
            return match
        }
        return nil
    }

    private mutating func match(_ name: String, in folder: String, isElsewhere: Bool) -> ImageMatch? {
        let names = names(in: folder)
        func found(_ difference: ImageMatch.Difference?, _ isLike: (String) -> Bool) -> ImageMatch? {
            let alike = names.filter(isLike)
            guard alike.count == 1 else { return nil }
            let difference = difference ?? (isElsewhere ? .folder : nil)
            return ImageMatch(
                folder.isEmpty ? alike[0] : folder + "/" + alike[0], isCertain: false, difference: difference)
        }
        let stem = RelativePath.stem(name)
        let isWhole = !IgnoredEntries.isImage(name)
        return found(nil) { PathKey($0) == PathKey(name) }
            ?? (isWhole ? found(nil) { PathKey(RelativePath.stem($0)) == PathKey(name) } : nil)
            ?? found(.spelling) { $0.lowercased() == name.lowercased() }
            ?? (isWhole
                ? found(.spelling) { RelativePath.stem($0).lowercased() == name.lowercased() }
                : found(.fileExtension) { RelativePath.stem($0).lowercased() == stem.lowercased() })
    }

    /// Names of the images in a folder below the root.
    private mutating func names(in folder: String) -> [String] {
        if let names = folders[folder] { return names }
        let entries = (try? DirectoryListing(path: root + "/" + folder))?.entries ?? []
        let names = entries.map(\.name).filter { IgnoredEntries.isImage($0) && !JunkFiles.contains($0) }
        folders[folder] = names
        return names
    }

    private mutating func normalised(_ text: String, mayLeave: Bool) throws(PathRefusal) -> String {
        guard text.begins(with: "/") else { return try RelativePath.checked(text, mayLeave: mayLeave) }
        guard !text.utf8.contains(0) else { throw PathRefusal("\"\(text.printable)\" holds a zero byte") }
        let standard = URL(fileURLWithPath: text).standardizedFileURL.path
        let folder = RelativePath.folder(standard)
        let resolved = resolvedFolders[folder] ?? DirectoryListing.resolved(folder.isEmpty ? "/" : folder)
        resolvedFolders[folder] = resolved
        let path = (resolved == "/" ? "" : resolved ?? folder) + "/" + RelativePath.name(standard)
        let prefix = root == "/" ? "/" : root + "/"
        return path.begins(with: prefix) ? String(Substring(path.utf8.dropFirst(prefix.utf8.count))) : path
    }

    private func open(_ path: String) throws(PathRefusal) {
        do {
            _ = try RegularFile(
                reading: URL(fileURLWithPath: path.begins(with: "/") ? path : root + "/" + path))
        } catch {
            throw PathRefusal("\(path.printable): \((error as? FileError)?.reason ?? "\(error)")")
        }
    }
}
