import Foundation
import TailorDatasets
import TailorSupport

/// YOLO annotations: text files with one box per line, `class centre-x centre-y width height`, relative to
/// the image's sides.
enum YOLOAnnotations {
    private static let maximumBytes = 16 << 20
    /// Tolerance for edges slightly outside 0…1, because tools round.
    private static let tolerance = 1e-3

    /// Reads all files. Throws `AnnotationError` when the class names cannot be found.
    static func read(
        _ files: [String], in folder: String, images: ImageIndex, problems: [FileProblem]
    ) throws -> AnnotationSet {
        let names = try YOLOClassNames.find(beside: folder)
        var problems = problems
        var found: [AnnotatedImage] = []
        for file in files {
            do {
                let path = try images.image(beside: file)
                let data = try RegularFile.contents(
                    of: URL(fileURLWithPath: folder + "/" + file), maximumBytes: maximumBytes)
                guard let text = String(data: data, encoding: .utf8) else {
                    throw PathRefusal("expected text in UTF-8")
                }
                var boxes: [AnnotatedBox] = []
                for (number, line) in text.textLines.enumerated() {
                    do {
                        if let box = try box(line, number: number + 1, names: names, file: file) {
                            boxes.append(box)
                        }
                    } catch {
                        problems.append(
                            FileProblem(path: file, reason: "line \(number + 1): \(error.reason)"))
                    }
                }
                found.append(AnnotatedImage(path: path, size: nil, boxes: boxes))
            } catch let error as FileError {
                problems.append(FileProblem(path: file, reason: error.reason))
            } catch {
                problems.append(
                    FileProblem(path: file, reason: (error as? PathRefusal)?.reason ?? "\(error)"))
            }
        }
        return AnnotationSet(format: .yolo, images: found, problems: problems)
    }

    /// Parses one line; nil for an empty one.
    private static func box(
        _ line: Substring, number: Int, names: YOLOClassNames, file: String
    ) throws(PathRefusal) -> AnnotatedBox? {
        let fields = line.split(whereSeparator: \.isWhitespace)
        if fields.isEmpty { return nil }
        guard fields.count == 5 else {
            throw PathRefusal(
                "expected 5 numbers (class, centre x, centre y, width, height), got \(fields.count)")
        }
        guard let id = Int(fields[0]) else {
            throw PathRefusal("expected the number of a class, got \"\(String(fields[0]).printable)\"")
        }
        guard let name = names[id] else {
            throw PathRefusal("class \(id) has no name in \(names.source.printable) (\(names.described))")
        }
        func share(_ position: Int, _ what: String) throws(PathRefusal) -> Double {
            let field = fields[position]
            guard let value = Double(field), value >= -tolerance, value <= 1 + tolerance else {
                throw PathRefusal("\(what): expected a share of 0 to 1, got \"\(String(field).printable)\"")
            }
            return value
        }
        let (x, y) = (try share(1, "centre x"), try share(2, "centre y"))
        let (width, height) = (try share(3, "width"), try share(4, "height"))
        return try AnnotatedBox(
            className: name, left: x - width / 2, top: y - height / 2, right: x + width / 2,
            bottom: y + height / 2, isNormalised: true, file: file, place: "line \(number)")
    }
}

extension String {
    /// Lines without their ends (LF or CRLF) and without a byte order mark.
    var textLines: [Substring] {
        let text = hasPrefix("\u{FEFF}") ? dropFirst() : self[...]
        return text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    }
}
