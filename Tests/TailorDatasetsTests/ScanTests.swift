import Foundation
import TailorDatasets
import TailorImages
import TestSupport
import Testing

@Suite struct ScanTests {
    @Test(arguments: ["val", "valid", "validation", "VAL"])
    func theThreeFolders(validation: String) throws {
        let made = try MadeDataset(
            [
                "train/b/2.png", "train/b/1.JPG", "train/a/x.ppm", "train/a/y/z.jpeg",
                "\(validation)/b/1.png", "test/c/1.png",
            ], empty: true)
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.layout == .splits)
        #expect(folder.classes.names == ["a", "b"])
        #expect(
            folder.train.lines == [
                "train/a/x.ppm 0", "train/a/y/z.jpeg 0", "train/b/1.JPG 1", "train/b/2.png 1",
            ])
        #expect(folder.validation?.lines == ["\(validation)/b/1.png 1"])
        #expect(folder.hasTest)
        #expect(
            folder.warnings == [
                "\(validation)/ has no images of 1 class: a. What the model misses of them cannot be seen; where it answers them, that is an error and counts in macro-F1"
            ]
        )
        let size = "fewer than 80 training images, expect wide intervals: a (2), b (2)"
        let name = "read by their names: \(validation)/ as val/"
        #expect(folder.notes == (validation == "val" ? [size] : [name, size]))
        #expect(folder.train[0].url.path == made.path + "/train/a/x.ppm")
    }

    /// One list of what is named as an image.
    @Test func predictionFindsWhatTrainingFinds() throws {
        let endings = [
            "JFIF", "avif", "bmp", "dib", "gif", "heic", "heif", "jfif", "jpe", "jpeg", "jpg", "pbm", "pgm",
            "png", "pnm", "ppm", "tif", "tiff", "webp",
        ]
        let made = try MadeDataset(
            (endings + ["txt", "svg"]).map { "a/1.\($0)" } + ["b/1.png"], empty: true)
        let scanned = try DatasetFolder.scan(made.url).train.filter { $0.label == 0 }.map(\.relativePath)
        #expect(scanned == endings.map { "a/1.\($0)" })
        #expect(try ImageFiles.expand([made.path + "/a"]) == scanned.map { made.path + "/" + $0 })
    }

    /// One list of junk, too; and a folder is no image whatever it is called.
    @Test func predictionPassesOverWhatTrainingPassesOver() throws {
        let made = try MadeDataset(
            [
                "a/1.png", "a/more.jpg/2.png", "a/__MACOSX/._1.png", "a/__MACOSX/3.png", "a/@eaDir/4.png",
                "a/.hidden/5.png", "a/.6.png", "b/1.png",
            ], empty: true)
        let scanned = try DatasetFolder.scan(made.url).train.filter { $0.label == 0 }.map(\.relativePath)
        #expect(scanned == ["a/1.png", "a/more.jpg/2.png"])
        #expect(try ImageFiles.expand([made.path + "/a"]) == scanned.map { made.path + "/" + $0 })
    }

    @Test func classFoldersAlone() throws {
        let made = try MadeDataset(["b/1.png", "b/2.png", "a/1.png", "a/2.png", "test/a/3.png"], empty: true)
        let folder = try DatasetFolder.scan(made.url.appendingPathComponent(""))
        #expect(folder.layout == .classFolders)
        #expect(folder.train.lines == ["a/1.png 0", "a/2.png 0", "b/1.png 1", "b/2.png 1"])
        #expect(folder.validation == nil)
        #expect(folder.hasTest)
        #expect(folder.warnings == [])
    }

    /// As `LC_ALL=C sort` has it: upper case before lower, accents last.
    @Test func orderIsByBytes() throws {
        let made = try MadeDataset(
            ["é", "z", "a", "B", "a-b", "a b", "10", "9", "İ"].map { "\($0)/1.png" }, empty: true)
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.classes.names == ["10", "9", "B", "a", "a b", "a-b", "z", "é", "İ"])
    }

    @Test func namesOfAllSorts() throws {
        let names = [
            "-rf.png", " lead.png", "new\nline.png", "图像.png", "e\u{301}.png", "\u{e9}.png", "%41.png",
            "a#b?.png", String(repeating: "n", count: 251) + ".png", "UPPER.PNG",
        ]
        let made = try MadeDataset(names.map { "a/\($0)" } + ["b/1.png", "b/2.png"])
        let folder = try DatasetFolder.scan(made.url)
        let found = folder.train.filter { $0.label == 0 }
        #expect(found.count == names.count)
        // The composed and the decomposed é are two files.
        #expect(Set(found).count == names.count)
        for sample in found { #expect(FileManager.default.fileExists(atPath: sample.url.path)) }
        let sorted = found.map { Array($0.relativePath.utf8) }
        #expect(sorted == sorted.sorted { $0.lexicographicallyPrecedes($1) })
    }

    @Test func litterIsPassedOverAndSaidOnce() throws {
        let made = try MadeDataset(
            [
                "train/a/1.png", "train/a/2.png", "train/b/1.png", "train/b/2.png", "train/.DS_Store",
                "train/a/.DS_Store", "train/a/._1.png", "train/a/.ipynb_checkpoints/1.png",
                "train/__MACOSX/a/1.png", "train/b/@eaDir/1.png", "train/b/Thumbs.db", "train/b/desktop.ini",
                "train/b/notes.txt", "train/b/boxes.json", "train/a/more.txt", "train/a/README",
                "train/loose.png", "train/labels.csv", "extra/1.png",
            ], empty: true)
        let folder = try DatasetFolder.scan(made.url)
        #expect(
            folder.train.lines == [
                "train/a/1.png 0", "train/a/2.png 0", "train/b/1.png 1", "train/b/2.png 1",
            ])
        #expect(
            folder.notes.dropLast() == [
                "ignored 8 entries of the system's: .DS_Store × 2, .ipynb_checkpoints × 1, @eaDir × 1, "
                    + "Thumbs.db × 1, __MACOSX × 1, desktop.ini × 1 and 1 more",
                "ignored 5 files not named as images: .txt × 2, .csv × 1, .json × 1, no extension × 1",
                "ignored 1 image outside of the class folders: train/loose.png",
                "ignored extra, beside train/",
            ])
        #expect(folder.problems == [])
    }

    @Test func linksAndOtherThings() throws {
        let made = try MadeDataset(
            ["train/a/1.png", "train/b/1.png", "train/b/2.png", "shared/s.png"], empty: true)
        try made.link("train/a/loop", to: "..")
        try made.link("train/a/self.png", to: "self.png")
        try made.link("train/a/dangling.png", to: "nowhere.png")
        try made.link("train/a/shared", to: "../../shared")
        try made.link("train/a/again", to: "../../shared")
        try made.link("train/a/link.png", to: "1.png")
        try made.link("train/c", to: "b")
        made.fifo("train/a/fifo.png")
        made.fifo("train/a/fifo")
        let folder = try DatasetFolder.scan(made.url)
        #expect(
            folder.train.lines == [
                "train/a/1.png 0", "train/a/again/s.png 0", "train/a/link.png 0", "train/b/1.png 1",
                "train/b/2.png 1", "train/c/1.png 2", "train/c/2.png 2",
            ])
        #expect(
            folder.problems.map(\.description) == [
                "train/a/dangling.png: a link to nothing", "train/a/fifo.png: a FIFO, not a file",
                "train/a/self.png: a link that leads to itself",
            ])
        #expect(
            folder.notes.contains(
                "train/a/loop leads to a folder that is already included: not entered again"))
        #expect(
            folder.notes.contains(
                "train/a/shared leads to a folder that is already included: not entered again"))
    }

    @Test func aFolderTooDeepIsNamed() throws {
        let deep = Array(repeating: "d", count: 70).joined(separator: "/")
        let made = try MadeDataset(
            ["a/1.png", "a/2.png", "b/\(deep)/1.png", "b/1.png", "b/2.png"], empty: true)
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.train.count == 4)
        #expect(folder.problems.map(\.reason) == ["nested deeper than 64 folders"])
    }

    #if os(Linux)
        @Test func aNameThatIsNotUTF8() throws {
            let made = try MadeDataset(["a/1.png", "a/2.png", "b/1.png", "b/2.png"], empty: true)
            let name: [UInt8] = Array((made.path + "/a/").utf8) + [0xFF] + Array(".png\0".utf8)
            name.withUnsafeBytes { bytes in
                bytes.withMemoryRebound(to: CChar.self) { path in
                    if let base = path.baseAddress { close(open(base, O_CREAT | O_WRONLY, 0o600)) }
                }
            }
            let folder = try DatasetFolder.scan(made.url)
            #expect(folder.train.count == 4)
            #expect(
                folder.problems.map(\.description) == ["a/\u{FFFD}.png: the name is not UTF-8: rename it"])
        }
    #endif

    @Test func manyClasses() throws {
        let made = try MadeDataset((0..<1500).map { "c\(String(format: "%04d", $0))/1.png" }, empty: true)
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.classes.count == 1500)
        #expect(folder.train.map(\.label) == Array(0..<1500))
        let names = (0..<10).map { "c\(String(format: "%04d", $0))" }.joined(separator: ", ")
        #expect(
            folder.warnings == [
                "1500 classes with a single training image: \(names) and 1490 more. "
                    + "One image can be learnt by heart, not validated"
            ])
    }
}
