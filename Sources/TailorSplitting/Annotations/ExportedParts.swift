import TailorDatasets
import TailorSupport

/// What the paths of an exported data set say about its images.
enum ExportedParts {
    private static let names: Set<String> = [
        "train", "training", "val", "valid", "validation", "test", "testing", "train2017", "val2017",
    ]

    /// Warning that images which the export had divided are divided anew; nil where it had not.
    static func warning(_ paths: [String]) -> String? {
        let folders = paths.map { AnnotatedPath(RelativePath.folder($0)).components.map { $0.lowercased() } }
        let found = Set(folders.flatMap { $0.filter(names.contains) }).sorted()
        guard found.count > 1 else { return nil }
        return
            "the annotated images lie in parts already (\(found.map { $0 + "/" }.listed())): they are divided "
            + "anew, all together"
    }

    /// Name that all versions of one original share, as Roboflow names them (`1_jpg.rf.0f3a….jpg`); nil for
    /// other names. Versions are often augmented, and must not be divided.
    static func original(of path: String) -> String? {
        let stem = RelativePath.stem(RelativePath.name(path))
        guard let range = stem.firstRange(of: ".rf."), range.lowerBound > stem.startIndex,
            stem[range.upperBound...].count >= 16, stem[range.upperBound...].allSatisfy(\.isHexDigit)
        else { return nil }
        return String(stem[..<range.lowerBound])
    }
}
