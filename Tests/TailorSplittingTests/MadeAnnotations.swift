import Foundation
import TailorDatasets
import TailorImages
import TailorSplitting
import TestSupport

/// Pictures of 100 × 80 pixels whose red is the column and whose green is the row, and annotations of them.
final class MadeAnnotations {
    let made: MadeDataset
    var images: URL { made.url.appendingPathComponent("images") }
    var annotations: URL { made.url.appendingPathComponent("annotations") }

    /// In pixels from 0, the right and bottom edges excluded.
    struct Box {
        let name: String
        let left: Int
        let top: Int
        let right: Int
        let bottom: Int

        init(_ name: String, _ left: Int, _ top: Int, _ right: Int, _ bottom: Int) {
            self.name = name
            self.left = left
            self.top = top
            self.right = right
            self.bottom = bottom
        }
    }

    static let boxes: [[Box]] = [
        [Box("cat", 10, 20, 30, 60), Box("dog", 0, 0, 20, 16)], [Box("dog", 60, 44, 100, 80)],
        [Box("cat", 5, 5, 9, 70), Box("cat", 40, 30, 56, 47)], [Box("dog", 20, 20, 90, 40)],
    ]

    init(pictures: Int = boxes.count) throws {
        made = try MadeDataset()
        for number in 0..<pictures { try made.write(Self.picture(), to: "images/in/\(number).ppm") }
        try made.folder("annotations")
    }

    static func picture() throws -> Data { try TestImage.coordinates(width: 100, height: 80, blue: 7).ppm }

    func write(_ text: String, to name: String) throws {
        try made.write(Data(text.utf8), to: "annotations/" + name)
    }

    func writeVOC() throws {
        for (number, boxes) in Self.boxes.enumerated() {
            try write(Self.voc(boxes, image: "\(number).ppm"), to: "in/\(number).xml")
        }
    }

    static func voc(_ boxes: [Box], image: String) -> String {
        let objects = boxes.map { box in
            """
            <object><name>\(box.name)</name><part><name>ear</name><bndbox><xmin>1</xmin></bndbox></part>
            <bndbox><xmin>\(box.left + 1)</xmin><ymin>\(box.top + 1)</ymin>
            <xmax>\(box.right)</xmax><ymax>\(box.bottom)</ymax></bndbox></object>

            """
        }
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <annotation><folder>elsewhere</folder><filename>\(image)</filename>
            <size><width>100</width><height>80</height><depth>3</depth></size>
            \(objects.joined())</annotation>
            """
    }

    func writeYOLO() throws {
        try write("cat\ndog\n", to: "classes.txt")
        for (number, boxes) in Self.boxes.enumerated() {
            let lines = boxes.map { box in
                let x = Double(box.left + box.right) / 200
                let y = Double(box.top + box.bottom) / 160
                return "\(box.name == "cat" ? 0 : 1) \(x) \(y) \(Double(box.right - box.left) / 100) "
                    + "\(Double(box.bottom - box.top) / 80)"
            }
            try write(lines.joined(separator: "\r\n") + "\r\n\r\n", to: "in/\(number).txt")
        }
    }

    func writeCOCO() throws -> URL {
        let images = Self.boxes.indices.map {
            "{\"id\": \($0 + 10), \"file_name\": \"in/\($0).ppm\", \"width\": 100, \"height\": 80}"
        }
        let boxes = Self.boxes.enumerated().flatMap { number, boxes in
            boxes.map { box in
                "{\"image_id\": \(number + 10), \"category_id\": \(box.name == "cat" ? 3 : 5), \"iscrowd\": 0, "
                    + "\"bbox\": [\(box.left), \(box.top), \(box.right - box.left).0, \(box.bottom - box.top)], "
                    + "\"segmentation\": {\"counts\": \"x\"}}"
            }
        }
        let crowd = "{\"image_id\": 11, \"category_id\": 5, \"iscrowd\": 1, \"bbox\": [0, 0, 90, 70]}"
        try write(
            "{\"info\": {}, \"images\": [\(images.joined(separator: ", "))], "
                + "\"annotations\": [\((boxes + [crowd]).joined(separator: ", "))], "
                + "\"categories\": [{\"id\": 3, \"name\": \"cat\"}, {\"id\": 5, \"name\": \"dog\"}]}",
            to: "boxes.json")
        return annotations.appendingPathComponent("boxes.json")
    }

    func read(
        _ url: URL? = nil, margin: Double = 0, groups: GroupSource? = nil, skipsProblems: Bool = false
    ) throws -> SplitSource {
        try SplitSource.annotated(
            images: images, annotations: url ?? annotations,
            cropping: try Cropping(margin: margin), groups: groups, skipsProblems: skipsProblems)
    }
}

extension SplitSource {
    /// `class path x y width height`, for comparison.
    var crops: [String] {
        images.map { image in
            let crop = image.crop.map { "\($0.left) \($0.top) \($0.width) \($0.height)" } ?? "whole"
            return "\(classes.names[image.label]) \(image.path) \(crop)"
        }
    }
}
