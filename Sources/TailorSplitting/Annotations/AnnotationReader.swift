import Foundation
import TailorDatasets
import TailorSupport

/// Reader of detection annotations, which detects the format.
package enum AnnotationReader {
    /// Reads a folder of Pascal VOC `.xml` or YOLO `.txt` files, COCO `.json` or a CSV with a box a row (or a
    /// folder of these), for a folder of images.
    ///
    /// A faulty file, line or entry becomes a problem of the set. Throws `AnnotationError` when nothing can
    /// be read, and `DatasetError.unreadableFolder`.
    package static func read(_ annotations: [URL], images: URL) throws -> AnnotationSet {
        let index = try ImageIndex(DatasetFolder.trimmed(images.path))
        let sets = try annotations.map { url in
            let path = DatasetFolder.trimmed(url.path)
            return (name: RelativePath.name(path), set: try read(path, images: index))
        }
        return AnnotationSet.joined(sets) ?? AnnotationSet(format: .coco, images: [], problems: [])
    }

    private static func read(_ path: String, images index: ImageIndex) throws -> AnnotationSet {
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
        case .file: return try readFile(path, images: index)
        case .folder: return try readFolder(path, images: index)
        case .other(let reason): throw AnnotationError.unreadable(path: path, reason: reason)
        case .link, .unknown: throw AnnotationError.noneFound(path: path)
        }
    }

    private static func readFile(_ path: String, images: ImageIndex) throws -> AnnotationSet {
        let name = RelativePath.name(path)
        let folder = RelativePath.folder(path)
        switch fileExtension(of: name) {
        case "csv", "tsv": return try CSVAnnotations.read([name], in: folder, images: images)
        case "xml":
            return VOCAnnotations.read([name], in: folder, images: images, problems: [])
        default: return try COCOAnnotations.read([name], in: folder, images: images)
        }
    }

    private static func readFolder(_ path: String, images: ImageIndex) throws -> AnnotationSet {
        var scanner = ClassFolderScanner(root: path, forbidden: nil) { name in
            ["xml", "txt", "json", "csv", "tsv"].contains(fileExtension(of: name))
                || YOLOClassNames.isNameList(name)
        }
        let files = Dictionary(grouping: try scanner.files()) { file in
            YOLOClassNames.isNameList(file) ? "names" : fileExtension(of: RelativePath.name(file)) ?? ""
        }
        let xml = files["xml"] ?? []
        let text = files["txt"] ?? []
        if let first = xml.first {
            // Exports explain themselves in text files.
            if let second = text.first(where: { isLabel(path + "/" + $0) }) {
                throw AnnotationError.severalFormats(path: path, first: first, second: second)
            }
            return VOCAnnotations.read(xml, in: path, images: images, problems: scanner.problems)
        }
        let tables = (files["csv"] ?? []) + (files["tsv"] ?? [])
        let documents = files["json"] ?? []
        if !text.isEmpty,
            documents.isEmpty && tables.isEmpty || text.contains(where: { isLabel(path + "/" + $0) })
        {
            return try YOLOAnnotations.read(
                text, nameLists: files["names"] ?? [], in: path, images: images, problems: scanner.problems)
        }
        if !documents.isEmpty { return try COCOAnnotations.read(documents, in: path, images: images) }
        guard !tables.isEmpty else { throw AnnotationError.noneFound(path: path) }
        return try CSVAnnotations.read(tables, in: path, images: images)
    }

    /// Whether a text file holds labels; false for one that cannot be read.
    private static func isLabel(_ path: String) -> Bool {
        let data = try? RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: 16 << 20)
        return data.flatMap(String.init(textFile:)).map(YOLOLine.isLabel) ?? false
    }
}

/// Annotations that cannot be read as a whole, with what was expected.
public enum AnnotationError: CategorizedError, Equatable, Sendable {
    case unreadable(path: String, reason: String)
    case noneFound(path: String)
    case severalFormats(path: String, first: String, second: String)
    /// YOLO annotations without class names, in their folder and in a number of folders above.
    case noClassNames(folder: String, levels: Int)
    case malformed(path: String, place: String?, reason: String)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            return "\(path.printable): \(reason)"
        case .noneFound(let path):
            return
                "\(path.printable) holds no annotations: expected a folder of Pascal VOC .xml or YOLO .txt "
                + "files, a COCO .json file, or a .csv file with a box a row"
        case .severalFormats(let path, let first, let second):
            return "\(path.printable) holds .xml and .txt files (\(first.printable), \(second.printable)): "
                + "keep the Pascal VOC or the YOLO annotations"
        case .noClassNames(let folder, let levels):
            return
                "YOLO annotations number their classes, and there is no file with their names (classes.txt, "
                + "data.yaml, obj.names) in \(folder.printable) or the \(levels) folders above it"
        case .malformed(let path, let place, let reason):
            return "\(path.printable)\(place.map { ", \($0)" } ?? ""): \(reason)"
        }
    }
}
