import Foundation
import TailorDatasets
import TailorSupport

/// Reader of detection annotations, which detects the format.
package enum AnnotationReader {
    /// Reads a folder of Pascal VOC `.xml` or YOLO `.txt` files, or one COCO `.json` file, for a folder of
    /// images.
    ///
    /// A faulty file, line or entry becomes a problem of the set. Throws `AnnotationError` when nothing can
    /// be read, and `DatasetError.unreadableFolder`.
    package static func read(_ annotations: URL, images: URL) throws -> AnnotationSet {
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

/// Annotations that cannot be read as a whole, with what was expected.
public enum AnnotationError: CategorizedError, Equatable, Sendable {
    case unreadable(path: String, reason: String)
    case noneFound(path: String)
    case severalFormats(path: String, first: String, second: String)
    /// YOLO annotations without class names.
    case noClassNames(folders: [String])
    case malformed(path: String, place: String?, reason: String)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            return "\(path.printable): \(reason)"
        case .noneFound(let path):
            return
                "\(path.printable) holds no annotations: expected a folder of Pascal VOC .xml or YOLO .txt "
                + "files, or a COCO .json file"
        case .severalFormats(let path, let first, let second):
            return "\(path.printable) holds .xml and .txt files (\(first.printable), \(second.printable)): "
                + "keep the Pascal VOC or the YOLO annotations"
        case .noClassNames(let folders):
            return
                "YOLO annotations number their classes, and there is no classes.txt or data.yaml with names "
                + "in \(folders.map(\.printable).joined(separator: " or "))"
        case .malformed(let path, let place, let reason):
            return "\(path.printable)\(place.map { ", \($0)" } ?? ""): \(reason)"
        }
    }
}
