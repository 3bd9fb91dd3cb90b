import TailorDatasets
import TailorSupport

/// Bounding boxes annotated for a folder of images.
package struct AnnotationSet: Sendable {
    package enum Format: String, Sendable, CaseIterable {
        case pascalVOC = "Pascal VOC"
        case yolo = "YOLO"
        case coco = "COCO"
        case csv = "CSV"
    }

    /// Formats of the files, each once.
    package let formats: [Format]
    /// Images with boxes, each once, in byte order of their paths.
    package let images: [AnnotatedImage]
    /// Number of boxes left out because they hold a crowd (COCO's `iscrowd`).
    package let crowds: Int
    /// Annotations that cannot be used, with file and place.
    package private(set) var problems: [FileProblem]
    /// What may be understood otherwise.
    package let warnings: [String]
    /// What was passed over or understood otherwise than written.
    package let notes: [String]

    init(
        format: Format, images: [AnnotatedImage], crowds: Int = 0, problems: [FileProblem],
        warnings: [String] = [], notes: [String] = []
    ) {
        formats = [format]
        self.warnings = warnings
        self.crowds = crowds
        var problems = problems
        var kept: [AnnotatedImage] = []
        let byPath = Dictionary(grouping: images.filter { !$0.boxes.isEmpty }) { PathKey($0.path) }
        for (_, entries) in byPath.sorted(by: { $0.key < $1.key }) {
            let (fitting, others) = Self.rightful(entries)
            if let first = fitting.first {
                var merged = first
                merged.boxes = fitting.flatMap(\.boxes)
                kept.append(merged)
            }
            for entry in others {
                problems.append(
                    FileProblem(
                        path: entry.source.file,
                        reason: entry.source.reason(
                            "there is no image \(entry.source.name.printable); \(entry.path.printable), "
                                + "the only one like it, has annotations under another name")))
            }
        }
        self.images = kept
        self.problems = problems
        self.notes =
            notes + ImageMatch.notes(kept.map { ($0.source.difference, $0.source.name, $0.path) })
    }

    /// Joins sets about the same images.
    private init(joining sets: [AnnotationSet]) {
        formats = Format.allCases.filter { format in sets.contains { $0.formats.contains(format) } }
        crowds = sets.reduce(0) { $0 + $1.crowds }
        problems = sets.flatMap(\.problems)
        warnings = sets.flatMap(\.warnings)
        notes = sets.flatMap(\.notes)
        let byPath = Dictionary(grouping: sets.flatMap(\.images)) { PathKey($0.path) }
        images = byPath.sorted { $0.key < $1.key }.compactMap { _, entries in
            entries.first.map { first in
                var joined = first
                joined.boxes = entries.flatMap(\.boxes)
                return joined
            }
        }
    }

    /// Joins sets, each with the name of its file or folder, that are about the same images.
    package static func joined(_ sets: [(name: String, set: AnnotationSet)]) -> AnnotationSet? {
        guard sets.count > 1 else { return sets.first?.set }
        return AnnotationSet(
            joining: sets.map { name, set in
                var named = set
                named.problems = set.problems.map { problem in
                    PathKey(problem.path) == PathKey(name)
                        ? problem : FileProblem(path: name + "/" + problem.path, reason: problem.reason)
                }
                return named
            })
    }

    /// Entries of one image that are certainly meant for it; without any, those that all use one name.
    private static func rightful(
        _ entries: [AnnotatedImage]
    ) -> (fitting: [AnnotatedImage], others: [AnnotatedImage]) {
        let certain = entries.filter(\.source.isCertain)
        let others = entries.filter { !$0.source.isCertain }
        if !certain.isEmpty { return (certain, others) }
        let names = Set(others.map { PathKey($0.source.name) })
        return names.count == 1 ? (others, []) : ([], others)
    }
}

/// Image with its boxes.
package struct AnnotatedImage: Sendable, Hashable {
    /// Path of an existing file, from the folder of images.
    package let path: String
    /// Size in pixels as stated by the annotation, if it does.
    package let size: Size?
    package internal(set) var boxes: [AnnotatedBox]
    let source: Source

    package struct Size: Sendable, Hashable {
        package let width: Int
        package let height: Int
    }

    /// Where the image was named, and how.
    struct Source: Sendable, Hashable {
        let file: String
        /// Place in the file; nil when the file as a whole is about the image.
        let place: String?
        /// Name as annotated.
        let name: String
        let isCertain: Bool
        let difference: ImageMatch.Difference?

        func reason(_ text: String) -> String { place.map { "\($0): \(text)" } ?? text }
    }

    init(
        _ match: ImageMatch, named name: String, file: String, place: String? = nil, size: Size? = nil,
        boxes: [AnnotatedBox]
    ) {
        path = match.path
        self.size = size
        self.boxes = boxes
        source = Source(
            file: file, place: place, name: name, isCertain: match.isCertain, difference: match.difference)
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

    /// Creates the box that encloses some points.
    init(
        className: String, enclosing points: [(x: Double, y: Double)], isNormalised: Bool = false,
        file: String, place: String
    ) throws(PathRefusal) {
        let x = points.map(\.x)
        let y = points.map(\.y)
        guard let left = x.min(), let right = x.max(), let top = y.min(), let bottom = y.max() else {
            throw PathRefusal("expected the points of an outline, got none")
        }
        try self.init(
            className: className, left: left, top: top, right: right, bottom: bottom,
            isNormalised: isNormalised, file: file, place: place)
    }
}
