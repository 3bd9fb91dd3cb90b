import Foundation
import TailorDatasets
import TailorSplitting
import Testing

@Suite struct AnnotationErrorTests {
    /// The problems of a source, without what stands before them.
    private func problems(_ made: MadeAnnotations, _ url: URL? = nil) throws -> [String] {
        let error = #expect(throws: SplitError.self) { try made.read(url) }
        guard case .problems(let problems, let place)? = error else { return ["\(error as Any)"] }
        #expect(place == (url ?? made.annotations).path)
        return problems.map(\.description)
    }

    private static let object = "<object><name>cat</name><bndbox><xmin>1</xmin><ymin>1</ymin>"

    private static let vocCases: [(xml: String, expected: String)] = [
        ("<annotation>\n<filename>0.ppm</filename>\n<object><name>c", "not well-formed XML (line 3)"),
        (
            "<!DOCTYPE annotation [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>\n<annotation>&a;</annotation>",
            "<!DOCTYPE is refused: expected a plain document"
        ),
        ("<annotation><filename>&lol;</filename></annotation>", "not well-formed XML (line 1)"),
        ("<?name?>\n<annotation/>", "<?…?> without text is refused: expected a plain document"),
        (
            "<?xml version=\"1.0\"?>\n<annotation><?a b?><?c?></annotation>",
            "<?…?> without text is refused: expected a plain document"
        ),
        ("<?a b?>\n<annotation><object/></annotation>", "expected annotation/filename, got none"),
        ("", "expected XML, got something else"), ("{\"images\": []}", "expected XML, got something else"),
        ("<html></html>", "expected an annotation element, got html (line 1)"),
        (
            "<?xml version=\"1.0\" encoding=\"UTF-7\"?><annotation/>",
            "expected XML in UTF-8, got another encoding on line 1"
        ),
        ("<annotation>\(String(repeating: "<a>", count: 40))", "nested deeper than 32 elements (line 1)"),
        ("<annotation><object/></annotation>", "expected annotation/filename, got none"),
        (
            "<annotation><filename>../secret.ppm</filename></annotation>",
            "there is no image ../secret.ppm in %"
        ),
        ("<annotation><filename>/etc/9.ppm</filename></annotation>", "there is no image /etc/9.ppm in %"),
        ("<annotation><filename>..\\..</filename></annotation>", "\"..\\..\" names no file"),
        ("<annotation><filename>9.ppm</filename></annotation>", "there is no image 9.ppm in %"),
        (
            "<annotation><filename>0.ppm</filename>\n\(object)</bndbox></object></annotation>",
            "line 2: an object without bndbox/xmax"
        ),
        (
            "<annotation><filename>0.ppm</filename>\(object)<xmax>nan</xmax><ymax>20</ymax></bndbox></object></annotation>",
            "line 1: a box with an edge at nan: expected a finite number"
        ),
        (
            "<annotation><filename>0.ppm</filename>\(object)<xmax>2x</xmax><ymax>20</ymax></bndbox></object></annotation>",
            "line 1: bndbox/xmax: expected a number, got \"2x\""
        ),
        (
            "<annotation><filename>0.ppm</filename>\(object)<xmax>0</xmax><ymax>20</ymax></bndbox></object></annotation>",
            "line 1: a box of 0.0 by 20.0: expected a width and height above 0"
        ),
        (
            "<annotation><filename>0.ppm</filename><object><bndbox/></object></annotation>",
            "line 1: an object without a name"
        ),
    ]

    @Test(arguments: vocCases.indices)
    func pascalVOC(index: Int) throws {
        let (xml, expected) = Self.vocCases[index]
        let made = try MadeAnnotations(pictures: 1)
        try made.write(xml, to: "bad.xml")
        let text = expected.replacingOccurrences(of: "%", with: made.images.path)
        #expect(try problems(made) == ["bad.xml: \(text)"])
    }

    @Test func xmlInAnotherEncoding() throws {
        let made = try MadeAnnotations(pictures: 1)
        let xml = "<!DOCTYPE a><annotation/>".data(using: .utf16)
        try made.made.write(try #require(xml), to: "annotations/bad.xml")
        #expect(try problems(made) == ["bad.xml: expected XML in UTF-8"])
        try made.made.write(Data(count: 16 << 20 | 1), to: "annotations/bad.xml")
        #expect(try problems(made) == ["bad.xml: larger than the limit of 16777216 bytes"])
    }

    @Test func aBoxOutsideAndAWrongSize() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write(MadeAnnotations.voc([.init("cat", 100, 0, 130, 30)], image: "0.ppm"), to: "0.xml")
        let wrong = MadeAnnotations.voc([.init("dog", 0, 0, 30, 30)], image: "1.ppm")
            .replacingOccurrences(of: "<width>100<", with: "<width>80<")
        try made.write(wrong, to: "1.xml")
        #expect(
            try problems(made) == [
                "0.xml: line 4: the box lies outside of in/0.ppm, which has 100×80 pixels",
                "in/1.ppm: 100×80 pixels, annotated as 80×80",
            ])
    }

    @Test func anImageThatCannotBeRead() throws {
        let made = try MadeAnnotations()
        try made.writeVOC()
        try made.made.write(Data("no image".utf8), to: "images/in/1.ppm")
        let found = try problems(made)
        #expect(found.count == 1 && found[0].hasPrefix("in/1.ppm: not an image that can be read"))
        let source = try made.read(skipsProblems: true)
        #expect(source.crops.count == 4 && source.warnings.count == 1)
    }

    @Test func yoloLines() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write("cat\ndog\n", to: "classes.txt")
        try made.write(
            """
            0 0.5 0.5 0.5 0.5
            0 0.5 0.5 0.5

            7 0.5 0.5 0.5 0.5
            -1 0.5 0.5 0.5 0.5
            cat 0.5 0.5 0.5 0.5
            0 nan 0.5 0.5 0.5
            0 0.5 40 0.5 0.5
            1 0.5 0.5 0 0.5
            1 0.5 0.5 0.5 0.5 0.1 0.1 0.1
            1 0.5 0.5 0.5 0.5 17
            1.5 0.5 0.5 0.5 0.5
            0 0.5 0.5 0.5 0.5 3 0.1
            """, to: "0.txt")
        try made.write("0 0.5 0.5 0.5 0.5\n", to: "lost.txt")
        let names = "\(made.annotations.path)/classes.txt (it names 0 to 1)"
        #expect(
            try problems(made) == [
                "0.txt: line 2: expected 5 numbers (class, centre x, centre y, width, height), got 4",
                "0.txt: line 4: class 7 has no name in \(names)",
                "0.txt: line 5: class -1 has no name in \(names)",
                "0.txt: line 6: expected the number of a class, got \"cat\"",
                "0.txt: line 7: centre x: expected a share of 0 to 1, got \"nan\"",
                "0.txt: line 8: centre y: expected a share of 0 to 1, got \"40\"",
                "0.txt: line 9: a box of 0.0 by 0.5: expected a width and height above 0",
                "0.txt: line 10: expected 5 numbers (class, centre x, centre y, width, height), got 8",
                "0.txt: line 11: confidence: expected a share of 0 to 1, got \"17\"",
                "0.txt: line 12: expected the number of a class, got \"1.5\"",
                "0.txt: line 13: corner 3, x: expected a share of 0 to 1, got \"3\"",
                "lost.txt: there is no image lost in \(made.images.path)",
            ])
    }

    @Test func yoloWithoutItsImageOrWithTwo() throws {
        let made = try MadeAnnotations(pictures: 1)
        try made.made.write(MadeAnnotations.picture(), to: "images/other/0.ppm")
        try made.write("cat\n", to: "classes.txt")
        try made.write("0 0.5 0.5 0.5 0.5\n", to: "0.txt")
        #expect(try problems(made) == ["0.txt: several images are called 0: in/0.ppm, other/0.ppm"])
    }

    private static func coco(annotations: String, file: String = "in/0.ppm", more: String = "") -> String {
        "{\"images\": [{\"id\": 1, \"file_name\": \"\(file)\"}\(more)], \"annotations\": [\(annotations)], "
            + "\"categories\": [{\"id\": 3, \"name\": \"cat\"}]}"
    }

    private static func box(_ bbox: String, image: String = "1", category: Int = 3) -> String {
        "{\"image_id\": \(image), \"category_id\": \(category), \"bbox\": \(bbox)}"
    }

    @Test func cocoEntries() throws {
        let made = try MadeAnnotations(pictures: 1)
        let boxes = [
            Self.box("[1, 2, 30]"), Self.box("[1, 2, 30, 40]", image: "9"),
            Self.box("[1, 2, 30, 40]", image: "\"x\""), Self.box("[1, 2, 30, 40]", category: 4),
            Self.box("[1, 2, -30, 40]"), Self.box("[1e300, 2, 30, 40]"), Self.box("[NaN, 2, 30, 40]"),
            Self.box("[1, \"x\", 30, 40]"), Self.box("\"all\""), "7",
            Self.box("[0, 0, 30, 40], \"iscrowd\": 2"),
            Self.box("[0, 0, 30, 40], \"id\": 12", image: "null"),
        ]
        try made.write(Self.coco(annotations: boxes.joined(separator: ",")), to: "x.json")
        #expect(
            try problems(made, made.annotations.appendingPathComponent("x.json")) == [
                "x.json: annotations[0]: bbox: expected 4 numbers (x, y, width, height), got 3",
                "x.json: annotations[1]: there is no image with the id 9",
                "x.json: annotations[2]: there is no image with the id \"x\"",
                "x.json: annotations[3]: there is no category with the id 4",
                "x.json: annotations[4]: a box of -30.0 by 40.0: expected a width and height above 0",
                "x.json: annotations[5]: a box with an edge at 1e+300: expected a finite number",
                "x.json: annotations[6]: a box with an edge at nan: expected a finite number",
                "x.json: annotations[7]: bbox: expected a number, got \"x\"",
                "x.json: annotations[8]: bbox: expected 4 numbers (x, y, width, height), got \"all\"",
                "x.json: annotations[9]: expected an object",
                "x.json: annotations[10]: iscrowd: expected 0 or 1, got 2",
                "x.json: annotations[11] (id 12): image_id: expected a number, got null",
            ])
        try made.write(Self.coco(annotations: Self.box("[0, 0, 30, 30]"), file: "../9.ppm"), to: "x.json")
        #expect(
            try problems(made, made.annotations.appendingPathComponent("x.json")) == [
                "x.json: images[0] (id 1): there is no image ../9.ppm in \(made.images.path)"
            ])
        try made.write(
            Self.coco(
                annotations: Self.box("[0, 0, 30, 30]"), more: ", {\"id\": 1, \"file_name\": \"b.ppm\"}"),
            to: "x.json")
        #expect(
            try problems(made, made.annotations.appendingPathComponent("x.json")) == [
                "x.json: images[1] (id 1): the id was given before, to images[0], with other content: what refers "
                    + "to it is left out"
            ])
    }

    private static let jsonCases: [(text: String, expected: String)] = [
        ("[1, 2", ", line 1, column 6: not valid JSON: expected a comma or ], got the end"),
        (
            "{\"images\": [],\n \"é\": tru}",
            ", line 2, column 7: not valid JSON: expected a value, got tru"
        ),
        ("{\"images\": []}", ": not COCO annotations: expected a value for \"annotations\", got none"),
        (
            "{\"shapes\": []}",
            ": not COCO annotations: LabelMe's own format, export as COCO; expected a value for \"images\", got none"
        ),
        ("[]", ": not COCO annotations: expected images, annotations and categories, got a list"),
        (
            "{\"images\": {}, \"annotations\": [], \"categories\": []}",
            ": not COCO annotations: images: expected a list"
        ),
    ]

    @Test(arguments: jsonCases.indices)
    func jsonThatIsNotCOCO(index: Int) throws {
        let (text, expected) = Self.jsonCases[index]
        let made = try MadeAnnotations(pictures: 1)
        try made.write(text, to: "x.json")
        let url = made.annotations.appendingPathComponent("x.json")
        let error = #expect(throws: AnnotationError.self) { try made.read(url) }
        #expect(error?.description == "\(url.path)\(expected)")
    }

    @Test func foldersThatAreRefused() throws {
        let made = try MadeAnnotations(pictures: 1)
        let path = made.annotations.path
        func message(_ url: URL? = nil) -> String? {
            #expect(throws: AnnotationError.self) { try made.read(url) }?.description
        }
        #expect(
            message() == "\(path) holds no annotations: expected a folder of Pascal VOC .xml or YOLO .txt "
                + "files, a COCO .json file, or a .csv file with a box a row")
        #expect(
            message(made.made.url.appendingPathComponent("no"))?.hasSuffix("no such file or folder") == true)
        try made.write("0 0.5 0.5 0.5 0.5\n", to: "0.txt")
        #expect(
            message()
                == "YOLO annotations number their classes, and there is no file with their names (classes.txt, "
                + "data.yaml, obj.names) in \(path) or the 3 folders above it")
        try made.write("<annotation/>", to: "0.xml")
        #expect(
            message() == "\(path) holds .xml and .txt files (0.xml, 0.txt): keep the Pascal VOC or the YOLO "
                + "annotations")
    }

    @Test func nothingThatCanBeUsed() throws {
        let made = try MadeAnnotations(pictures: 1)
        try made.write(MadeAnnotations.voc([.init("cat", 0, 0, 9, 30)], image: "0.ppm"), to: "0.xml")
        let none = #expect(throws: SplitError.self) { try made.read() }
        #expect(
            none?.description
                == "\(made.annotations.path): no box can be used; 1 box below 16 pixels left out")
        try made.write(MadeAnnotations.voc([.init("cat", 0, 0, 90, 30)], image: "0.ppm"), to: "0.xml")
        let one = #expect(throws: SplitError.self) { try made.read() }
        #expect(one?.description == "\(made.annotations.path): one class only (cat): expected two or more")
        for (margin, side) in [(-0.1, 16), (.nan, 16), (0.1, 0)] {
            #expect(throws: SplitError.self) { try Cropping(margin: margin, minimumSide: side) }
        }
    }
}
