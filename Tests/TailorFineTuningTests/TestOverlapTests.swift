import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Test images that training has seen; serialized because libtorch's threads are shared.
@Suite(.serialized) struct TestOverlapTests {
    private let images: MadeImages
    private var folder: RunFolder { images.run("run") }

    /// A run trained on pictures, 12 a class, and 22 a class to test it on.
    init() throws {
        images = try MadeImages(train: 0, validation: 0, test: 22)
        for (label, name) in ["across", "upright"].enumerated() {
            for (split, count) in [("train", 8), ("val", 4)] {
                for index in 0..<count {
                    let number = 1000 * label + 100 * split.utf8.count + index
                    try write(
                        try TestImage.texture(number, width: 96, height: 96).pngData(),
                        to: "\(split)/\(name)/\(index).png")
                }
            }
        }
        try train(images, .tiny(phases: [Phase(trainableFrom: .head, epochs: 1)]), into: "run")
    }

    private func write(_ data: Data, to path: String) throws {
        let url = images.root.appending(path: path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try data.write(to: url)
    }

    private func decoded(_ path: String) throws -> RGBImage {
        try ImageDecoder().decode(contentsOf: images.root.appending(path: path))
    }

    private func test(strict: Bool = false, excluding list: ExclusionList? = nil) throws -> TestEvaluation {
        try TestEvaluation.run(TrainedModel(folder), options: .init(strict: strict, exclusions: list))
    }

    private func metrics() throws -> MetricsReport {
        try JSONFile.read(MetricsReport.self, from: folder.test.appending(path: "metrics.json"))
    }

    @Test func oneImageInTwoClassesIsSaid() throws {
        #expect(try !test().warnings.contains { $0.contains("in several classes") })
        try write(
            try Data(contentsOf: images.root.appending(path: "test/across/3.ppm")),
            to: "test/upright/copy.ppm")
        #expect(
            try test().warnings.contains(
                "1 test image lies in several classes, so that one answer is wrong whatever the model says: "
                    + "test/across/3.ppm = test/upright/copy.ppm"))
    }

    @Test func aFewAreLeftOutAndNamed() throws {
        #expect(try test().leftOut.counts == nil)
        #expect(
            try !String(contentsOf: folder.test.appending(path: "metrics.json"), encoding: .utf8)
                .contains("left_out"))
        #expect(!FileManager.default.fileExists(atPath: folder.leftOutOfTest.path))
        // A re-encoded and a resized training image; 2 of 46 are 4 %.
        try write(decoded("train/across/3.png").jpegData(quality: 95), to: "test/across/new.jpg")
        let small = try PillowResampling.resize(decoded("val/upright/2.png"), width: 72, height: 72)
        try write(small.pngData(), to: "test/upright/new.png")
        let refused = #expect(throws: TestOverlapsTraining.self) { try test(strict: true) }
        #expect(refused?.description.contains("strict mode allows none") == true)
        let result = try test()
        #expect(result.samples.count == 44 && result.evaluation.metrics.n == 44)
        #expect(
            result.leftOut.seen.map(\.description) == [
                "test/across/new.jpg is a version of train/across/3.png",
                "test/upright/new.png is a version of val/upright/2.png",
            ])
        #expect(result.warnings.contains { $0.hasPrefix("2 of 46 test images were also used in training") })
        #expect(try metrics().leftOut == .init(seenInTraining: 2, listed: 0))
        #expect(try metrics().testUses == 2, "the same 44 images")
        #expect(
            try String(contentsOf: folder.leftOutOfTest, encoding: .utf8) == """
                path,reason,training_image
                test/across/new.jpg,version,train/across/3.png
                test/upright/new.png,version,val/upright/2.png

                """)
        // A third: 3 of 47 are more than 5 %.
        try write(decoded("train/across/4.png").pngData(), to: "test/across/newer.png")
        let many = #expect(throws: TestOverlapsTraining.self) { try test() }
        #expect(many?.pairs.count == 3 && many?.pairs[1].kind == .file)
        #expect(many?.description.contains("strict mode") == false)
        // Named in a list, they are no reason to refuse.
        let listed = try test(excluding: ExclusionList(["test/across/newer.png", "train/across/1.png"]))
        #expect(listed.leftOut.listed == ["test/across/newer.png"] && listed.leftOut.seen.count == 2)
        #expect(try metrics().leftOut == .init(seenInTraining: 2, listed: 1))
        #expect(try test(strict: false, excluding: ExclusionList(["test/across/newer.png"])).testUses == 4)
    }

    /// A broken file is refused unasked, and without a word of strictness; a list leaves it out.
    @Test func listsAndFilesThatCannotBeRead() throws {
        #expect(throws: ExclusionListError.self) { try test(excluding: ExclusionList(["nix.ppm"])) }
        #expect(throws: ExclusionListError.self) {
            try test(excluding: ExclusionList(["train/across/1.png"]))
        }
        let half = ExclusionList(["test/across/1.ppm", "test/across/nix.ppm"])
        #expect(throws: ExclusionListError.self) { try test(strict: true, excluding: half) }
        let result = try test(excluding: half)
        #expect(result.samples.count == 43)
        #expect(result.warnings.contains { $0.hasPrefix("1 of 2 entries of the list of exclusions") })

        try write(Data("no image".utf8), to: "test/across/bad.png")
        let error = #expect(throws: DatasetError.self) { try test() }
        #expect(
            error?.description.hasPrefix(
                "1 of 45 images cannot be read (none is left out unasked: repair them, or name them in a list for "
                    + "--exclude-from):\n  test/across/bad.png: ") == true, "\(error?.description ?? "")")
        #expect(try test(excluding: ExclusionList(["./test/across/bad.png"])).samples.count == 44)
    }

    /// What the run recorded of its images is gone, cut short or changed: said, and refused under strict.
    @Test func whatTheRunRecordedIsDamaged() throws {
        let (list, thumbnails) = (folder.datasetFiles, folder.datasetThumbnails)
        let (text, pixels) = (try Data(contentsOf: list), try Data(contentsOf: thumbnails))
        var flipped = pixels
        flipped[100] ^= 1
        let edited = String(decoding: text, as: UTF8.self).replacing("train/across/3", with: "x")
        let cases: [(String, URL, Data?)] = [
            ("missing", list, nil), ("empty", list, Data()), ("cut", list, text.dropLast(200)),
            ("edited", list, Data(edited.utf8)), ("not a list", list, Data("\u{0}\u{1}\"".utf8)),
            ("no thumbnails", thumbnails, nil), ("other thumbnails", thumbnails, flipped),
            ("short thumbnails", thumbnails, pixels.dropLast()),
        ]
        for (name, url, data) in cases {
            try text.write(to: list)
            try pixels.write(to: thumbnails)
            if let data { try data.write(to: url) } else { try FileManager.default.removeItem(at: url) }
            #expect(throws: TestOverlapUnknown.self, "\(name)") { try test(strict: true) }
        }
        #expect(try TestLedger(runFolder: folder.url).uses() == 0)
        let result = try test()
        let said = result.warnings.filter {
            $0.hasPrefix("it cannot be told whether training has seen the test images: ")
        }
        #expect(said.count == 1, "\(result.warnings)")
        try text.write(to: list)
        try pixels.write(to: thumbnails)
        try asAnEarlierVersion()
    }

    /// Runs of earlier versions: no thumbnails, at first no hashes of the pixels either.
    private func asAnEarlierVersion() throws {
        var record = try RunRecord.read(from: folder)
        record.dataset.thumbnails = nil
        try record.write(to: folder)
        try FileManager.default.removeItem(at: folder.datasetThumbnails)
        let rows = try CSV.parse(String(contentsOf: folder.datasetFiles, encoding: .utf8))
        let text = rows.map { CSV.line(Array($0.prefix(4))) }.joined(separator: "\n") + "\n"
        try Data(text.utf8).write(to: folder.datasetFiles)
        try write(
            Data(contentsOf: images.root.appending(path: "train/across/5.png")), to: "test/across/z.png")
        let result = try test()
        #expect(
            result.leftOut.seen.map(\.description) == ["test/across/z.png = train/across/5.png"])
        #expect(result.warnings.contains { $0.contains("kept no thumbnails") })
    }
}
