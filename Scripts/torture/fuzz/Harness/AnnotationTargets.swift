import Foundation
import TailorDatasets
import TailorSupport

@testable import TailorSplitting

let annotationTargets = [
    FuzzTarget("coco") { data in
        try check(try COCOAnnotations.read(["1.json"], in: labelFolder("1.json", data), images: images))
    },
    FuzzTarget("voc") { data in
        try check(
            VOCAnnotations.read(["1.xml"], in: labelFolder("1.xml", data), images: images, problems: []))
    },
    FuzzTarget("yolo") { data in
        try check(
            try YOLOAnnotations.read(
                ["1.txt"], nameLists: ["classes.txt"], in: labelFolder("1.txt", data), images: images,
                problems: []))
    },
    FuzzTarget("yolo-names") { data in
        let folder = names
        Scratch.write(data, "names/labels.txt")
        _ = try YOLOClassNames.find(for: folder, below: ["labels.txt"])
    },
    FuzzTarget("yaml") { data in _ = try YAMLNames.parse(data, path: "data.yaml") },
    FuzzTarget("boxes") { data in
        try check(try CSVAnnotations.read(["1.csv"], in: labelFolder("1.csv", data), images: images))
    },
    // The two fields of a region, with a line feed between them.
    FuzzTarget("via") { data in
        let fields = String(decoding: data, as: UTF8.self).lines
        guard fields.count == 2 else { return }
        try ignoring(PathRefusal.self) { _ = try VIARegion(shape: fields[0], attributes: fields[1]) }
    },
]

/// Folder of labels, with the names of two classes.
private let labels = Scratch.makeFolder("labels", [("classes.txt", "cat\ndog\n")])
private let names = Scratch.makeFolder("names")

/// Folder with a file of these bytes.
private func labelFolder(_ name: String, _ data: Data) -> String {
    let folder = labels
    Scratch.write(data, "labels/" + name)
    return folder
}

/// Images whose names annotations can meet; nobody opens them.
private let images: ImageIndex = {
    let folder = Scratch.makeFolder("images", [("1.jpg", ""), ("2.png", "")])
    _ = Scratch.makeFolder("images/part", [("1.jpg", ""), ("Ä.bmp", "")])
    do { return try ImageIndex(folder) } catch { fatalError("\(error)") }
}()

/// Cuts every box out of an image, as far as numbers go.
private func check(_ set: AnnotationSet) throws {
    let cropping = try Cropping(minimumSide: 1)
    for image in set.images {
        for box in image.boxes {
            for (width, height) in [(1, 1), (640, 480), (image.size?.width ?? 7, image.size?.height ?? 9)]
            where max(width, height) <= 100_000 {
                guard case .part(let part, _) = cropping.part(of: box, width: width, height: height) else {
                    continue
                }
                try expect(
                    part.left >= 0 && part.top >= 0 && part.width > 0 && part.height > 0
                        && part.left + part.width <= width && part.top + part.height <= height,
                    "a crop of \(part) of \(width)×\(height)")
            }
        }
    }
    for problem in set.problems { _ = problem.description }
}
