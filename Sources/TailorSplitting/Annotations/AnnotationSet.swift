import TailorDatasets
import TailorSupport

/// What the boxes of a set of annotations say about a folder of images.
public struct AnnotationSet: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        case pascalVOC = "Pascal VOC"
        case yolo = "YOLO"
        case coco = "COCO"
    }

    public let format: Format
    /// Those with boxes, each once, in the order of their paths' bytes.
    public let images: [AnnotatedImage]
    /// Boxes around many things at once (COCO's `iscrowd`), left out.
    public let crowds: Int
    /// Annotations that cannot be used: the file, and where in it.
    public let problems: [FileProblem]

    init(format: Format, images: [AnnotatedImage], crowds: Int = 0, problems: [FileProblem]) {
        self.format = format
        self.crowds = crowds
        self.problems = problems
        let byPath = Dictionary(grouping: images.filter { !$0.boxes.isEmpty }) { PathKey($0.path) }
        self.images = byPath.sorted { $0.key < $1.key }.compactMap { _, entries in
            entries.first.map { first in
                var merged = first
                merged.boxes = entries.flatMap(\.boxes)
                return merged
            }
        }
    }
}

/// An image and its boxes.
public struct AnnotatedImage: Sendable, Hashable {
    /// From the folder of images; there is such a file.
    public let path: String
    /// Width and height that the annotation claims, in pixels, where it does.
    public let size: Size?
    public internal(set) var boxes: [AnnotatedBox]

    public struct Size: Sendable, Hashable {
        public let width: Int
        public let height: Int
    }
}

/// One thing in a picture.
public struct AnnotatedBox: Sendable, Hashable {
    public let className: String
    /// Left, top, right and bottom edge: 0 is the picture's left or top edge. Finite; right is beyond left,
    /// bottom below top.
    public let left: Double
    public let top: Double
    public let right: Double
    public let bottom: Double
    /// Whether 1 is the picture's whole width or height; otherwise the unit is pixels.
    public let isNormalised: Bool
    /// The annotation's file and the place in it.
    public let file: String
    public let place: String

    /// Throws the reason when the edges enclose nothing.
    init(
        className: String, left: Double, top: Double, right: Double, bottom: Double,
        isNormalised: Bool = false, file: String, place: String
    ) throws(PathRefusal) {
        for value in [left, top, right, bottom] {
            // Beyond this no picture goes, and a whole number would no longer be exact.
            guard value.isFinite, abs(value) <= 1e9 else {
                throw PathRefusal("a box with an edge at \(value): expected a finite number")
            }
        }
        guard right > left, bottom > top else {
            throw PathRefusal(
                "a box of \(right - left) by \(bottom - top): expected a width and height above 0")
        }
        self.className = try ClassName.checked(className)
        self.left = left
        self.top = top
        self.right = right
        self.bottom = bottom
        self.isNormalised = isNormalised
        self.file = file
        self.place = place
    }
}
