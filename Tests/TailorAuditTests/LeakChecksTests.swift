import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

/// Copies, parts and groups on two sides of a split, under two classes, or twice.
@Suite struct LeakChecksTests {
    @Test func copiesAcrossSplits() throws {
        let traps = try PlantedTraps()
        let data = try Data(contentsOf: traps.root.appending(path: "train/plain/3.png"))
        try traps.write(data, to: "test/plain/a.png")
        try traps.write(try traps.image("train/striped/4.png"), to: "val/striped/b.png")
        let report = try traps.audit()
        let finding = try #require(report.finding("identical-across-splits"))
        #expect(finding.severity == .error)
        #expect(finding.title == "2 times the same picture in two splits, 1 of them with test.")
        #expect(
            finding.items.map(\.paths) == [
                ["train/plain/3.png", "test/plain/a.png"], ["train/striped/4.png", "val/striped/b.png"],
            ])
        #expect(report.exclusions == ["train/plain/3.png", "train/striped/4.png"], "what examines stays")
        #expect(report.findings.map(\.code) == ["identical-across-splits"] + ["few-images", "small-test"])
    }

    @Test func versionsAcrossSplits() throws {
        let traps = try PlantedTraps()
        let versions: [(String, (RGBImage) throws -> RGBImage)] = [
            ("smaller", { try PillowResampling.resize($0, width: 120, height: 120) }),
            (
                "brighter",
                { image in
                    try RGBImage(
                        width: image.width, height: image.height,
                        pixels: image.pixels.map { UInt8(min(255, Double($0) * 1.15)) })
                }
            ),
            ("mirrored", { try $0.flippedHorizontally() }),
        ]
        for (index, (name, change)) in versions.enumerated() {
            try traps.write(
                change(try traps.image("train/plain/\(index).png")), to: "val/plain/\(name).jpg", quality: 85)
        }
        let report = try traps.audit()
        #expect(
            report.paths("near-duplicate-across-splits") == [
                ["train/plain/0.png", "val/plain/smaller.jpg"],
                ["train/plain/1.png", "val/plain/brighter.jpg"],
                ["train/plain/2.png", "val/plain/mirrored.jpg"],
            ])
        #expect(report.exclusions == ["train/plain/0.png", "train/plain/1.png", "train/plain/2.png"])
    }

    /// Features name the candidates; here, those of the picture that a copy was cut from.
    @Test func croppedCopies() throws {
        let traps = try PlantedTraps()
        let whole = try traps.image("train/plain/7.png")
        try traps.write(
            try whole.cropped(to: PixelRect(left: 8, top: 5, width: 144, height: 144)),
            to: "val/plain/part.png")
        let report = try traps.audit(
            features: Self.features(alike: ["train/plain/7.png", "val/plain/part.png"]))
        #expect(
            report.paths("near-duplicate-across-splits") == [["train/plain/7.png", "val/plain/part.png"]])
        #expect(report.finding("near-duplicate-across-splits")?.remedy.contains("split --features") == true)
        #expect(try traps.audit().finding("near-duplicate-across-splits") == nil)
    }

    /// Features of random directions, and one direction for these paths.
    private static func features(alike: Set<String>) -> DatasetAudit.FeatureSource {
        { samples, _ in
            var values: [Float] = []
            for (index, path) in samples.map(\.relativePath).enumerated() {
                var generator = SeededGenerator(seed: alike.contains(path) ? 1 : UInt64(index + 10))
                values += (0..<8).map { _ in Float(generator.uniform(-1...1)) }
            }
            return try #require(FeatureMatrix(values: values, dimension: 8))
        }
    }

    /// A part teaches something; a copy does not, and is left out.
    @Test func partsWithinASplitAreKept() throws {
        let traps = try PlantedTraps()
        let whole = try traps.image("train/plain/7.png")
        try traps.write(
            try whole.cropped(to: PixelRect(left: 8, top: 5, width: 144, height: 144)),
            to: "train/plain/part.png")
        try traps.write(whole, to: "train/plain/version.jpg", quality: 80)
        let report = try traps.audit(
            features: Self.features(
                alike: ["train/plain/7.png", "train/plain/part.png", "train/plain/version.jpg"]))
        let parts = try #require(report.finding("parts-within-split"))
        #expect(
            parts.items.map(\.paths) == [
                ["train/plain/7.png", "train/plain/part.png", "train/plain/version.jpg"]
            ])
        #expect(parts.title.hasPrefix("3 files show 1 picture within a split"))
        #expect(
            report.paths("near-duplicate-within-split") == [["train/plain/7.png", "train/plain/version.jpg"]])
        #expect(report.exclusions == ["train/plain/version.jpg"])
    }

    /// A cleaned copy among the data would be a class of it.
    @Test func aCleanedCopyLiesBesideTheData() throws {
        let traps = try PlantedTraps()
        let audit = try DatasetAudit(traps.root)
        for name in ["clean", "train/clean", "val/deep/clean"] {
            let message = message { _ = try audit.writeCleanedCopy(to: traps.root.appending(path: name)) }
            #expect(message.contains("where the images are: name a folder beside it"), "\(name): \(message)")
            #expect(!FileManager.default.fileExists(atPath: traps.root.appending(path: name).path))
        }
    }

    /// A division with features keeps a part with its whole; without them it cannot know.
    @Test func aDivisionKeepsPartsTogether() throws {
        let traps = try PlantedTraps()
        let root = traps.root.appending(path: "train")
        let whole = try traps.image("train/plain/7.png")
        try traps.write(
            try whole.cropped(to: PixelRect(left: 8, top: 5, width: 144, height: 144)),
            to: "train/plain/part.png")
        let source = try SplitSource.open(root)
        let plain = try InseparableImages(in: source, workers: 2)
        #expect(plain.sets.isEmpty)
        let found = try InseparableImages(
            in: source, workers: 2,
            features: Self.features(alike: ["plain/7.png", "plain/part.png"]))
        #expect(
            found.sets.map { $0.map { found.source.images[$0].path }.sorted() } == [
                ["plain/7.png", "plain/part.png"]
            ])
    }

    @Test func onePictureUnderTwoClasses() throws {
        let traps = try PlantedTraps()
        try traps.write(try traps.image("train/plain/3.png"), to: "train/striped/again.png")
        try traps.write(try traps.image("train/plain/5.png"), to: "train/striped/version.jpg", quality: 80)
        let report = try traps.audit()
        #expect(
            report.paths("identical-across-classes") == [["train/plain/3.png", "train/striped/again.png"]])
        #expect(
            report.paths("near-duplicate-across-classes") == [
                ["train/plain/5.png", "train/striped/version.jpg"]
            ])
        #expect(report.finding("identical-across-classes")?.severity == .error)
        #expect(report.exclusions.isEmpty, "a person must decide")
    }

    @Test func copiesWithinASplit() throws {
        let traps = try PlantedTraps()
        for number in 1...2 {
            try traps.write(try traps.image("train/plain/3.png"), to: "train/plain/x\(number).png")
        }
        let report = try traps.audit()
        #expect(
            report.paths("identical-within-split") == [
                ["train/plain/3.png", "train/plain/x1.png", "train/plain/x2.png"]
            ])
        #expect(report.exclusions == ["train/plain/x1.png", "train/plain/x2.png"])
    }

    @Test func groupsOnBothSides() throws {
        let traps = try PlantedTraps()
        for split in ["train", "val"] {
            try FileManager.default.moveItem(
                at: traps.root.appending(path: "\(split)/plain/1.png"),
                to: traps.root.appending(path: "\(split)/plain/patient9-\(split).png"))
        }
        let pattern = try GroupPattern("(patient[0-9]+)-")
        let options = DatasetAudit.Options(augmentation: .none, grouping: .pattern(pattern))
        let report = try traps.audit(options)
        let incomplete = try #require(report.finding("groups-incomplete"))
        #expect(
            incomplete.severity == .warning
                && incomplete.title.contains(
                    "The group pattern \"(patient[0-9]+)-\" matches 2 of 120 image paths;")
        )
        let finding = try #require(report.finding("group-across-splits"))
        #expect(finding.title == "1 group of 119 on both sides of a split.")
        #expect(
            finding.items == [
                .init(
                    paths: ["train/plain/patient9-train.png", "val/plain/patient9-val.png"],
                    note: "group patient9: 1 in train, 1 in val")
            ])
    }

    /// What split left beside the folders counts, until something else is asked for.
    @Test func groupsOfTheDatasetsOwnTable() throws {
        let traps = try PlantedTraps()
        try Data(
            """
            split,path,class,group,file
            train,a.png,plain,one,train/plain/1.png
            val,b.png,plain,one,val/plain/1.png

            """.utf8
        ).write(to: traps.root.appending(path: "split.csv"))
        let report = try traps.audit(.init(augmentation: .none))
        let finding = try #require(report.finding("group-across-splits"))
        #expect(
            finding.items == [
                .init(
                    paths: ["train/plain/1.png", "val/plain/1.png"], note: "group one: 1 in train, 1 in val")
            ])
        #expect(
            try #require(report.finding("groups-incomplete")).title.hasPrefix(
                "No row of split.csv is about 118 of 120 images; "))
        let asked = try traps.audit(.init(augmentation: .none, grouping: .function { $0 }))
        #expect(asked.finding("group-across-splits") == nil)
    }
}
