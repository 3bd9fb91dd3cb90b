import Foundation
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport
import Testing

@Suite struct AnnotationTests {
    /// What all three formats say; the box of 4 × 65 pixels is too small.
    private static let crops = [
        "cat in/0.ppm 10 20 20 40", "dog in/0.ppm 0 0 20 16", "dog in/1.ppm 60 44 40 36",
        "cat in/2.ppm 40 30 16 17", "dog in/3.ppm 20 20 70 20",
    ]

    @Test func pascalVOC() throws {
        let made = try MadeAnnotations()
        try made.writeVOC()
        let source = try made.read()
        #expect(source.crops == Self.crops)
        #expect(source.images.map(\.group) == ["in/0.ppm", "in/0.ppm", "in/1.ppm", "in/2.ppm", "in/3.ppm"])
        #expect(
            source.notes == ["Pascal VOC: 5 boxes in 4 images", "1 box below 16 pixels left out"])
    }

    @Test func yolo() throws {
        let made = try MadeAnnotations()
        try made.writeYOLO()
        let source = try made.read()
        #expect(source.crops == Self.crops)
        #expect(source.notes == ["YOLO: 5 boxes in 4 images", "1 box below 16 pixels left out"])
    }

    @Test func coco() throws {
        let made = try MadeAnnotations()
        let source = try made.read(try made.writeCOCO())
        #expect(source.crops == Self.crops)
        #expect(
            source.notes == [
                "COCO: 5 boxes in 4 images", "1 crowd annotation left out", "1 box below 16 pixels left out",
            ])
    }

    /// Edges to the nearest pixel, and never beyond the picture.
    @Test func margins() throws {
        let made = try MadeAnnotations()
        try made.writeVOC()
        let source = try made.read(margin: 0.1)
        #expect(
            source.crops == [
                "cat in/0.ppm 8 16 24 48", "dog in/0.ppm 0 0 22 18", "dog in/1.ppm 56 40 44 40",
                // 38.4 … 57.6 and 28.3 … 48.7
                "cat in/2.ppm 38 28 20 21", "dog in/3.ppm 13 18 84 24",
            ])
        #expect(source.notes.count == 2, "a margin that is cut is no news")
    }

    @Test func boxesThatReachBeyond() throws {
        let made = try MadeAnnotations(pictures: 3)
        try made.write("cat\ndog", to: "classes.txt")
        try made.write("0 0.05 0.5 0.3 0.5\n1 0.5 0.95 0.5 0.6\n", to: "0.txt")
        try made.write("0 0.5 0.5 0.5 0.5\n", to: "1.txt")
        try made.write("", to: "2.txt")
        let source = try made.read()
        #expect(
            source.crops == [
                "cat in/0.ppm 0 20 20 40", "dog in/0.ppm 25 52 50 28", "cat in/1.ppm 25 20 50 40",
            ])
        #expect(
            source.notes == [
                "YOLO: 3 boxes in 2 images", "2 boxes reached beyond the image, cut at its edge",
            ])
    }

    @Test(arguments: [Cropping.Format.png, .jpeg])
    func everyPixelOfACrop(format: Cropping.Format) throws {
        let made = try MadeAnnotations()
        try made.writeVOC()
        let source = try SplitSource.annotated(
            images: made.images, annotations: made.annotations,
            cropping: try Cropping(margin: 0, minimumSide: 4, format: format))
        let plan = try SplitPlanner(seed: 1).plan(source.items, classes: source.classes)
        let out = made.made.url.appendingPathComponent("out")
        try SplitWriter(
            source: source, plan: plan,
            destination: try SplitDestination(out, mode: .copy, source: made.images)
        ).write()
        let rows = try CSV.parse(String(contentsOf: out.appendingPathComponent("split.csv"), encoding: .utf8))
        #expect(rows[0] == ["split", "path", "class", "group", "file", "crop"] && rows.count == 7)
        let ending = format == .png ? "png" : "jpg"
        #expect(
            rows.dropFirst().map { String($0[4].split(separator: "/", maxSplits: 1)[1]) } == [
                "cat/0-1.\(ending)", "dog/0-2.\(ending)", "dog/1-1.\(ending)", "cat/2-1.\(ending)",
                "cat/2-2.\(ending)", "dog/3-1.\(ending)",
            ])
        // Both boxes of an image are on one side.
        #expect(rows[1][0] == rows[2][0] && rows[4][0] == rows[5][0])
        for row in rows.dropFirst() {
            let part = row[5].split(separator: " ").compactMap { Int($0) }
            let image = try ImageDecoder().decode(contentsOf: out.appendingPathComponent(row[4]))
            try #require(image.width == part[2] && image.height == part[3])
            var worst = 0
            for y in 0..<image.height {
                for x in 0..<image.width {
                    for (channel, value) in [part[0] + x, part[1] + y, 7].enumerated() {
                        let got = Int(image.pixels[3 * (y * image.width + x) + channel])
                        worst = max(worst, abs(got - value))
                    }
                }
            }
            // JPEG halves the colour's resolution: a ramp of 1 a pixel is off by a few.
            #expect(worst <= (format == .png ? 0 : 12), "\(row[4])")
        }
    }

    @Test func aPatternGroupsImages() throws {
        let made = try MadeAnnotations()
        try made.writeVOC()
        let source = try made.read(groups: .pattern(GroupPattern("[01]")))
        #expect(source.images.map(\.group) == ["0", "0", "1", "in/2.ppm", "in/3.ppm"])
    }

    @Test func imagesAreFoundByNameAnywhere() throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.write(MadeAnnotations.voc([.init("cat", 0, 0, 20, 20)], image: "in/0.ppm"), to: "x.xml")
        try made.write(MadeAnnotations.voc([.init("dog", 0, 0, 20, 20)], image: "1"), to: "y.xml")
        #expect(try made.read().crops == ["cat in/0.ppm 0 0 20 20", "dog in/1.ppm 0 0 20 20"])
    }
}
