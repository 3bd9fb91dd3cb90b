import Foundation
import TailorDatasets
import TailorSplitting
import TestSupport
import Testing

/// Annotations as the exporters of other tools write them.
@Suite struct ExportedAnnotationTests {
    private static let tail =
        "\"categories\": [{\"id\": 0, \"name\": \"cat\"}, {\"id\": 1, \"name\": \"dog\"}]}"

    private func coco(_ made: MadeAnnotations, images: [String], boxes: [String]) throws -> SplitSource {
        try made.write(
            "{\"images\": [\(images.joined(separator: ","))], \"annotations\": [\(boxes.joined(separator: ","))], "
                + Self.tail, to: "c.json")
        return try made.read(made.annotations.appendingPathComponent("c.json"), skipsProblems: true)
    }

    private static func image(_ id: Int, _ name: String, _ more: String = "") -> String {
        "{\"id\": \(id), \"file_name\": \"\(name)\"\(more)}"
    }

    private static func box(_ image: String, _ category: String, _ more: String) -> String {
        "{\"image_id\": \(image), \"category_id\": \(category), \(more)}"
    }

    // MARK: COCO

    /// Label Studio on Windows, LabelMe's converter, another computer's path.
    @Test(arguments: [
        "images\\\\in\\\\0.ppm", "..\\\\in\\\\0.ppm", "./in/0.ppm", "in/0.ppm", "0",
        "C:\\\\data\\\\images\\\\in\\\\0.ppm",
    ])
    func pathsOfOtherSystems(name: String) throws {
        let made = try MadeAnnotations(pictures: 2)
        let source = try coco(
            made, images: [Self.image(1, name), Self.image(2, "in/1.ppm")],
            boxes: [
                Self.box("1", "0", "\"bbox\": [0, 0, 20, 30]"),
                Self.box("2", "1", "\"bbox\": [5, 5, 20, 30]"),
            ])
        #expect(source.crops == ["cat in/0.ppm 0 0 20 30", "dog in/1.ppm 5 5 20 30"])
        #expect(source.warnings.isEmpty && source.notes == ["COCO: 2 boxes in 2 images"])
    }

    /// Polygons, one without its list, and the masks of pycocotools, packed and not.
    @Test func boxesFromSegmentations() throws {
        let made = try MadeAnnotations(pictures: 4)
        // 80 high, 100 wide; x from 10 to 30, y from 20 to 60.
        let runs = [820] + [Int](repeating: 40, count: 39) + [5620 - 40]
        let packed = "di0X1X1" + String(repeating: "0", count: 37) + "\\\\^5"
        let source = try coco(
            made, images: (0..<4).map { Self.image($0, "\($0).ppm") },
            boxes: [
                Self.box("0", "0", "\"segmentation\": [[10, 20, 30, 20, 30, 60], [15, 10, 40, 20, 30, 30]]"),
                Self.box("1", "1", "\"bbox\": [], \"segmentation\": [10.0, 20, 30, 20, 30, 60.0]"),
                Self.box(
                    "2", "0",
                    "\"segmentation\": {\"size\": [80, 100], \"counts\": \(runs)}, \"bbox\": null"),
                Self.box("3", "1", "\"segmentation\": {\"size\": [80, 100], \"counts\": \"\(packed)\"}"),
                Self.box("3", "1", "\"segmentation\": {\"size\": [80, 100], \"counts\": \"~\"}"),
                Self.box("3", "1", "\"id\": 9, \"segmentation\": [[1, 2]]"),
                Self.box("3", "1", "\"area\": 3"),
            ])
        #expect(
            source.crops == [
                "cat in/0.ppm 10 10 30 50", "dog in/1.ppm 10 20 20 40", "cat in/2.ppm 10 20 20 40",
                "dog in/3.ppm 10 20 20 40",
            ])
        #expect(
            source.notes == [
                "COCO: 4 boxes in 4 images",
                "4 annotations without bbox: the box that encloses the segmentation is cut out",
            ])
        #expect(
            source.warnings == [
                "left out for 3 problems: "
                    + "c.json: annotations[4]: segmentation: expected the run lengths of a mask, "
                    + "c.json: annotations[5] (id 9): segmentation: expected outlines of three points or more, x and y "
                    + "each, c.json: annotations[6]: expected bbox or segmentation, got none"
            ])
    }

    /// Sizes unknown or as texts, identifiers of other types, a crowd as a boolean, an image listed twice.
    @Test func looseTypes() throws {
        let made = try MadeAnnotations(pictures: 4)
        let source = try coco(
            made,
            images: [
                Self.image(0, "0.ppm", ", \"width\": -1, \"height\": -1"),
                Self.image(1, "1.ppm", ", \"width\": \"100\", \"height\": \"80\""),
                Self.image(2, "2.ppm", ", \"width\": NaN, \"height\": null"),
                "{\"id\": \"3\", \"file_name\": \"3.ppm\", \"width\": 100.0, \"height\": 80}",
                Self.image(0, "0.ppm", ", \"width\": -1, \"height\": -1"),
            ],
            boxes: [
                Self.box("0.0", "0", "\"bbox\": [0, 0, 20, 30], \"iscrowd\": false"),
                Self.box("\"1\"", "1.0", "\"bbox\": [\"5\", 5, 20, 30]"),
                Self.box("2", "1", "\"bbox\": [5, 5, 20, 30], \"iscrowd\": true"),
                Self.box("2", "\"1\"", "\"bbox\": [5, 5, 30, 30], \"iscrowd\": \"0\""),
                Self.box("3", "0", "\"bbox\": [NaN, 5, 20, 30]"),
                Self.box("3", "0", "\"bbox\": [0, 0, 20, 20]"),
            ])
        #expect(
            source.crops == [
                "cat in/0.ppm 0 0 20 30", "dog in/1.ppm 5 5 20 30", "dog in/2.ppm 5 5 30 30",
                "cat in/3.ppm 0 0 20 20",
            ])
        #expect(
            source.warnings == [
                "left out for 1 problem: c.json: annotations[4]: a box with an edge at nan: expected a finite number"
            ])
        #expect(source.notes == ["COCO: 4 boxes in 4 images", "1 crowd annotation left out"])
    }

    /// Roboflow: a document in each part, beside its images; versions of one original stay together.
    @Test func aFolderOfDocuments() throws {
        let made = try MadeAnnotations(pictures: 0)
        let hex = "0123456789abcdef0123456789abcde"
        let names = [
            ("train", "1_jpg.rf.\(hex)0"), ("train", "1_jpg.rf.\(hex)1"), ("valid", "2_jpg.rf.\(hex)2"),
        ]
        for (part, name) in names {
            try made.made.write(MadeAnnotations.picture(), to: "set/\(part)/\(name).ppm")
        }
        func document(_ files: [String], _ category: Int) -> Data {
            let images = files.enumerated().map { Self.image($0, $1 + ".ppm") }.joined(separator: ",")
            let boxes = files.indices.map { Self.box("\($0)", "\(category)", "\"bbox\": [0, 0, 20, 30]") }
            return Data(
                "{\"images\": [\(images)], \"annotations\": [\(boxes.joined(separator: ","))], \(Self.tail)"
                    .utf8)
        }
        try made.made.write(document([names[0].1, names[1].1], 0), to: "set/train/_annotations.coco.json")
        try made.made.write(document([names[2].1], 1), to: "set/valid/_annotations.coco.json")
        try made.made.write(Data("About.".utf8), to: "set/README.dataset.txt")
        let set = made.made.url.appendingPathComponent("set")
        let source = try SplitSource.annotated(
            images: set, annotations: set, cropping: try Cropping(margin: 0))
        #expect(source.images.map(\.group) == ["1_jpg", "1_jpg", "2_jpg"])
        #expect(
            source.warnings == [
                "the annotated images lie in parts already (train/, valid/): they are divided anew, all together"
            ])
    }

    // MARK: YOLO

    /// A polygon, an oriented box, a class as a decimal, a confidence, a repeated line.
    @Test func yoloLines() throws {
        let made = try MadeAnnotations(pictures: 4)
        try made.write("cat\ndog\n", to: "classes.txt")
        try made.write("0 0.1 0.25 0.5 0.2 0.4 0.75 0.2 0.5 0.1 0.3\n", to: "0.txt")
        try made.write("1 0.2 0.25 0.6 0.25 0.6 1.1 0.2 0.5\r1 0.5 0.5 0.5 0.5\r", to: "1.txt")
        try made.write("1.000000e+00 0.5 0.5 0.5 0.5 0.913\n", to: "2.txt")
        try made.write("0.0 0.5 0.5 0.5 0.5\n0 .5 .5 .5 .5\n1 0.5 0.5 0.4 0.5\n", to: "3.txt")
        let source = try made.read()
        #expect(
            source.crops == [
                "cat in/0.ppm 10 16 40 44", "dog in/1.ppm 20 20 40 60", "dog in/1.ppm 25 20 50 40",
                "dog in/2.ppm 25 20 50 40", "cat in/3.ppm 25 20 50 40", "dog in/3.ppm 30 20 40 40",
            ])
        #expect(source.warnings.isEmpty)
        #expect(
            source.notes == [
                "YOLO: 6 boxes in 4 images",
                "1 box given again for the same part of an image, taken once",
                "1 box reached beyond the image, cut at its edge",
                "2 polygons or oriented boxes: the box that encloses each is cut out",
                "confidences of 1 box not used",
            ])
    }

    @Test func onePartInTwoClasses() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write("cat\ndog\n", to: "classes.txt")
        try made.write("0 .5 .5 .5 .5\n1 .5 .5 .5 .5\n", to: "0.txt")
        try made.write("1 .5 .5 .5 .5\n", to: "1.txt")
        let source = try made.read()
        #expect(source.crops.count == 3)
        #expect(
            source.warnings == [
                "1 part of an image is in two classes: 0.txt, line 2: dog here, cat in line 1"
            ])
    }

    /// The numbers of a pose are a box and points within it, which `kpt_shape` alone tells from an outline.
    @Test func keypoints() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write("0 0.5 0.5 0.9 0.9 0.2 0.2 0.8 0.8\n", to: "0.txt")
        try made.write("1 0.5 0.5 0.9 0.9 0.2 0.2 0.8 0.8\n", to: "1.txt")
        try made.write("names: [cat, dog]\nkpt_shape: [2, 2]\n", to: "data.yaml")
        let source = try made.read()
        #expect(source.crops == ["cat in/0.ppm 5 4 90 72", "dog in/1.ppm 5 4 90 72"])
        #expect(source.notes == ["YOLO: 2 boxes in 2 images", "keypoints of 2 boxes not used"])
        try made.write("names: [cat, dog]\nkpt_shape: [3, 2]\n", to: "data.yaml")
        let error = #expect(throws: SplitError.self) { try made.read() }
        #expect(
            error?.description.contains(
                "expected 5 numbers (class, centre x, centre y, width, height) or 11 (with keypoints), got 9")
                == true)
        try made.write("names: [cat, dog]\n", to: "data.yaml")
        #expect(
            try made.read(margin: 0).warnings == [
                "2 lines read as outlines could as well be boxes with keypoints: if they are, say so by kpt_shape in "
                    + "data.yaml"
            ])
    }

    /// Folders as Roboflow, Ultralytics and CVAT write them; `0` in two parts means two images.
    @Test(arguments: [
        (labels: "set/train/labels", images: "set/train/images", names: "set/data.yaml"),
        (labels: "set/labels/train", images: "set/images/train", names: "set/data.yml"),
        (labels: "set/obj_train_data", images: "set/obj_train_data", names: "set/obj.names"),
        (labels: "set/labels", images: "set/images", names: "set/labels/coco.names"),
        (labels: "set", images: "set", names: "set/labels.txt"),
        (labels: "set/train", images: "set/train", names: "set/train/_darknet.labels"),
        (labels: "set/train", images: "set/train", names: "set/my-set.yaml"),
    ])
    func trees(labels: String, images: String, names: String) throws {
        let made = try MadeDataset()
        for part in ["a", "b"] {
            try made.write(MadeAnnotations.picture(), to: "\(images)/\(part)/0.ppm")
            try made.write(
                Data("\(part == "a" ? 0 : 1) 0.5 0.5 0.5 0.5\n".utf8), to: "\(labels)/\(part)/0.txt")
        }
        let isYAML = names.hasSuffix("yaml") || names.hasSuffix("yml")
        try made.write(Data((isYAML ? "names: [cat, dog]\n" : "cat\ndog\n").utf8), to: names)
        try made.write(Data("Exported today.\n1 2 3\n".utf8), to: "set/README.roboflow.txt")
        try made.write(Data("images/a/0.ppm\n".utf8), to: "set/train.txt")
        let root = made.url.appendingPathComponent("set")
        let expected = ["a", "b"].map { part in
            let path = "\(images)/\(part)/0.ppm".dropFirst(4)
            return "\(part == "a" ? "cat" : "dog") \(path) 25 20 50 40"
        }
        let whole = try SplitSource.annotated(
            images: root, annotations: root, cropping: try Cropping(margin: 0))
        #expect(whole.crops == expected && whole.warnings.isEmpty)
        #expect(
            whole.notes.last?.hasSuffix(
                "text files without boxes passed over: README.roboflow.txt, train.txt")
                == true)
        // The folder of labels alone finds the names above it.
        let part = try SplitSource.annotated(
            images: root, annotations: made.url.appendingPathComponent(labels),
            cropping: try Cropping(margin: 0))
        #expect(part.crops == expected)
    }

    /// Labels of an image that is missing never become those of another one with the same name.
    @Test func aLabelWithoutItsImage() throws {
        let made = try MadeDataset()
        for number in 0..<2 {
            try made.write(MadeAnnotations.picture(), to: "set/images/train/\(number).ppm")
            try made.write(Data("\(number) .5 .5 .5 .5\n".utf8), to: "set/labels/train/\(number).txt")
        }
        try made.write(Data("1 .5 .5 .4 .4\n".utf8), to: "set/labels/val/0.txt")
        try made.write(Data("names: [cat, dog]".utf8), to: "set/data.yaml")
        let root = made.url.appendingPathComponent("set")
        func read(skipsProblems: Bool) throws -> SplitSource {
            try SplitSource.annotated(
                images: root, annotations: root, cropping: try Cropping(margin: 0),
                skipsProblems: skipsProblems)
        }
        let error = #expect(throws: SplitError.self) { try read(skipsProblems: false) }
        #expect(
            error?.description == "1 problem in \(root.path):\n"
                + "  labels/val/0.txt: there is no image labels/val/0.txt; images/train/0.ppm, the only one like "
                + "it, has annotations under another name")
        #expect(
            try read(skipsProblems: true).crops == [
                "cat images/train/0.ppm 25 20 50 40", "dog images/train/1.ppm 25 20 50 40",
            ])
    }

    @Test func namesThatContradict() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write("0 .5 .5 .5 .5\n1 .5 .5 .4 .4\n", to: "0.txt")
        try made.write("cat\ndog\n", to: "classes.txt")
        try made.write("names: [dog, cat]\n", to: "data.yaml")
        let error = #expect(throws: AnnotationError.self) { try made.read() }
        #expect(
            error?.description
                == "\(made.annotations.path)/classes.txt: class 0 is cat here and dog in "
                + "\(made.annotations.path)/data.yaml: keep the file that is right")
        try made.write("names: [cat, dog, hen]\n", to: "data.yaml")
        #expect(try made.read().classes.names == ["cat", "dog"])
        // LabelImg writes a list into every folder.
        try made.write("1 .5 .5 .5 .5\n", to: "more/1.txt")
        try made.write("dog\n", to: "more/classes.txt")
        #expect(
            #expect(throws: AnnotationError.self) { try made.read() }?.description.contains(
                "class 0 is cat here and dog in \(made.annotations.path)/more/classes.txt") == true)
    }

    // MARK: Pascal VOC

    /// Renamed together, converted, from a system that does not tell cases apart.
    @Test(arguments: [
        (
            "IMG_1000.ppm",
            "1 image found by the name of the annotation file, which names another: IMG_1000.ppm → in/0.ppm"
        ),
        ("0.jpg", "1 image found with another extension than named: 0.jpg → in/0.ppm"),
        ("0.PPM", "1 image found by a name that differs in case or Unicode form: 0.PPM → in/0.ppm"),
        ("other/0.ppm", "1 image found in another folder than named: other/0.ppm → in/0.ppm"),
        ("D:\\pictures\\images\\in\\0.ppm", nil), ("0", nil),
    ])
    func fileNames(name: String, note: String?) throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write(MadeAnnotations.voc([.init("cat", 0, 0, 20, 20)], image: name), to: "in/0.xml")
        try made.write(MadeAnnotations.voc([.init("dog", 0, 0, 20, 20)], image: "1.ppm"), to: "in/1.xml")
        try made.write("Exported today.", to: "README.roboflow.txt")
        let source = try made.read()
        #expect(source.crops == ["cat in/0.ppm 0 0 20 20", "dog in/1.ppm 0 0 20 20"])
        #expect(source.notes == ["Pascal VOC: 2 boxes in 2 images"] + [note].compactMap { $0 })
    }

    /// A file whose own name is one image's and whose content names another may mean either.
    @Test func aFileNameThatContradicts() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write(MadeAnnotations.voc([.init("cat", 0, 0, 20, 20)], image: "1.ppm"), to: "0.xml")
        let error = #expect(throws: SplitError.self) { try made.read() }
        #expect(
            error?.description
                == "1 problem in \(made.annotations.path):\n  0.xml: filename is 1.ppm, and there is "
                + "an image with the name of this file as well, in/0.ppm: expected one of the two")
    }
}
