import TailorDatasets
import TailorSupport

/// Annotations that cannot be read as a whole, and what was expected.
public enum AnnotationError: CategorizedError, Equatable, Sendable {
    case unreadable(path: String, reason: String)
    case noneFound(path: String)
    case severalFormats(path: String, first: String, second: String)
    /// YOLO's numbers without their names.
    case noClassNames(folders: [String])
    case malformed(path: String, place: String?, reason: String)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .unreadable(let path, let reason):
            return "\(path.printable): \(reason)"
        case .noneFound(let path):
            return
                "\(path.printable) holds no annotations: expected a folder of Pascal VOC .xml or YOLO .txt "
                + "files, or a COCO .json file"
        case .severalFormats(let path, let first, let second):
            return "\(path.printable) holds .xml and .txt files (\(first.printable), \(second.printable)): "
                + "keep the Pascal VOC or the YOLO annotations"
        case .noClassNames(let folders):
            return
                "YOLO annotations number their classes, and there is no classes.txt or data.yaml with names "
                + "in \(folders.map(\.printable).joined(separator: " or "))"
        case .malformed(let path, let place, let reason):
            return "\(path.printable)\(place.map { ", \($0)" } ?? ""): \(reason)"
        }
    }
}
