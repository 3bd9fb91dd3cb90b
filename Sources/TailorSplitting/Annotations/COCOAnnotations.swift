import Foundation
import TailorDatasets
import TailorSupport

/// COCO annotations: JSON with images, categories and annotations that refer to both (Lin et al., 2014).
enum COCOAnnotations {
    private static let maximumBytes = 1 << 30

    /// Reads a file. Throws `AnnotationError` when it has another form.
    static func read(_ path: String, images: ImageIndex) throws -> AnnotationSet {
        let document = try document(path)
        let file = RelativePath.name(path)
        var problems: [FileProblem] = []
        let categories = try unique(document.categories.map { ($0.id, $0.name) }, "categories", path)
        let entries = try unique(document.images.enumerated().map { ($1.id, $0) }, "images", path)

        var boxes: [Int: [AnnotatedBox]] = [:]
        var crowds = 0
        for (index, annotation) in document.annotations.enumerated() {
            let place = "annotations[\(index)]"
            if annotation.isCrowd {
                crowds += 1
                continue
            }
            do throws(PathRefusal) {
                guard let image = entries[annotation.imageID] else {
                    throw PathRefusal("there is no image with the id \(annotation.imageID)")
                }
                guard let name = categories[annotation.categoryID] else {
                    throw PathRefusal("there is no category with the id \(annotation.categoryID)")
                }
                let box = annotation.bbox
                guard box.count == 4 else {
                    throw PathRefusal("bbox: expected 4 numbers (x, y, width, height), got \(box.count)")
                }
                boxes[image, default: []].append(
                    try AnnotatedBox(
                        className: name, left: box[0], top: box[1], right: box[0] + box[2],
                        bottom: box[1] + box[3], file: file, place: place))
            } catch {
                problems.append(FileProblem(path: file, reason: "\(place): \(error.reason)"))
            }
        }

        var found: [AnnotatedImage] = []
        for (index, boxes) in boxes.sorted(by: { $0.key < $1.key }) {
            let image = document.images[index]
            do {
                found.append(
                    AnnotatedImage(
                        path: try images.image(named: image.fileName, folder: ""), size: image.size,
                        boxes: boxes))
            } catch {
                problems.append(FileProblem(path: file, reason: "images[\(index)]: \(error.reason)"))
            }
        }
        return AnnotationSet(format: .coco, images: found, crowds: crowds, problems: problems)
    }

    private static func document(_ path: String) throws -> COCODocument {
        do {
            let data = try RegularFile.contents(of: URL(fileURLWithPath: path), maximumBytes: maximumBytes)
            return try JSONFile.decode(COCODocument.self, from: data)
        } catch let error as FileError {
            throw AnnotationError.unreadable(path: path, reason: error.reason)
        } catch let error as JSONFileError {
            throw AnnotationError.malformed(
                path: path, place: nil, reason: "not COCO annotations: \(error.reason)")
        }
    }

    private static func unique<Value>(
        _ pairs: [(COCOIdentifier, Value)], _ list: String, _ path: String
    ) throws -> [COCOIdentifier: Value] {
        var values: [COCOIdentifier: Value] = [:]
        for (index, pair) in pairs.enumerated() {
            guard values.updateValue(pair.1, forKey: pair.0) == nil else {
                throw AnnotationError.malformed(
                    path: path, place: "\(list)[\(index)]", reason: "the id \(pair.0) was given before")
            }
        }
        return values
    }
}

/// Document with the fields that are needed.
private struct COCODocument: Decodable {
    let images: [Image]
    let annotations: [Annotation]
    let categories: [Category]

    struct Image: Decodable {
        let id: COCOIdentifier
        let fileName: String
        let width: Int?
        let height: Int?

        enum CodingKeys: String, CodingKey {
            case id, width, height
            case fileName = "file_name"
        }

        var size: AnnotatedImage.Size? {
            guard let width, let height, width > 0, height > 0 else { return nil }
            return AnnotatedImage.Size(width: width, height: height)
        }
    }

    struct Annotation: Decodable {
        let imageID: COCOIdentifier
        let categoryID: COCOIdentifier
        let bbox: [Double]
        let isCrowd: Bool

        enum CodingKeys: String, CodingKey {
            case bbox
            case imageID = "image_id"
            case categoryID = "category_id"
            case isCrowd = "iscrowd"
        }

        init(from decoder: any Decoder) throws {
            let values = try decoder.container(keyedBy: CodingKeys.self)
            imageID = try values.decode(COCOIdentifier.self, forKey: .imageID)
            categoryID = try values.decode(COCOIdentifier.self, forKey: .categoryID)
            bbox = try values.decode([Double].self, forKey: .bbox)
            isCrowd = try values.decodeIfPresent(Int.self, forKey: .isCrowd).map { $0 != 0 } ?? false
        }
    }

    struct Category: Decodable {
        let id: COCOIdentifier
        let name: String
    }
}

/// Identifier: an integer by the specification, a string in some tools.
private enum COCOIdentifier: Decodable, Hashable, CustomStringConvertible {
    case number(Int)
    case text(String)

    init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
            self = .text(text)
        } else {
            self = .number(try value.decode(Int.self))
        }
    }

    var description: String {
        switch self {
        case .number(let number): "\(number)"
        case .text(let text): "\"\(text.printable)\""
        }
    }
}
