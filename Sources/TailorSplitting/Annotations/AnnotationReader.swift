import Foundation
import TailorDatasets
import TailorSupport

/// Reads detection annotations in whichever of three formats they are.
public enum AnnotationReader {
    /// A folder of Pascal VOC `.xml` or YOLO `.txt` files, or one COCO `.json` file, about a folder of images.
    ///
    /// What is wrong with one file, line or entry is a problem of the set. Throws `AnnotationError` when it
    /// cannot be read at all, and `DatasetError.unreadableFolder`.
    public static func read(_ annotations: URL, images: URL) throws -> AnnotationSet {
        let path = DatasetFolder.trimmed(annotations.path)
        let index = try ImageIndex(DatasetFolder.trimmed(images.path))
        let kind: DirectoryListing.Kind
        do {
            guard FileManager.default.fileExists(atPath: path) else {
                throw AnnotationError.unreadable(path: path, reason: "no such file or folder")
            }
            kind = try DirectoryListing.followedKind(of: path)
        } catch let error as FileError {
            throw AnnotationError.unreadable(path: path, reason: error.reason)
        }
        switch kind {
        case .file: return try COCOAnnotations.read(path, images: index)
        case .folder: return try readFolder(path, images: index)
        case .other(let reason): throw AnnotationError.unreadable(path: path, reason: reason)
        case .link, .unknown: throw AnnotationError.noneFound(path: path)
        }
    }

    private static func readFolder(_ path: String, images: ImageIndex) throws -> AnnotationSet {
        var scanner = ClassFolderScanner(root: path, forbidden: nil) { name in
            let ending = fileExtension(of: name)
            return ending == "xml" || (ending == "txt" && name != YOLOClassNames.listName)
        }
        let files = try scanner.files()
        let xml = files.filter { fileExtension(of: $0) == "xml" }
        let text = files.filter { fileExtension(of: $0) == "txt" }
        if let first = xml.first, let second = text.first {
            throw AnnotationError.severalFormats(path: path, first: first, second: second)
        }
        if !xml.isEmpty {
            return VOCAnnotations.read(xml, in: path, images: images, problems: scanner.problems)
        }
        guard !text.isEmpty else { throw AnnotationError.noneFound(path: path) }
        return try YOLOAnnotations.read(text, in: path, images: images, problems: scanner.problems)
    }
}
