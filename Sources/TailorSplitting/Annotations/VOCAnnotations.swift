import Foundation
import TailorDatasets
import TailorSupport

/// Pascal VOC annotations: one XML file per image, boxes in pixels counted from 1, the last one included
/// (Everingham et al., 2010).
enum VOCAnnotations {
    private static let maximumBytes = 16 << 20

    static func read(
        _ files: [String], in folder: String, images: ImageIndex, problems: [FileProblem]
    ) -> AnnotationSet {
        var problems = problems
        var found: [AnnotatedImage] = []
        for file in files {
            do {
                let data = try RegularFile.contents(
                    of: URL(fileURLWithPath: folder + "/" + file), maximumBytes: maximumBytes)
                let document = try VOCDocument(data)
                guard let name = document.fileName else {
                    throw PathRefusal("expected annotation/filename, got none")
                }
                let path = try images.image(named: name, folder: RelativePath.folder(file))
                var boxes: [AnnotatedBox] = []
                for object in document.objects {
                    do {
                        boxes.append(try box(object, file: file))
                    } catch {
                        problems.append(
                            FileProblem(path: file, reason: "line \(object.line): \(error.reason)"))
                    }
                }
                found.append(AnnotatedImage(path: path, size: document.size, boxes: boxes))
            } catch let error as FileError {
                problems.append(FileProblem(path: file, reason: error.reason))
            } catch {
                problems.append(
                    FileProblem(path: file, reason: (error as? PathRefusal)?.reason ?? "\(error)"))
            }
        }
        return AnnotationSet(format: .pascalVOC, images: found, problems: problems)
    }

    private static func box(_ object: VOCDocument.Object, file: String) throws(PathRefusal) -> AnnotatedBox {
        func number(_ name: String) throws(PathRefusal) -> Double {
            guard let text = object.edges[name] else {
                throw PathRefusal("an object without bndbox/\(name)")
            }
            guard let value = Double(text) else {
                throw PathRefusal("bndbox/\(name): expected a number, got \"\(text.printable)\"")
            }
            return value
        }
        guard let name = object.name else { throw PathRefusal("an object without a name") }
        return try AnnotatedBox(
            className: name, left: number("xmin") - 1, top: number("ymin") - 1, right: number("xmax"),
            bottom: number("ymax"), file: file, place: "line \(object.line)")
    }
}
