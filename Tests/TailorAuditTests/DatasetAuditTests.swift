import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

/// Every kind of trap is planted into a clean set; it is found, and nothing else is.
@Suite struct DatasetAuditTests {
    /// What a clean set of this size is still told.
    private static let always = ["few-images", "small-test"]

    @Test func nothingIsFoundInACleanSet() throws {
        let traps = try PlantedTraps()
        let report = try traps.audit()
        #expect(report.findings.map(\.code) == Self.always, "\(report.findings.map(\.title))")
        #expect(report.imageCount == 120)
        #expect(
            report.classes == [
                .init(name: "plain", train: 40, validation: 10, test: 10),
                .init(name: "striped", train: 40, validation: 10, test: 10),
            ])
        #expect(report.exclusions.isEmpty)
    }

    /// Neither a network nor statistics of nothing are asked for, and the reason is said.
    @Test func noImageToLearnFromCanBeRead() throws {
        let made = try MadeDataset()
        for split in ["train", "val"] {
            for name in ["a", "b"] { try made.write(Data("text".utf8), to: "\(split)/\(name)/1.png") }
        }
        let alone = try DatasetAudit(made.url, features: { _, _ in throw CancellationError() }).report
        #expect(alone.findings.first?.code == "unreadable" && alone.imageCount == 0)
        #expect(alone.notes.first == "no image to learn from could be read: what these show was not checked")
        #expect(!alone.notes.contains { $0.contains("short sides") || $0.contains("mean of red") })
        try made.write(TestImage.coloredStripes(1, seed: 1, side: 40)[0].ppm, to: "test/a/1.ppm")
        let tested = try DatasetAudit(made.url).report
        #expect(tested.imageCount == 1 && tested.findings.first?.code == "unreadable")
        #expect(!tested.notes.contains { $0.contains("short sides") })
    }

    /// Whatever the list names is taken by training: names of all sorts, links to nothing, test images.
    @Test func theListIsReadByTraining() throws {
        let traps = try PlantedTraps()
        let copies = [
            "new\nline.png", "cr\r.png", "#hash.png", "\"q\".png", " lead.png", "e\u{301}.png", "\u{e9}.png",
            "back\\slash.png", "\u{FEFF}bom.png",
        ]
        let sound = try Data(contentsOf: traps.root.appending(path: "val/plain/0.png"))
        for name in copies { try traps.write(sound, to: "train/plain/\(name)") }
        for path in ["train/plain/annexed.png", "test/plain/annexed.png"] {
            try FileManager.default.createSymbolicLink(
                atPath: traps.root.path + "/" + path, withDestinationPath: "nowhere.png")
        }
        let raw = Array("\(traps.root.path)/train/plain/".utf8) + [0xD1, 0xF9] + Array(".png".utf8)
        close(
            raw.map { CChar(bitPattern: $0) }.withUnsafeBufferPointer { bytes in
                var path = Array(bytes) + [0]
                return open(&path, O_CREAT | O_WRONLY, 0o600)
            })
        let exclusions = try traps.audit().exclusions
        #expect(exclusions.count == copies.count + 3, "\(exclusions)")
        let list = traps.root.appending(path: "list.txt")
        try ExclusionList(exclusions).write(to: list)
        let before = try DatasetFolder.scan(traps.root)
        let left = try before.excluding(ExclusionList(contentsOf: list), strict: true)
        #expect(before.train.count == left.train.count + copies.count)
        #expect(before.problems.count == 2 && left.problems.isEmpty)
        #expect(
            left.notes.contains(
                "left out by the list of exclusions: 9 images and 2 files that cannot be read"))
        let copy = traps.root.deletingLastPathComponent().appending(path: "copy-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: copy) }
        _ = try DatasetAudit(traps.root).writeCleanedCopy(to: copy)
        #expect(try DatasetFolder.scan(copy).train.count == left.train.count)
    }

    @Test func aSplitWithoutClassFolders() throws {
        let traps = try PlantedTraps()
        try FileManager.default.removeItem(at: traps.root.appending(path: "test"))
        try traps.write(try traps.image("train/plain/3.png"), to: "test/1.png")
        let finding = try #require(try traps.audit().finding("no-classes"))
        #expect(finding.severity == .error && finding.title == "test/ holds no class folders.")
    }

    /// Faults of training files are warnings wherever the training folder's name comes from.
    @Test func aBrokenFileOfATrainingFolder() throws {
        let traps = try PlantedTraps()
        try FileManager.default.moveItem(
            at: traps.root.appending(path: "train"), to: traps.root.appending(path: "Training"))
        try traps.write(Data("no picture".utf8), to: "Training/plain/text.png")
        #expect(try traps.audit().finding("unreadable")?.severity == .warning)
        try traps.write(Data("no picture".utf8), to: "test/plain/text.png")
        #expect(try traps.audit().finding("unreadable")?.severity == .error)
    }

    @Test func filesThatAreNot() throws {
        let traps = try PlantedTraps()
        try traps.write(Data("no picture".utf8), to: "train/plain/text.png")
        try traps.write(Data(), to: "train/plain/empty.jpg")
        let sound = try Data(contentsOf: traps.root.appending(path: "train/plain/0.png"))
        try traps.write(sound.prefix(sound.count / 2), to: "train/striped/half.png")
        try traps.write(
            try RGBImage(width: 90, height: 90, red: 7, green: 7, blue: 7), to: "train/plain/blank.png")
        try traps.write(try TestImage.texture(900, width: 24, height: 30), to: "train/plain/tiny.png")
        try traps.write(try TestImage.texture(901, width: 400, height: 60), to: "train/plain/long.png")
        try traps.write(try TestImage.texture(902), to: "train/plain/lone.png", quality: 90)
        let report = try traps.audit()
        #expect(
            report.paths("unreadable") == [
                ["train/plain/empty.jpg"], ["train/plain/text.png"], ["train/striped/half.png"],
            ])
        #expect(report.finding("unreadable")?.severity == .warning)
        #expect(report.paths("blank") == [["train/plain/blank.png"]])
        #expect(report.paths("tiny") == [["train/plain/tiny.png"]])
        #expect(report.paths("extreme-aspect") == [["train/plain/long.png"]])
        #expect(report.paths("odd-format") == [["train/plain/lone.png"]])
        #expect(report.paths("wrong-extension") == [["train/plain/lone.png"]])
    }

    @Test func layoutAndBalance() throws {
        let traps = try PlantedTraps()
        try traps.remove("val/striped")
        for index in 5..<40 { try traps.remove("train/striped/\(index).png") }
        try traps.write(try TestImage.texture(903), to: "test/Plain/1.png")
        try FileManager.default.createDirectory(
            at: traps.root.appending(path: "train/nothing"), withIntermediateDirectories: true)
        let report = try traps.audit()
        #expect(report.finding("empty-class")?.severity == .error)
        #expect(report.finding("unknown-class")?.title.contains("Plain") == true)
        #expect(report.finding("similar-class-names")?.title.contains("Plain / plain") == true)
        #expect(report.finding("missing-class")?.title == "val/ has no images of 1 class: striped.")
        let imbalance = try #require(report.finding("imbalance"))
        #expect(imbalance.severity == .warning)
        #expect(imbalance.why.contains("right 89 % of the time"))
        #expect(report.finding("few-images")?.title.contains("1 with fewer than 20") == true)
    }

    /// As training has it: one class, whichever form of Unicode a split uses.
    @Test func aClassInTwoFormsOfUnicodeIsOne() throws {
        let made = try MadeDataset([
            "train/\u{e9}/1.ppm", "train/\u{e9}/2.ppm", "train/b/1.ppm", "train/b/2.ppm",
            "val/e\u{301}/3.ppm",
            "val/b/3.ppm",
        ])
        let report = try DatasetAudit(made.url).report
        #expect(report.classes.map(\.validation) == [1, 1])
        #expect(report.finding("unknown-class") == nil && report.finding("similar-class-names") == nil)
        #expect(try DatasetFolder.scan(made.url).validation?.map(\.label).sorted() == [0, 1])
    }

    /// Class folders beside a test folder are the training set, for an audit as for training.
    @Test func classFoldersBesideATestFolder() throws {
        let made = try MadeDataset([
            "a/1.ppm", "a/2.ppm", "b/1.ppm", "b/2.ppm", "test/a/3.ppm", "test/b/3.ppm",
        ])
        let report = try DatasetAudit(made.url).report
        #expect(
            report.classes == [
                .init(name: "a", train: 2, validation: 0, test: 1),
                .init(name: "b", train: 2, validation: 0, test: 1),
            ])
        #expect(report.finding("no-train") == nil)
        #expect(try DatasetFolder.scan(made.url).train.count == 4)
    }

    @Test func noFolderIsAnErrorOfItsOwn() throws {
        let folder = try TemporaryFolder()
        #expect(throws: DatasetError.self) { try DatasetAudit(folder.url) }
        #expect(throws: DatasetError.self) { try DatasetAudit(folder.file("nowhere")) }
    }

    @Test func shortcutsAndGeometry() throws {
        let traps = try PlantedTraps()
        for index in 0..<40 {
            // One class from another camera: other size, other colours.
            try traps.write(
                try TestImage.texture(1000 + index, width: 320, height: 180, hue: 0.8),
                to: "train/striped/\(index).png")
        }
        let report = try traps.audit()
        let shortcut = try #require(report.finding("shortcut"))
        #expect(shortcut.severity == .warning)
        #expect(shortcut.title.contains("picture size") && shortcut.title.contains("mean colour"))
        #expect(report.finding("crop-loss")?.title.contains("plain 0 %, striped 35 %") == true)
    }

    @Test func flipsThatExchangeClasses() throws {
        let folder = try PlantedTraps()
        for split in ["train", "val", "test"] { try folder.remove(split) }
        // Up and down: the lower or the upper half is bright.
        for index in 0..<30 {
            var picture = try TestImage.texture(index, width: 96, height: 96, density: 20)
            for position in picture.pixels.indices where position < picture.pixels.count / 2 {
                picture.pixels[position] = picture.pixels[position] / 2
            }
            try folder.write(picture, to: "train/up/\(index).png")
            var other = try TestImage.texture(500 + index, width: 96, height: 96, density: 20)
            for position in other.pixels.indices where position >= other.pixels.count / 2 {
                other.pixels[position] = other.pixels[position] / 2
            }
            try folder.write(other, to: "train/down/\(index).png")
        }
        #expect(try folder.codes(.init(augmentation: .inspection)).contains("flip-changes-class"))
        #expect(
            try folder.audit(.init(augmentation: .inspection)).finding("flip-changes-class")?.remedy
                == "--vertical-flip 0")
        #expect(try !folder.codes(.init(augmentation: .standard)).contains("flip-changes-class"))
    }

    @Test func doubtfulLabelsAreRanked() throws {
        let traps = try PlantedTraps()
        // Features that tell the classes; two images lie on the other side.
        let wrong: Set = ["train/plain/11.png", "train/striped/12.png"]
        let audit = try DatasetAudit(
            traps.root, options: .init(augmentation: .none, imageSize: 160),
            features: { samples, _ in
                var generator = SeededGenerator(seed: 3)
                let values = samples.map(\.relativePath).flatMap { path -> [Float] in
                    let isStriped = path.contains("striped") != wrong.contains(path)
                    var row = (0..<4).map { _ in Float(generator.uniform(-2...2)) }
                    // The misplaced ones are clear cases.
                    row[0] = wrong.contains(path) ? (isStriped ? 4.5 : -1.5) : row[0] + (isStriped ? 3 : 0)
                    return row
                }
                return try #require(FeatureMatrix(values: values, dimension: 4))
            })
        let report = audit.report
        let paths = report.paths("doubtful-labels").prefix(2).map { $0[0] }
        #expect(Set(paths) == wrong)
        // Of the others, an eighth lie where the classes overlap.
        #expect(report.paths("doubtful-labels").count * 4 < report.imageCount)
        #expect(report.finding("doubtful-labels")?.items.first?.note.contains("looks like") == true)
        #expect(
            !report.paths("doubtful-labels").contains { $0[0].hasPrefix("test/") },
            "test labels are not judged")

        #expect(audit.labelSuspects.map { [audit.images[$0.image].path] } == report.paths("doubtful-labels"))
        for suspect in audit.labelSuspects.prefix(2) {
            let image = audit.images[suspect.image]
            #expect(suspect.suggestion == 1 - image.label)
            #expect(suspect.score == 1 - suspect.labelProbability && suspect.score > 0.5)
            #expect(suspect.suggestionProbability > suspect.labelProbability)
            #expect(suspect.neighbours.count == 5 && !suspect.neighbours.contains(suspect.image))
            #expect(suspect.neighbours.allSatisfy { audit.images[$0].split != .test })
            // What lies around it is what it looks like.
            #expect(
                suspect.neighbours.filter { audit.images[$0].label == suspect.suggestion }.count >= 3)
        }
        let learning = audit.images.filter { $0.split != .test }
        #expect(audit.labelAnswers.map(\.path) == learning.map(\.path))
        #expect(audit.labelAnswers.map(\.label) == learning.map(\.label))
    }

    @Test func aCacheChangesNothingAndNoticesChanges() throws {
        let traps = try PlantedTraps()
        let cache = try TemporaryFolder()
        let options = DatasetAudit.Options(
            augmentation: .none, imageSize: 160, cacheFile: cache.file("audit.plist"))
        let first = try traps.audit(options)
        #expect(cache.names == ["audit.plist"])
        var second = try traps.audit(options)
        second.seconds = first.seconds
        #expect(second == first)
        // A changed bit is not believed, wherever it is.
        let whole = try Data(contentsOf: cache.file("audit.plist"))
        for index in stride(from: 0, to: whole.count, by: whole.count / 8) {
            var damaged = whole
            damaged[index] ^= 4
            try damaged.write(to: cache.file("audit.plist"))
            var again = try traps.audit(options)
            again.seconds = first.seconds
            #expect(again == first, "byte \(index)")
        }
        try traps.write(try traps.image("train/plain/3.png"), to: "test/plain/0.png")
        #expect(try traps.codes(options).first == "identical-across-splits")
        try Data("broken".utf8).write(to: cache.file("audit.plist"))
        #expect(try traps.codes(options).first == "identical-across-splits")
    }

    #if os(Linux)
        /// Overwritten in place, with size and time of modification as they were: rsync -t, unzip, no clock.
        @Test func aCacheNoticesAFileThatKeepsItsTime() throws {
            let traps = try PlantedTraps()
            let cache = try TemporaryFolder()
            let options = DatasetAudit.Options(
                augmentation: .none, imageSize: 160, cacheFile: cache.file("audit.plist"))
            let url = traps.root.appending(path: "val/plain/1.png")
            #expect(try traps.audit(options).finding("unreadable") == nil)
            var facts = stat()
            #expect(stat(url.path, &facts) == 0)
            let handle = try FileHandle(forUpdating: url)
            try handle.write(contentsOf: Data(count: Int(facts.st_size)))
            try handle.close()
            var times = [facts.st_atim, facts.st_mtim]
            #expect(utimensat(AT_FDCWD, url.path, &times, 0) == 0)
            #expect(
                try traps.audit(options).finding("unreadable")?.items.map(\.paths) == [["val/plain/1.png"]])
        }
    #endif
}
