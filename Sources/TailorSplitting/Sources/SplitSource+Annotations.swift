import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

extension SplitSource {
    /// Opens annotated images, whose boxes are cropped into the folders of their classes. Boxes of one image,
    /// and images of one group, stay together.
    ///
    /// Reads the header of every annotated image. Throws `AnnotationError`, `SplitError`, `DatasetError`.
    public static func annotated(
        images folder: URL, annotations: URL, cropping: Cropping, groups: GroupSource? = nil,
        skipsProblems: Bool = false
    ) throws -> SplitSource {
        try annotated(
            images: folder, annotations: [annotations], cropping: cropping, groups: groups,
            skipsProblems: skipsProblems)
    }

    /// Opens images with several files or folders of annotations; otherwise as for one.
    public static func annotated(
        images folder: URL, annotations: [URL], cropping: Cropping, groups: GroupSource? = nil,
        renaming: ClassRenaming = .none, skipsProblems: Bool = false,
        workers: Int = ProcessorCount.available
    ) throws -> SplitSource {
        let root = DatasetFolder.trimmed(folder.path)
        guard case .folder = try kind(of: root) else {
            throw SplitError.unusableSource(path: root, reason: "expected the folder of the annotated images")
        }
        let set = try AnnotationReader.read(annotations, images: folder)
        let place = annotations.map { DatasetFolder.trimmed($0.path) }.joined(separator: ", ")
        let sizes = try ParallelMap.run(set.images.count, workers: workers, name: "annotations") { index in
            let path = set.images[index].path
            return try FileOutcome(of: path) {
                let facts = try ImageDecoder().probe(contentsOf: URL(fileURLWithPath: root + "/" + path))
                return AnnotatedImage.Size(width: facts.uprightWidth, height: facts.uprightHeight)
            }
        }
        var boxes = BoxCollection(cropping: cropping, renaming: renaming)
        for (image, size) in zip(set.images, sizes) { boxes.take(image, size) }
        let warnings = try settle(set.problems + boxes.problems, in: place, skipping: skipsProblems)

        try renaming.check(set.images.flatMap { $0.boxes.map(\.className) })
        let names = Set(boxes.found.map(\.className)).sorted { PathKey($0) < PathKey($1) }
        guard names.count >= 2 else {
            let found = names.first.map { "one class only (\($0.printable)): expected two or more" }
            throw SplitError.nothingToSplit(
                path: place,
                reason: (found ?? "no box can be used")
                    + (boxes.small > 0 ? "; \(boxes.smallNote)" : ""))
        }
        let labels = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
        let groups = try ImageGroups(groups, paths: set.images.map(\.path), root: root)
        let cut = boxes.found.compactMap { box in
            labels[box.className].map {
                SplitImage(
                    path: box.path, label: $0,
                    group: groups.group(of: box.path) ?? ExportedParts.original(of: box.path) ?? box.path,
                    crop: box.part,
                    nameBasis: "\(RelativePath.stem(box.path))-\(box.number).\(cropping.format.fileExtension)"
                )
            }
        }
        var notes = [
            "\(set.formats.map(\.rawValue).joined(separator: " and ")): \(counted(boxes.found.count, "box", "boxes")) in \(counted(boxes.imageCount, "image"))"
        ]
        if set.crowds > 0 { notes.append("\(counted(set.crowds, "crowd annotation")) left out") }
        if boxes.small > 0 { notes.append(boxes.smallNote) }
        if boxes.repeated > 0 {
            notes.append(
                "\(counted(boxes.repeated, "box", "boxes")) given again for the same part of an image, taken once"
            )
        }
        if boxes.clipped > 0 {
            notes.append(
                "\(counted(boxes.clipped, "box", "boxes")) reached beyond the image, cut at its edge")
        }
        var cautions = set.warnings + [ExportedParts.warning(boxes.found.map(\.path))].compactMap { $0 }
        if !boxes.contradictions.isEmpty {
            cautions.append(
                "\(counted(boxes.contradictions.count, "part of an image is", "parts of images are")) in two classes: "
                    + boxes.contradictions.listed(limit: 3))
        }
        return SplitSource(
            path: root, root: root, classes: ClassList(names: names), images: cut, cropping: cropping,
            warnings: similarNames(ClassList(names: names)) + warnings + cautions + groups.warnings,
            notes: notes + set.notes)
    }
}

/// Boxes that can be cropped, and counts of the others.
private struct BoxCollection {
    struct Found {
        let path: String
        let className: String
        let part: PixelRect
        /// Number among the boxes of its image, from 1; boxes left out are counted, too.
        let number: Int
        /// Place of the box in its annotation file.
        let place: String
    }

    private let cropping: Cropping
    private let renaming: ClassRenaming
    private(set) var found: [Found] = []
    private(set) var imageCount = 0
    private(set) var problems: [FileProblem] = []
    private(set) var small = 0
    private(set) var clipped = 0
    /// Number of boxes that repeat an earlier one of their image.
    private(set) var repeated = 0
    /// Boxes for a part of an image that an earlier one puts into another class.
    private(set) var contradictions: [String] = []

    init(cropping: Cropping, renaming: ClassRenaming) {
        self.cropping = cropping
        self.renaming = renaming
    }

    var smallNote: String {
        "\(counted(small, "box", "boxes")) below \(cropping.minimumSide) pixels left out"
    }

    /// Adds the boxes of an image; `upright` is its size after applying the orientation.
    mutating func take(_ image: AnnotatedImage, _ upright: FileOutcome<AnnotatedImage.Size>) {
        let (width, height): (Int, Int)
        switch upright {
        case .problem(let problem): return problems.append(problem)
        case .value(let size): (width, height) = (size.width, size.height)
        }
        if let size = image.size, size != AnnotatedImage.Size(width: width, height: height) {
            problems.append(
                FileProblem(
                    path: image.path,
                    reason: "\(width)×\(height) pixels, annotated as \(size.width)×\(size.height)"))
            return
        }
        let before = found.count
        for (index, box) in image.boxes.enumerated() {
            let className = renaming[box.className]
            switch cropping.part(of: box, width: width, height: height) {
            case .tooSmall: small += 1
            case .outside:
                problems.append(
                    FileProblem(
                        path: box.file,
                        reason: "\(box.place): the box lies outside of \(image.path.printable), which has "
                            + "\(width)×\(height) pixels"))
            case .part(let part, let isClipped):
                guard let earlier = found[before...].first(where: { $0.part == part }) else {
                    if isClipped { clipped += 1 }
                    found.append(
                        Found(
                            path: image.path, className: className, part: part, number: index + 1,
                            place: box.place))
                    continue
                }
                guard earlier.className != className else {
                    repeated += 1
                    continue
                }
                contradictions.append(
                    "\(box.file), \(box.place): \(className) here, \(earlier.className) in \(earlier.place)"
                )
                found.append(
                    Found(
                        path: image.path, className: className, part: part, number: index + 1,
                        place: box.place))
            }
        }
        if found.count > before { imageCount += 1 }
    }
}
