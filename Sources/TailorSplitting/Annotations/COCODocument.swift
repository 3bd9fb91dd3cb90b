import TailorDatasets
import TailorSupport

/// COCO document: images, categories, and annotations that refer to both. Each entry stands for itself: one
/// that is odd does not spoil the others.
struct COCODocument {
    struct Entry<Value> {
        let index: Int
        let id: COCOIdentifier?
        /// Content, or the reason why it cannot be used.
        let content: Result<Value, PathRefusal>
    }

    struct Image: Equatable {
        let fileName: String
        let size: AnnotatedImage.Size?
    }

    struct Annotation {
        let image: COCOIdentifier
        let category: COCOIdentifier
        let region: COCORegion
        let isCrowd: Bool
    }

    private(set) var images: [Entry<Image>] = []
    private(set) var annotations: [Entry<Annotation>] = []
    private(set) var categories: [Entry<String>] = []

    /// Parses a document. Throws `AnnotationError` when it is no JSON, or of another form.
    init(_ bytes: UnsafeRawBufferPointer, path: String) throws(AnnotationError) {
        var reader = JSONReader(bytes, allowsNonFinite: true)
        var keys: [String] = []
        var misfit: String?
        do throws(JSONSyntaxError) {
            let isObject = reader.peek() == UInt8(ascii: "{")
            if isObject {
                try reader.object { key, reader throws(JSONSyntaxError) in
                    keys.append(key)
                    guard ["images", "annotations", "categories"].contains(key) else {
                        return try reader.skip()
                    }
                    guard reader.peek() == UInt8(ascii: "[") else {
                        misfit = misfit ?? "\(key): expected a list"
                        return try reader.skip()
                    }
                    try reader.array { reader throws(JSONSyntaxError) in
                        switch key {
                        case "images": try takeImage(&reader)
                        case "annotations": try takeAnnotation(&reader)
                        default: try takeCategory(&reader)
                        }
                    }
                }
            } else {
                try reader.skip()
            }
            try reader.finish()
            if !isObject { misfit = "expected images, annotations and categories, got a list" }
        } catch {
            throw .malformed(path: path, place: error.place, reason: "not valid JSON: \(error.reason)")
        }
        if let missing = ["images", "annotations", "categories"].first(where: { !keys.contains($0) }) {
            misfit = misfit ?? Self.unlike(keys) + "expected a value for \"\(missing)\", got none"
        }
        if let misfit {
            throw .malformed(path: path, place: nil, reason: "not COCO annotations: \(misfit)")
        }
    }

    /// Name of another tool's format, by its keys, before what is missing.
    private static func unlike(_ keys: [String]) -> String {
        let others = [
            ("shapes", "LabelMe's own format, export as COCO; "),
            ("_via_img_metadata", "a project of the VGG Image Annotator, export as COCO or CSV; "),
        ]
        return others.first { keys.contains($0.0) }?.1 ?? ""
    }

    // MARK: Entries

    private mutating func takeImage(_ reader: inout JSONReader) throws(JSONSyntaxError) {
        let (members, _) = try Self.members(&reader, ["id", "file_name", "width", "height"])
        images.append(
            Entry(
                index: images.count, id: COCOIdentifier(members?["id"]),
                content: Self.result { () throws(PathRefusal) in
                    guard let members else { throw PathRefusal("expected an object") }
                    guard case .text(let name)? = members["file_name"] else {
                        throw PathRefusal(
                            "file_name: expected a text, got \(Self.described(members["file_name"]))")
                    }
                    let width = try Self.side("width", members)
                    let height = try Self.side("height", members)
                    guard let width, let height else { return Image(fileName: name, size: nil) }
                    return Image(fileName: name, size: AnnotatedImage.Size(width: width, height: height))
                }))
    }

    private mutating func takeCategory(_ reader: inout JSONReader) throws(JSONSyntaxError) {
        let (members, _) = try Self.members(&reader, ["id", "name"])
        categories.append(
            Entry(
                index: categories.count, id: COCOIdentifier(members?["id"]),
                content: Self.result { () throws(PathRefusal) in
                    guard let members else { throw PathRefusal("expected an object") }
                    switch members["name"] {
                    case .text(let name)?: return name
                    case .integer(let name)?: return "\(name)"
                    default:
                        throw PathRefusal("name: expected a text, got \(Self.described(members["name"]))")
                    }
                }))
    }

    private mutating func takeAnnotation(_ reader: inout JSONReader) throws(JSONSyntaxError) {
        let (members, segmentation) = try Self.members(
            &reader, ["id", "image_id", "category_id", "bbox", "iscrowd"])
        let outline: JSONValue?
        // Outlines are the greater part of a document, and are read only where there is no box.
        if var segmentation, members?["bbox"].map(COCORegion.isAbsent) ?? true {
            outline = try segmentation.value()
        } else {
            outline = nil
        }
        annotations.append(
            Entry(
                index: annotations.count, id: COCOIdentifier(members?["id"]),
                content: Self.result { () throws(PathRefusal) in
                    guard let members else { throw PathRefusal("expected an object") }
                    func reference(_ key: String) throws(PathRefusal) -> COCOIdentifier {
                        guard let id = COCOIdentifier(members[key]) else {
                            throw PathRefusal(
                                "\(key): expected a number, got \(Self.described(members[key]))")
                        }
                        return id
                    }
                    let isCrowd = try Self.truth("iscrowd", members)
                    let image = try reference("image_id")
                    let category = try reference("category_id")
                    return Annotation(
                        image: image, category: category,
                        region: isCrowd
                            ? .none : try COCORegion(box: members["bbox"], outline: outline),
                        isCrowd: isCrowd)
                }))
    }

    /// Members of an entry that are needed, and where its segmentation begins; nil for what is no object.
    private static func members(
        _ reader: inout JSONReader, _ needed: Set<String>
    ) throws(JSONSyntaxError) -> (members: [String: JSONValue]?, segmentation: JSONReader?) {
        guard reader.peek() == UInt8(ascii: "{") else {
            try reader.skip()
            return (nil, nil)
        }
        var members: [String: JSONValue] = [:]
        var segmentation: JSONReader?
        try reader.object { key, reader throws(JSONSyntaxError) in
            if key == "segmentation" { segmentation = reader }
            if needed.contains(key) { members[key] = try reader.value() } else { try reader.skip() }
        }
        return (members, segmentation)
    }

    private static func result<Value>(
        _ body: () throws(PathRefusal) -> Value
    ) -> Result<Value, PathRefusal> {
        do throws(PathRefusal) {
            return .success(try body())
        } catch {
            return .failure(error)
        }
    }

    private static func described(_ value: JSONValue?) -> String { value?.described ?? "none" }

    /// Side of an image in pixels, also written as a text; nil where it is not known (none, 0, -1, NaN).
    private static func side(_ key: String, _ members: [String: JSONValue]) throws(PathRefusal) -> Int? {
        guard let value = members[key], value != .null, value != .text("") else { return nil }
        guard let number = value.double else {
            throw PathRefusal("\(key): expected a number of pixels, got \(value.described)")
        }
        guard number > 0 else { return nil }
        guard let side = Int(exactly: number) else {
            if number.isNaN { return nil }
            throw PathRefusal("\(key): expected a whole number of pixels, got \(value.described)")
        }
        return side
    }

    private static func truth(_ key: String, _ members: [String: JSONValue]) throws(PathRefusal) -> Bool {
        switch members[key] {
        case nil, .null?: return false
        case .bool(let value)?: return value
        case .text(let text)? where ["true", "false", ""].contains(text.lowercased()):
            return text.lowercased() == "true"
        case let value?:
            guard let number = value.double, number == 0 || number == 1 else {
                throw PathRefusal("\(key): expected 0 or 1, got \(value.described)")
            }
            return number == 1
        }
    }
}

/// Identifier: an integer by the specification, a float or a text in some tools.
enum COCOIdentifier: Hashable, CustomStringConvertible {
    case number(Int)
    case text(String)

    /// nil for what is no identifier.
    init?(_ value: JSONValue?) {
        switch value {
        case .integer(let number)?: self = .number(number)
        case .number(let number)?:
            guard let number = Int(exactly: number) else { return nil }
            self = .number(number)
        case .text(let text)? where !text.isEmpty: self = .text(text)
        default: return nil
        }
    }

    /// The same number as a text, or the reverse; nil where there is none.
    var otherSpelling: COCOIdentifier? {
        switch self {
        case .number(let number): .text("\(number)")
        case .text(let text): Int(text).map { .number($0) }
        }
    }

    var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): "\"\(text.printable)\""
        }
    }
}
