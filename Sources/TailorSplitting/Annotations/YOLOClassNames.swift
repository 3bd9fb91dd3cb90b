import Foundation
import TailorDatasets
import TailorSupport

/// Class names for YOLO's class indices.
struct YOLOClassNames {
    private static let maximumBytes = 1 << 20
    /// Number of folders above the labels that are searched, up to the root of a data set.
    private static let levelsAbove = 3

    /// File that the names come from.
    let source: String
    /// Whether the file lies neither with the labels nor in the folder above.
    let isFarAway: Bool
    /// Number of the numbers that describe keypoints after each box, by `kpt_shape`.
    let keypointNumbers: Int?
    private let names: [Int: String]

    subscript(id: Int) -> String? { names[id] }

    /// Range of indices for messages: `0 to 2`.
    var described: String {
        let ids = names.keys.sorted()
        guard let first = ids.first, let last = ids.last else { return "it names none" }
        return "it names \(first) to \(last)"
    }

    /// Whether a file may hold class names, by its name: `classes.txt`, `obj.names`, `data.yaml`…
    static func isNameList(_ path: String) -> Bool {
        let name = RelativePath.name(path).lowercased()
        if ["classes.txt", "labels.txt", "_darknet.labels"].contains(name) { return true }
        return ["names", "yaml", "yml"].contains(fileExtension(of: name) ?? "")
    }

    /// Finds the names with the labels in `folder`, else in the nearest folder above that has some, else in
    /// the folders below. All files of names in `folder` and below must agree.
    ///
    /// - Parameter files: files below the folder that may hold names.
    /// - Throws: `AnnotationError`.
    static func find(for folder: String, below files: [String]) throws(AnnotationError) -> YOLOClassNames {
        let below = try lists(files.map { folder + "/" + $0 })
        let near = below.filter { RelativePath.folder($0.source) == folder }
        if let first = near.first {
            try first.check(against: below)
            return first
        }
        var above = DirectoryListing.resolved(folder) ?? folder
        for level in 1...levelsAbove where above != "/" {
            let parent = RelativePath.folder(above)
            above = parent.isEmpty ? "/" : parent
            guard let listing = try? DirectoryListing(path: above) else { continue }
            let paths = listing.entries.map(\.name).filter { isNameList($0) }
                .map { (above == "/" ? "" : above) + "/" + $0 }
            let found = try lists(paths, isFarAway: level > 1)
            if let first = found.first {
                try first.check(against: found + below)
                return first
            }
        }
        guard let first = below.first else { throw .noClassNames(folder: folder, levels: levelsAbove) }
        try first.check(against: below)
        return YOLOClassNames(
            source: first.source, isFarAway: true, keypointNumbers: first.keypointNumbers, names: first.names)
    }

    /// Names of the files that hold some, those of the usual names first. Files of other names count only
    /// where there are none.
    private static func lists(
        _ paths: [String], isFarAway: Bool = false
    ) throws(AnnotationError) -> [YOLOClassNames] {
        let ranks = Dictionary(grouping: paths) { path in
            switch RelativePath.name(path).lowercased() {
            case "classes.txt": 0
            case "data.yaml", "data.yml", "dataset.yaml", "dataset.yml": 1
            case let name where name.hasSuffix(".names") || name == "_darknet.labels": 2
            default: 3
            }
        }
        var found: [YOLOClassNames] = []
        var firstError: AnnotationError?
        for rank in 0...3 where rank < 3 || found.isEmpty {
            for path in ranks[rank] ?? [] {
                do throws(AnnotationError) {
                    found.append(try read(path, isFarAway: isFarAway))
                } catch {
                    // A file of another name may be about something else.
                    if rank < 3, firstError == nil { firstError = error }
                }
            }
        }
        if found.isEmpty, let firstError { throw firstError }
        return found
    }

    private static func read(_ path: String, isFarAway: Bool) throws(AnnotationError) -> YOLOClassNames {
        let data: Data
        do {
            data = try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumBytes)
        } catch {
            throw .unreadable(path: path, reason: (error as? FileError)?.reason ?? "\(error)")
        }
        if ["yaml", "yml"].contains(fileExtension(of: RelativePath.name(path)) ?? "") {
            let content = try YAMLNames.parse(data, path: path)
            return YOLOClassNames(
                source: path, isFarAway: isFarAway, keypointNumbers: content.keypointNumbers,
                names: content.names)
        }
        guard let text = String(textFile: data) else {
            throw .malformed(path: path, place: nil, reason: "expected text in UTF-8")
        }
        guard !YOLOLine.isLabel(text) else {
            throw .malformed(path: path, place: nil, reason: "expected a class name a line, got boxes")
        }
        let named = text.lines.enumerated().map { ($0, $1.trimmed) }.filter { !$0.1.isEmpty }
        return YOLOClassNames(
            source: path, isFarAway: isFarAway, keypointNumbers: nil,
            names: Dictionary(named, uniquingKeysWith: { first, _ in first }))
    }

    /// Throws when one of the others gives a class another name.
    private func check(against others: [YOLOClassNames]) throws(AnnotationError) {
        for other in others {
            let ids = names.keys.filter { id in other[id].map { $0.trimmed != names[id]?.trimmed } ?? false }
            guard let id = ids.min(), let mine = names[id], let theirs = other[id] else { continue }
            throw .malformed(
                path: source, place: nil,
                reason: "class \(id) is \(mine.printable) here and \(theirs.printable) in "
                    + "\(other.source.printable): keep the file that is right")
        }
    }
}
