import Foundation
import TailorDatasets
import TailorSupport

/// YOLO annotations: text files with one object per line (`YOLOLine`), each beside or named as its image.
struct YOLOAnnotations {
    private static let maximumBytes = 16 << 20

    private let folder: String
    private let names: YOLOClassNames
    private let images: ImageIndex
    private var found: [AnnotatedImage] = []
    private var problems: [FileProblem]
    /// Text files about no image that hold no labels either.
    private var passedOver: [String] = []
    private var outlines = 0
    private var possibleKeypoints = 0
    private var keypoints = 0
    private var confidences = 0

    /// Reads all files. Throws `AnnotationError` when the class names cannot be found.
    ///
    /// - Parameter nameLists: files below the folder that may hold class names.
    static func read(
        _ files: [String], nameLists: [String], in folder: String, images: ImageIndex,
        problems: [FileProblem]
    ) throws -> AnnotationSet {
        var reader = YOLOAnnotations(
            folder: folder, names: try YOLOClassNames.find(for: folder, below: nameLists), images: images,
            problems: problems)
        for file in files { reader.take(file) }
        return AnnotationSet(
            format: .yolo, images: reader.found, problems: reader.problems, warnings: reader.warnings,
            notes: reader.notes)
    }

    private init(folder: String, names: YOLOClassNames, images: ImageIndex, problems: [FileProblem]) {
        self.folder = folder
        self.names = names
        self.images = images
        self.problems = problems
    }

    private mutating func take(_ file: String) {
        do {
            let match: Result<ImageMatch, PathRefusal>
            do throws(PathRefusal) {
                match = .success(try images.image(beside: file, in: folder))
            } catch {
                match = .failure(error)
            }
            let data = try RegularFile.contents(
                of: URL(fileURLWithPath: folder + "/" + file), maximumBytes: Self.maximumBytes)
            let text = String(textFile: data)
            if case .failure = match, text.map(YOLOLine.isLabel) != true {
                return passedOver.append(file)
            }
            let image = try match.get()
            guard let text else { throw PathRefusal("expected text in UTF-8") }
            let boxes = boxes(in: text, file: file)
            found.append(AnnotatedImage(image, named: file, file: file, boxes: boxes))
        } catch let error as FileError {
            problems.append(FileProblem(path: file, reason: error.reason))
        } catch {
            problems.append(FileProblem(path: file, reason: (error as? PathRefusal)?.reason ?? "\(error)"))
        }
    }

    private mutating func boxes(in text: String, file: String) -> [AnnotatedBox] {
        var boxes: [AnnotatedBox] = []
        for (index, line) in text.lines.enumerated() {
            let place = "line \(index + 1)"
            do throws(PathRefusal) {
                guard let line = try YOLOLine(line, keypoints: names.keypointNumbers) else { continue }
                guard let name = names[line.classNumber] else {
                    throw PathRefusal(
                        "class \(line.classNumber) has no name in \(names.source.printable) (\(names.described))"
                    )
                }
                boxes.append(try line.box(className: name, file: file, place: place))
                count(line)
            } catch {
                problems.append(FileProblem(path: file, reason: "\(place): \(error.reason)"))
            }
        }
        return boxes
    }

    private mutating func count(_ line: YOLOLine) {
        if line.hasConfidence { confidences += 1 }
        if line.hasKeypoints { keypoints += 1 }
        if case .outline = line.shape { outlines += 1 }
        if line.couldBeKeypoints { possibleKeypoints += 1 }
    }

    private var warnings: [String] {
        guard outlines > 0, outlines == possibleKeypoints else { return [] }
        return [
            "\(counted(outlines, "line")) read as outlines could as well be boxes with keypoints: if they are, say "
                + "so by kpt_shape in data.yaml"
        ]
    }

    private var notes: [String] {
        var notes: [String] = []
        if names.isFarAway { notes.append("class names from \(names.source.printable)") }
        if outlines > 0 {
            notes.append(
                "\(counted(outlines, "polygon or oriented box", "polygons or oriented boxes")): the box that "
                    + "encloses each is cut out")
        }
        if keypoints > 0 { notes.append("keypoints of \(counted(keypoints, "box", "boxes")) not used") }
        if confidences > 0 { notes.append("confidences of \(counted(confidences, "box", "boxes")) not used") }
        if !passedOver.isEmpty {
            notes.append(
                "\(counted(passedOver.count, "text file")) without boxes passed over: "
                    + passedOver.listed(limit: 3))
        }
        return notes
    }
}
