import Foundation
import TailorDatasets
import TailorSupport
import TestSupport
import Testing

/// A CSV with the columns split, path and class is a dataset.
@Suite struct DatasetManifestTests {
    private let made: MadeDataset

    init() throws {
        made = try MadeDataset((0..<6).flatMap { ["a/\($0).png", "b/\($0).png"] }, empty: true)
    }

    private static let parts = ["train", "Training", "train", "train", "valid", "Test set"]

    /// Every class: four images of train, one of val, one of test.
    private static func rows(_ folder: String = "") -> [String] {
        ["a", "b"].flatMap { name in parts.enumerated().map { "\($1),\(folder)\(name)/\($0).png,\(name)" } }
    }

    private func write(_ lines: [String], to name: String = "lists/d.csv") throws -> URL {
        try made.write(Data(lines.joined(separator: "\n").utf8), to: name)
        return made.url.appending(path: name)
    }

    @Test func readAsADataset() throws {
        let url = try write(["Split,Path,Class"] + Self.rows("../"))
        let folder = try DatasetFolder.scan(url)
        #expect(folder.classes.names == ["a", "b"] && folder.layout == .splits && folder.hasTest)
        #expect(
            folder.train.lines
                == ["a", "b"].enumerated().flatMap { label, name in
                    (0..<4).map { "../\(name)/\($0).png \(label)" }
                })
        #expect(folder.validation?.lines == ["../a/4.png 0", "../b/4.png 1"])
        for sample in folder.train { #expect(FileManager.default.fileExists(atPath: sample.url.path)) }
        #expect(folder.notes.first == "divided as \(url.path) says" && folder.problems.isEmpty)
        let test = try DatasetFolder.scanTest(url, classes: folder.classes)
        #expect(test.samples.lines == ["../a/5.png 0", "../b/5.png 1"])
        #expect(DatasetManifest.root(of: url.path) == made.path + "/lists")
        #expect(DatasetManifest.root(of: made.path) == made.path)

        // A list of exclusions may name its test images, which stay sealed.
        let left = try folder.excluding(ExclusionList(["../a/0.png", "../a/5.png"]), strict: true)
        #expect(left.train.count == 7)
        #expect(left.notes.contains { $0.hasPrefix("1 entry of the list of exclusions in the test set") })
    }

    /// `file`, as split writes it, comes before `path`; an absolute path counts from the CSV, too.
    @Test func columnsAndPaths() throws {
        let rows = Self.rows(made.path + "/").map { $0.split(separator: ",").map(String.init) }
        let url = try write(
            ["split,path,label,file"] + rows.map { "\($0[0]),elsewhere.png,\($0[2]),\($0[1])" })
        let folder = try DatasetFolder.scan(url)
        #expect(folder.train.map(\.relativePath).first == "../a/0.png" && folder.train.count == 8)
    }

    /// Groups are those of the CSV's column, and of the CSV that split leaves beside its folders.
    @Test func groups() throws {
        let rows = Self.rows("../").enumerated().map { "\($1),\($0 < 6 ? "piece \($0 / 2)" : "")" }
        let url = try write(["split,path,class,group"] + rows)
        let folder = try DatasetFolder.scan(url)
        // Of train and val, as the test part is not looked at.
        #expect(folder.groups.byPath.count == 5 && folder.groups.byPath[PathKey("../a/1.png")] == "piece 0")
        #expect(
            folder.groups.note == "groups are those that d.csv names (3)" && folder.groups.warnings.isEmpty)
        let left = try folder.excluding(ExclusionList(["../a/0.png"]), strict: true)
        #expect(left.groups == folder.groups)
    }

    private static let files = ["train/a/1.png", "train/a/2.png", "train/b/1.png", "val/b/moved.png"]

    private func scan(_ text: String, _ files: [String] = Self.files) throws -> ListedGroups {
        let divided = try MadeDataset(files, empty: true)
        try divided.write(Data(text.utf8), to: "split.csv")
        return try DatasetFolder.scan(divided.url).groups
    }

    @Test func groupsBesideSplits() throws {
        let header = "split,path,class,group,file\n"
        let all = header + "train,x/1.png,a,one,train/a/1.png\ntrain,x/2.png,a,one,train/a/2.png\n"
        let rest = "train,y/1.png,b,,train/b/1.png\ntrain,y/moved.png,b,two,train/b/moved.png\n"
        let found = try scan(all + rest)
        // One was moved from train to val since; one is a group of its own.
        #expect(
            found.byPath == [
                PathKey("train/a/1.png"): "one", PathKey("train/a/2.png"): "one",
                PathKey("val/b/moved.png"): "two",
            ])
        #expect(found.note == "groups are those that split.csv names (2)" && found.warnings.isEmpty)
        // A name that means several groups means none.
        let several = try scan(all + rest + "train,z,b,three,test/b/moved.png\n")
        #expect(several.byPath[PathKey("val/b/moved.png")] == nil)
        #expect(
            several.warnings == [
                "no row of split.csv is about 1 of 4 images; each of these is a group of its own: val/b/moved.png"
            ])
        // Of another program, with semicolons and capitals.
        let own = try scan("Split;Path;Class;Group\ntrain;train/a/1.png;a;one\n")
        #expect(own.byPath == [PathKey("train/a/1.png"): "one"] && own.note == nil && own.warnings.count == 1)
        // Letters in another encoding.
        let accents = try scan(
            header + "train,x,a,one,train/e\u{301}/1.png\n",
            ["train/\u{E9}/1.png", "train/b/1.png", "train/b/2.png"])
        #expect(accents.byPath == [PathKey("train/\u{E9}/1.png"): "one"])
        // Nothing is said of what names no groups.
        #expect(try scan("split,path,class\ntrain,train/a/1.png,a\n") == .none)
    }

    @Test(arguments: [
        ("split,path,class,group,file\ntrain,\"x", "a quoted field opens here and is never closed"),
        ("split,path,class,group\ntrain,x\n", "line 2: expected 4 fields as on the first line, got 2"),
        ("split,file,group\n", "expected a folder, or a CSV with the columns split, path and class"),
        ("", "expected a folder, or a CSV with the columns split, path and class"),
    ])
    func aTableOfGroupsThatCannotBeUsedIsSaid(_ text: String, _ reason: String) throws {
        let found = try scan(text)
        #expect(found.byPath.isEmpty && found.warnings.count == 1)
        #expect(
            found.warnings[0].contains(reason)
                && found.warnings[0].hasSuffix("; the groups that it names are not known"),
            "\(found.warnings)")
    }

    /// `split.csv` beside class folders divides them; beside splits it is a record of them.
    @Test func inAFolder() throws {
        _ = try write(["split,path,class"] + Self.rows(), to: "split.csv")
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.train.count == 8 && folder.validation?.count == 2 && folder.hasTest)
        #expect(folder.root == made.path && !folder.warnings.contains { $0.contains("split.csv") })
        try made.write(Data(), to: "a/new.png")
        #expect(
            try DatasetFolder.scan(made.url).warnings.first
                == "1 image of \(made.path) is not in split.csv and not used: a/new.png")
        // As a spreadsheet saves it.
        let semicolons = (["split,path,class"] + Self.rows()).map { $0.replacing(",", with: ";") }
        _ = try write(semicolons, to: "split.csv")
        #expect(try DatasetFolder.scan(made.url).train.count == 8)
        // Passed over, its test images would be trained on.
        for lines in [["name,size", "x,1"], ["split,path,class"] + Self.rows() + ["train,\"x"], [""]] {
            _ = try write(lines, to: "split.csv")
            let found = message { _ = try DatasetFolder.scan(made.url) }
            #expect(found.hasSuffix("If it does not divide the images beside it, rename it"), "\(found)")
        }

        let divided = try MadeDataset(["train/a/1.png", "train/b/1.png"], empty: true)
        try divided.write(Data("split,path,class\ntest,x.png,a\n".utf8), to: "split.csv")
        #expect(try DatasetFolder.scan(divided.url).train.count == 2)
    }

    @Test func whatIsNotThereIsAProblem() throws {
        let url = try write(["split,path,class"] + Self.rows("../") + ["train,../a/no.png,a", "val,../a,b"])
        let folder = try DatasetFolder.scan(url)
        #expect(
            folder.problems.map(\.description) == [
                "../a/no.png: no such file", "../a: not named as an image",
            ])
    }

    @Test(arguments: [
        ("split,path\ntrain,a/0.png", "expected a folder, or a CSV with the columns split, path and class"),
        (
            "split,path,class\nlearn,a/0.png,a",
            "line 2: expected train, val or test in the column split, got \"learn\""
        ),
        (
            "split,path,class\n,a/0.png,a",
            "line 2: expected train, val or test in the column split, got nothing"
        ),
        ("split,path,class\ntrain,a/0.png", "line 2: expected 3 fields as on the first line, got 2"),
        (
            "split,path,class\ntrain,a/0.png,a\ntest,./a/0.png,a",
            "line 3: a/0.png is test, a here and train, a on line 2"
        ),
        (
            "split,path,class,group\ntrain,a/0.png,a,x\ntrain,./a/0.png,a,",
            "line 3: a/0.png is in group none here and in x on line 2"
        ),
        ("split,path,class\ntest,a/0.png,a", "no row is of the part train"),
        ("\"split", "CSV line 1: a quoted field opens here and is never closed"),
    ])
    func refusals(text: String, reason: String) throws {
        let url = try write([text], to: "d.csv")
        #expect(throws: DatasetError.manifest(path: url.path, reason: reason)) { try DatasetFolder.scan(url) }
    }
}
