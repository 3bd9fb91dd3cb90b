import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

@Suite struct SplitCommandTests {
    private let folder: TemporaryFolder

    /// `photos/`: ten pictures of each of two classes, in pairs of one part.
    init() throws {
        folder = try TemporaryFolder()
        for (shade, name) in ["dent", "good"].enumerated() {
            for number in 0..<10 {
                let grey = UInt8(100 * shade + number)
                let image = try RGBImage(width: 2, height: 2, red: grey, green: grey, blue: grey)
                try folder.write(image.ppm, to: "photos/\(name)/\(name)\(number / 2)-\(number).ppm")
            }
        }
    }

    private func run(_ arguments: String...) throws -> Program.Outcome {
        try Program.run(["split"] + arguments, in: folder.url)
    }

    /// Names that spreadsheets would run, or that begin with a blank, are what they were: else classes would be one.
    @Test func itsOwnTableIsReadBack() throws {
        let classes = [" c", "c", "=x", "'=x", "-1"]
        let made = try MadeDataset(classes.flatMap { name in (0..<6).map { "\(name)/\($0).ppm" } })
        let (first, second) = (made.url.appending(path: "m.csv"), made.url.appending(path: "m2.csv"))
        let flags = ["--mode", "manifest", "--no-near-duplicates", "-q"]
        let written = try Program.run(["split", made.url.path, first.path] + flags)
        #expect(written.code == 0, "\(written.errors)")
        #expect(Set(try DatasetFolder.scan(first).classes.names) == Set(classes))
        let again = try Program.run(["split", first.path, second.path] + flags)
        #expect(again.code == 0, "\(again.errors)")
        #expect(try Data(contentsOf: first) == Data(contentsOf: second))
    }

    /// An apostrophe in somebody else's table is part of a name.
    @Test func aForeignTableIsTakenAsItIs() throws {
        let made = try MadeDataset(["=x", "'=x"].flatMap { name in (0..<6).map { "\(name)/\($0).ppm" } })
        let rows = ["=x", "'=x"].flatMap { name in (0..<6).map { "\(name)/\($0).ppm,\(name)\n" } }
        try made.write(Data(("path,label\n" + rows.joined()).utf8), to: "labels.csv")
        let table = made.url.appending(path: "m.csv")
        let outcome = try Program.run(
            [
                "split", made.url.appending(path: "labels.csv").path, table.path, "--mode", "manifest",
                "--no-near-duplicates",
            ])
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(Set(try DatasetFolder.scan(table).classes.names) == ["=x", "'=x"])
    }

    /// The backbone's own features name a picture as a candidate for its part.
    @Test func partsStayWithTheirWhole() throws {
        let made = try MadeDataset()
        for number in 1...16 {
            try made.write(
                TestImage.texture(number).pngData(), to: "photos/\(number % 2 == 0 ? "a" : "b")/\(number).png"
            )
        }
        for number in 1...8 {
            try made.write(
                TestImage.texture(number).cropped(to: PixelRect(left: 8, top: 5, width: 144, height: 144))
                    .pngData(), to: "photos/\(number % 2 == 0 ? "a" : "b")/part-\(number).png")
        }
        let outcome = try Program.run(
            [
                "split", "photos", "data", "--features", "--weights", "bundled", "--val", "0.3", "--test",
                "0.3",
            ],
            in: made.url)
        #expect(outcome.code == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("8 sets of copies, or pictures of one subject, (16 images) kept"))
        for part in ["train", "val", "test"] {
            for name in ["a", "b"] {
                let files = try FileManager.default.contentsOfDirectory(
                    atPath: made.path + "/data/\(part)/\(name)")
                for file in files where file.hasPrefix("part-") {
                    #expect(files.contains(String(file.dropFirst(5))), "\(part)/\(name)/\(file)")
                }
            }
        }
    }

    @Test func aFolderWithGroups() throws {
        let plain = try run("photos", "data", "--group-by", "([a-z]+[0-9])-")
        #expect(plain.code == 0 && plain.errors.isEmpty, "\(plain.errors)")
        #expect(
            plain.output == """
                20 images of 2 classes in 10 groups, seed 1

                class   images  groups  train   share  val   share  test   share  off by
                dent        10       5      6  60.0 %    2  20.0 %     2  20.0 %     4.0
                good        10       5      6  60.0 %    2  20.0 %     2  20.0 %     4.0
                all         20      10     12  60.0 %    4  20.0 %     4  20.0 %
                wanted                         64.0 %       16.0 %        20.0 %

                Furthest from the shares wanted: dent, by 4.0 percentage points.
                Written: data (links to photos)
                Next: tailor check data
                      tailor train data

                """)
        let found = try DatasetFolder.scan(folder.file("data"))
        #expect(found.train.count == 12 && found.validation?.count == 4 && found.hasTest)

        let again = try run("photos", "data")
        #expect(again.code == 2 && again.output.isEmpty)
        #expect(again.errors.contains("data: exists already and holds 5 entries: choose another folder"))
        let inner = try run("data", "anew")
        #expect(inner.code == 2 && inner.errors.contains("is split already (train/, val/, test/)"))
        #expect(inner.errors.contains("--keep-splits") && inner.errors.contains("--merge"))
        #expect(folder.names == ["data", "photos"])
    }

    @Test func optionsForClassesAndIntensities() throws {
        let renamed = try run("photos", "data", "--rename", "dent=bad", "--intensity-range", "0:4095")
        #expect(renamed.code == 0, "\(renamed.errors)")
        #expect(renamed.errors.contains("no image has 16 bits: the intensity range has no effect"))
        #expect(renamed.output.contains("\nbad "))
        #expect(
            renamed.output.hasSuffix(
                "Next: tailor check data --intensity-range 0:4095\n      tailor train data --intensity-range 0:4095\n"
            ))
        for (arguments, text) in [
            (["--rename", "dint=bad"], "there is no class dint to rename: the classes are dent, good"),
            (["--rename", "dent"], "--rename: expected old=new, got \"dent\""),
            (["--intensity-range", "9:9"], "expected LOW:HIGH, whole numbers with 0 ≤ LOW < HIGH ≤ 65535"),
            (["--intensity-range", "0:9", "--no-near-duplicates"], "no image is decoded"),
        ] {
            let refused = try Program.run(["split", "photos", "other"] + arguments, in: folder.url)
            #expect(refused.code == 2 && refused.errors.contains(text), "\(refused.errors)")
        }
    }

    /// One mechanism with check and train: the table is read, not taken for a pattern.
    @Test func aTableOfGroups() throws {
        let lines = ["dent", "good"].flatMap { name in
            (0..<10).map { "\(name)/\(name)\($0 / 2)-\($0).ppm,\(name)\($0 / 2)" }
        }
        try Data((["path,group"] + lines).joined(separator: "\n").utf8).write(to: folder.file("g.csv"))
        let whole = try run("photos", "data", "--group-by", "g.csv")
        #expect(whole.code == 0 && whole.errors.isEmpty, "\(whole.errors)")
        #expect(whole.output.contains("20 images of 2 classes in 10 groups, seed 1"))
        try Data((["path,group", "x,y"] + lines.dropFirst()).joined(separator: "\r\n").utf8).write(
            to: folder.file("g.csv"))
        let partly = try run("photos", "other", "--group-by", "g.csv")
        #expect(partly.code == 0)
        #expect(partly.errors.contains("g.csv names 19 of 20 images"), "\(partly.errors)")
        #expect(partly.errors.contains("1 of 20 rows"), "\(partly.errors)")
        try Data("path,group\nx,y\n".utf8).write(to: folder.file("g.csv"))
        let none = try run("photos", "third", "--group-by", "g.csv")
        #expect(none.code == 2 && none.errors.contains("gives no group to any of 20 images"))
    }

    /// What the search for copies cannot read is named, and never lands in a part.
    @Test func brokenImages() throws {
        let whole = try Data(contentsOf: folder.file("photos/dent/dent0-0.ppm"))
        try folder.write(whole.dropLast(3), to: "photos/dent/cut.ppm")
        let problem = "dent/cut.ppm: "
        let refused = try run("photos", "data")
        #expect(refused.code == 2 && refused.output.isEmpty)
        #expect(refused.errors.contains("/photos:\n  \(problem)"), "\(refused.errors)")
        #expect(folder.names == ["photos"])
        let skipped = try run("photos", "data", "--skip-problems")
        #expect(skipped.code == 0, "\(skipped.errors)")
        #expect(skipped.errors.contains("left out for 1 problem: \(problem)"), "\(skipped.errors)")
        #expect(skipped.output.hasPrefix("20 images of 2 classes"))
        let rows = try CSV.parse(String(contentsOf: folder.file("data/split.csv"), encoding: .utf8))
        #expect(rows.count == 21 && !rows.joined().contains { $0.contains("cut.ppm") })

        // The same as a CSV, and the only image of its class.
        let list =
            "path,label\nphotos/dent/cut.ppm,bad\n"
            + (0..<9).map { "photos/good/good\($0 / 2)-\($0).ppm,fine\n" }.joined()
            + "photos/dent/dent0-0.ppm,dent\n"
        try folder.write(Data(list.utf8), to: "l.csv")
        let listed = try run("l.csv", "anew")
        #expect(listed.code == 2 && listed.errors.contains("photos/\(problem)"), "\(listed.errors)")
        let lost = try run("l.csv", "anew", "--skip-problems")
        #expect(lost.code == 2)
        #expect(lost.errors.contains("no readable image is left in 1 class: bad"), "\(lost.errors)")
        #expect(folder.names == ["data", "l.csv", "photos"])
    }

    /// train/ and val/ as most public data sets come: a test set is cut out of train, or all is divided anew.
    @Test func aFolderThatIsSplitAlready() throws {
        for (shade, name) in ["dent", "good"].enumerated() {
            for (split, count, first) in [("train", 10, 0), ("Valid", 5, 50)] {
                for number in 0..<count {
                    let image = try TestImage.texture(100 * shade + first + number)
                    try folder.write(image.pngData(), to: "set/\(split)/\(name)/\(number).png")
                }
            }
        }
        // An image of validation in another format: its like must not become a test image.
        let seen = try ImageDecoder().decode(contentsOf: folder.file("set/Valid/dent/3.png"))
        try folder.write(seen.jpegData(quality: 95), to: "set/train/dent/10.jpg")
        let kept = try run("set", "whole", "--keep-splits", "--test", "0.3")
        #expect(kept.code == 0, "\(kept.errors)")
        #expect(kept.errors.contains("1 image of train belongs with images of the parts that are kept"))
        #expect(
            kept.output == """
                31 images of 2 classes in 30 groups, seed 1

                class  images  groups  train  val  test
                dent       16      15      8    5     3
                good       15      15      7    5     3
                all        31      30     15   10     6

                Kept: val. Added: test: 30.0 % of the images of train.
                Written: whole (links to set)
                Next: tailor check whole
                      tailor train whole

                """)
        let rows = try CSV.parse(String(contentsOf: folder.file("whole/split.csv"), encoding: .utf8))
            .dropFirst()
        for row in rows {
            let isKept = row[1].hasPrefix("set/Valid") || row[1].hasPrefix("Valid/")
            #expect(isKept == (row[0] == "val"), "\(row)")
            if row[1].hasSuffix(".jpg") { #expect(row[0] == "train", "\(row)") }
        }
        let found = try DatasetFolder.scan(folder.file("whole"))
        #expect(found.train.count == 15 && found.validation?.count == 10 && found.hasTest)

        let merged = try run("set", "anew", "--merge", "--no-near-duplicates")
        #expect(merged.code == 0, "\(merged.errors)")
        #expect(merged.output.contains("all         31      31     20  64.5 %    5  16.1 %     6  19.4 %"))
        let names = try CSV.parse(String(contentsOf: folder.file("anew/split.csv"), encoding: .utf8)).map {
            $0[4]
        }
        #expect(Set(names).count == 32, "two of one name, train/dent/3.png and Valid/dent/3.png")

        func refused(_ text: String, _ arguments: String...) throws {
            let outcome = try Program.run(["split"] + arguments, in: folder.url)
            #expect(outcome.code == 2 && outcome.output.isEmpty, "\(arguments)")
            #expect(outcome.errors.contains(text), "\(outcome.errors)")
        }
        try refused("there is nothing to add", "whole", "x", "--keep-splits")
        try refused("there is nothing to add", "set", "x", "--keep-splits", "--test", "0")
        try refused("--val 0.1: --keep-splits keeps", "set", "x", "--keep-splits", "--val", "0.1")
        try refused("has no train, val or test folder", "photos", "x", "--keep-splits")
        try refused("has no train, val or test folder", "whole/split.csv", "x", "--merge")
        try refused("exclude each other", "set", "x", "--keep-splits", "--merge")
        try refused("in no split yet", "set", "x", "--merge", "--annotations", "a")
    }

    @Test func jsonAndRefusals() throws {
        let lines =
            (0..<10).map { "photos/dent/dent\($0 / 2)-\($0).ppm,bad,day \($0 / 2)" }
            + (0..<10).map { "photos/good/good\($0 / 2)-\($0).ppm,fine," }
        try Data((["path,label,group"] + lines).joined(separator: "\n").utf8).write(to: folder.file("l.csv"))
        let outcome = try run(
            "l.csv", "out.csv", "--mode", "manifest", "--json", "--seed", "7", "--test", "0.3")
        #expect(outcome.code == 0, "\(outcome.errors)")
        let summary = try JSONFile.decode(SplitSummary.self, from: Data(outcome.output.utf8))
        #expect(summary.seed == 7 && summary.images == 20 && summary.groups == 15)
        #expect(summary.classes.map(\.name) == ["bad", "fine"] && summary.classes[1].test == 3)
        let rows = try CSV.parse(String(contentsOf: folder.file("out.csv"), encoding: .utf8))
        #expect(rows.count == 21 && rows[1][3] == "day 0")

        func refused(_ arguments: [String], _ text: String) throws {
            let outcome = try Program.run(["split"] + arguments, in: folder.url)
            #expect(outcome.code == 2 && outcome.output.isEmpty, "\(arguments)")
            #expect(outcome.errors.contains(text), "\(outcome.errors)")
        }
        try refused(["nowhere", "x"], "nowhere: no such file or folder")
        try refused(["photos", "x", "--group-by", "("], "is not a regular expression")
        try refused(["photos", "x", "--group-by", "([0-9]+)day"], "matches none of 20 image paths")
        try refused(
            ["photos", "x", "--val", "0.9"], "--val, --test: shares of val 0.9 and test 0.2")
        try refused(
            ["photos", "x", "--margin", "0.2", "--crop-format", "jpeg"],
            "--margin, --crop-format: only boxes of --annotations are cut out")
        try refused(["photos", "x", "--annotations", "a", "--mode", "link"], "leave it out")
        try refused(["photos", "x", "--annotations", "a"], "a: no such file or folder")
        #expect(folder.names == ["l.csv", "out.csv", "photos"])

        let empty = folder.file("empty")
        try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
        let inside = try Program.run(["split", "../photos", "."], in: empty)
        #expect(inside.code == 2 && inside.errors.contains("is the current folder: name a new one"))
    }
}
