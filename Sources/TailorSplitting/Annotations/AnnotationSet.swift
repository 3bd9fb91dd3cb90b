import TailorDatasets
import TailorSupport

/// Bounding boxes annotated for a folder of images.
package struct AnnotationSet: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case pascalVOC = "Pascal VOC"
        case yolo = "YOLO"
        case coco = "COCO"
    }

    package let format: Format
    /// Images with boxes, each once, in byte order of their paths.
    package let images: [AnnotatedImage]
    /// Number of boxes left out because they hold a crowd (COCO's `iscrowd`).
    package let crowds: Int
    /// Annotations that cannot be used, with file and place.
    package let problems: [FileProblem]

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

/// Image with its boxes.
package struct AnnotatedImage: Sendable, Hashable {
    /// Path of an existing file, from the folder of images.
    package let path: String
    /// Size in pixels as stated by the annotation, if it does.
    package let size: Size?
    package internal(set) var boxes: [AnnotatedBox]

    package struct Size: Sendable, Hashable {
        package let width: Int
        package let height: Int
    }
}

/// Bounding box of one object in an image.
package struct AnnotatedBox: Sendable, Hashable {
    package let className: String
    /// Left edge; as for all edges, 0 is the image's left or top edge. Finite; right is greater than left,
    /// bottom greater than top.
    package let left: Double
    package let top: Double
    package let right: Double
    package let bottom: Double
    /// Whether the edges are relative to the image's width and height (0…1); otherwise they are in pixels.
    package let isNormalised: Bool
    /// Annotation file; `place` tells where in it.
    package let file: String
    package let place: String

    /// Creates a box; throws the reason when its area is not positive.
    init(
        className: String, left: Double, top: Double, right: Double, bottom: Double,
        isNormalised: Bool = false, file: String, place: String
    ) throws(PathRefusal) {
        for value in [left, top, right, bottom] {
            // Larger than any image, and still exact as an integer.
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
