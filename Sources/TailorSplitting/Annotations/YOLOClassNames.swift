import Foundation
import TailorDatasets
import TailorSupport

/// Class names for YOLO's class indices.
struct YOLOClassNames {
    static let listName = "classes.txt"
    private static let maximumBytes = 1 << 20

    /// File that the names come from.
    let source: String
    private let names: [Int: String]

    subscript(id: Int) -> String? { names[id] }

    /// Range of indices for messages: `0 to 2`.
    var described: String {
        let ids = names.keys.sorted()
        guard let first = ids.first, let last = ids.last else { return "it names none" }
        return "it names \(first) to \(last)"
    }

    /// Finds the names in `classes.txt` or `data.yaml` in the folder, else in its parent. Throws
    /// `AnnotationError`.
    static func find(beside folder: String) throws -> YOLOClassNames {
        let above = RelativePath.folder(folder)
        let folders = [folder, above.isEmpty ? "/" : above]
        for folder in folders {
            let list = folder + "/" + listName
            if FileManager.default.fileExists(atPath: list) {
                return YOLOClassNames(source: list, lines: try text(of: list).textLines)
            }
            let yaml = folder + "/data.yaml"
            if FileManager.default.fileExists(atPath: yaml) {
                return YOLOClassNames(
                    source: yaml, names: try YAMLNames.parse(contents(of: yaml), path: yaml))
            }
        }
        throw AnnotationError.noClassNames(folders: folders)
    }

    private init(source: String, names: [Int: String]) {
        self.source = source
        self.names = names
    }

    /// Creates names from lines in the order of the indices; trailing empty lines are ignored.
    private init(source: String, lines: [Substring]) {
        self.source = source
        let named = lines.enumerated().map { ($0, $1.trimmingCharacters(in: .whitespaces)) }
            .filter { !$0.1.isEmpty }
        names = Dictionary(named, uniquingKeysWith: { first, _ in first })
    }

    private static func text(of path: String) throws(AnnotationError) -> String {
        guard let text = String(data: try contents(of: path), encoding: .utf8) else {
            throw .malformed(path: path, place: nil, reason: "expected text in UTF-8")
        }
        return text
    }

    private static func contents(of path: String) throws(AnnotationError) -> Data {
        do {
            return try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumBytes)
        } catch {
            throw .unreadable(path: path, reason: (error as? FileError)?.reason ?? "\(error)")
        }
    }
}
