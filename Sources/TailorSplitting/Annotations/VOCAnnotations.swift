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
                let match = try image(of: document, file: file, in: folder, images: images)
                var boxes: [AnnotatedBox] = []
                for object in document.objects {
                    do {
                        boxes.append(try box(object, file: file))
                    } catch {
                        problems.append(
                            FileProblem(path: file, reason: "line \(object.line): \(error.reason)"))
                    }
                }
                found.append(
                    AnnotatedImage(
                        match, named: document.fileName ?? file, file: file, size: document.size,
                        boxes: boxes))
            } catch let error as FileError {
                problems.append(FileProblem(path: file, reason: error.reason))
            } catch {
                problems.append(
                    FileProblem(path: file, reason: (error as? PathRefusal)?.reason ?? "\(error)"))
            }
        }
        return AnnotationSet(format: .pascalVOC, images: found, problems: problems)
    }

    /// Image of a document: the one that `filename` names, or the one with the name of the XML file, where
    /// `filename` is stale. Where both exist and differ, the document contradicts itself.
    private static func image(
        of document: VOCDocument, file: String, in folder: String, images: ImageIndex
    ) throws(PathRefusal) -> ImageMatch {
        let beside: ImageMatch?
        do throws(PathRefusal) {
            beside = try images.image(beside: file, in: folder)
        } catch {
            beside = nil
        }
        guard let name = document.fileName, !name.isEmpty else {
            if let beside { return beside }
            throw PathRefusal("expected annotation/filename, got none")
        }
        let named: ImageMatch
        do throws(PathRefusal) {
            named = try images.image(named: name, folder: RelativePath.folder(file))
        } catch {
            guard let beside else { throw error }
            let isSame = AnnotatedPath(name).components.last == RelativePath.name(beside.path)
            return ImageMatch(
                beside.path, isCertain: beside.isCertain, difference: isSame ? nil : .staleName)
        }
        guard let beside, PathKey(beside.path) != PathKey(named.path) else { return named }
        if beside.isCertain, !named.isCertain {
            return ImageMatch(beside.path, difference: .staleName)
        }
        if named.isCertain, !beside.isCertain { return named }
        throw PathRefusal(
            "filename is \(name.printable), and there is an image with the name of this file as well, "
                + "\(beside.path.printable): expected one of the two")
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
