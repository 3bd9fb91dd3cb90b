import Foundation
import TailorDatasets
import TailorSupport

/// COCO annotations: JSON with images, categories and annotations that refer to both (Lin et al., 2014).
struct COCOAnnotations {
    private static let maximumBytes = 1 << 30

    private let images: ImageIndex
    private var found: [AnnotatedImage] = []
    private var problems: [FileProblem] = []
    private var crowds = 0
    private var outlines = 0

    /// Reads files in a folder. Throws `AnnotationError` when one has another form.
    static func read(
        _ files: [String], in folder: String, images: ImageIndex
    ) throws -> AnnotationSet {
        var reader = COCOAnnotations(images: images)
        for file in files { try reader.take(file, in: folder) }
        let note =
            "\(counted(reader.outlines, "annotation")) without bbox: the box that encloses the segmentation is "
            + "cut out"
        return AnnotationSet(
            format: .coco, images: reader.found, crowds: reader.crowds, problems: reader.problems,
            notes: reader.outlines > 0 ? [note] : [])
    }

    private init(images: ImageIndex) { self.images = images }

    private mutating func take(_ file: String, in folder: String) throws {
        let document = try Self.document(folder + "/" + file)
        let categories = Table(document.categories, "categories")
        let entries = Table(document.images, "images")
        problems += (categories.problems + entries.problems).map { FileProblem(path: file, reason: $0) }

        var boxes: [Int: [AnnotatedBox]] = [:]
        // An entry is named once, however many annotations refer to it.
        var faulty: Set<String> = []
        for annotation in document.annotations {
            let place = Self.place("annotations", annotation)
            do throws(PathRefusal) {
                let content = try annotation.content.get()
                if content.isCrowd {
                    crowds += 1
                    continue
                }
                guard let image = entries[content.image] else {
                    if entries.isAmbiguous(content.image) { continue }
                    throw PathRefusal("there is no image with the id \(content.image)")
                }
                guard let category = categories[content.category] else {
                    if categories.isAmbiguous(content.category) { continue }
                    throw PathRefusal("there is no category with the id \(content.category)")
                }
                let refusals = [
                    Self.refusal(image).map { "\(Self.place("images", image)): \($0.reason)" },
                    Self.refusal(category).map { "\(Self.place("categories", category)): \($0.reason)" },
                ].compactMap { $0 }
                for refusal in refusals where faulty.insert(refusal).inserted {
                    problems.append(FileProblem(path: file, reason: refusal))
                }
                guard refusals.isEmpty else { continue }
                let region = content.region
                boxes[image.index, default: []].append(
                    try AnnotatedBox(
                        className: category.content.get(), left: region.left, top: region.top,
                        right: region.right, bottom: region.bottom, file: file, place: place))
                if region.isFromOutline { outlines += 1 }
            } catch {
                problems.append(FileProblem(path: file, reason: "\(place): \(error.reason)"))
            }
        }
        for (index, boxes) in boxes.sorted(by: { $0.key < $1.key }) {
            let place = Self.place("images", document.images[index])
            do throws(PathRefusal) {
                let image = try document.images[index].content.get()
                found.append(
                    AnnotatedImage(
                        try images.image(named: image.fileName, folder: RelativePath.folder(file)),
                        named: image.fileName, file: file, place: place, size: image.size, boxes: boxes))
            } catch {
                problems.append(FileProblem(path: file, reason: "\(place): \(error.reason)"))
            }
        }
    }

    private static func document(_ path: String) throws -> COCODocument {
        do {
            var data = try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumBytes)
            if !data.starts(with: [0xEF, 0xBB, 0xBF]), data.prefix(2).contains(where: { $0 >= 0xFE }),
                let text = String(textFile: data)
            {
                data = Data(text.utf8)
            }
            return try data.withUnsafeBytes { try COCODocument($0, path: path) }
        } catch let error as FileError {
            throw AnnotationError.unreadable(path: path, reason: error.reason)
        }
    }

    /// Place of an entry: its position from 0 and its id.
    private static func place<Value>(_ list: String, _ entry: COCODocument.Entry<Value>) -> String {
        "\(list)[\(entry.index)]" + (entry.id.map { " (id \($0))" } ?? "")
    }

    private static func refusal<Value>(_ entry: COCODocument.Entry<Value>) -> PathRefusal? {
        if case .failure(let refusal) = entry.content { refusal } else { nil }
    }

    /// Entries by their ids. One that repeats an earlier one is passed over; one that gives an id another
    /// meaning makes the id useless.
    private struct Table<Value: Equatable> {
        private var entries: [COCOIdentifier: COCODocument.Entry<Value>] = [:]
        private var ambiguous: Set<COCOIdentifier> = []
        private(set) var problems: [String] = []

        init(_ list: [COCODocument.Entry<Value>], _ name: String) {
            for entry in list {
                guard let id = entry.id else { continue }
                guard let earlier = entries.updateValue(entry, forKey: id) else { continue }
                entries[id] = earlier
                if let known = try? earlier.content.get(), let new = try? entry.content.get(), known == new {
                    continue
                }
                ambiguous.insert(id)
                problems.append(
                    "\(place(name, entry)): the id was given before, to \(name)[\(earlier.index)], with other "
                        + "content: what refers to it is left out")
            }
        }

        subscript(id: COCOIdentifier) -> COCODocument.Entry<Value>? {
            for id in [id, id.otherSpelling].compactMap({ $0 }) {
                if let entry = entries[id], !ambiguous.contains(id) { return entry }
            }
            return nil
        }

        func isAmbiguous(_ id: COCOIdentifier) -> Bool {
            ambiguous.contains(id) || id.otherSpelling.map(ambiguous.contains) ?? false
        }
    }
}
