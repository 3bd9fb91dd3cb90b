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
        #expect(folder.groups.count == 6 && folder.groups[PathKey("../a/1.png")] == "piece 0")
        // Of train and val, as the test part is not looked at.
        #expect(
            folder.notes.contains(
                "d.csv has 3 groups, which are kept whole unless --group-by says otherwise"))
        let left = try folder.excluding(ExclusionList(["../a/0.png"]), strict: true)
        #expect(left.groups == folder.groups)

        let divided = try MadeDataset(["train/a/1.png", "train/a/2.png", "train/b/1.png"], empty: true)
        func scan(_ text: String) throws -> DatasetFolder {
            try divided.write(Data(text.utf8), to: "split.csv")
            return try DatasetFolder.scan(divided.url)
        }
        let beside = try scan(
            "split,path,class,group,file\ntrain,x/1.png,a,one,train/a/1.png\ntrain,x/2.png,a,one,train/a/2.png\n"
        )
        #expect(beside.groups == [PathKey("train/a/1.png"): "one", PathKey("train/a/2.png"): "one"])
        #expect(beside.notes.contains { $0.hasPrefix("split.csv has 1 group, ") })
        #expect(!beside.warnings.contains { $0.contains("split.csv") })
        // Groups of one image each are not worth a word; another program's table says nothing of groups.
        let single = try scan("split,path,class,group,file\ntrain,x/1.png,a,one,train/a/1.png\n")
        #expect(!single.notes.contains { $0.contains("group") })
        #expect(try scan("split,path,class,group\ntrain,train/a/1.png,a,one\n").groups.isEmpty)
        let torn = try scan("split,path,class,group,file\ntrain,\"x")
        #expect(torn.groups.isEmpty)
        #expect(
            torn.warnings.contains { $0.contains("split.csv") && $0.hasSuffix("its groups are not known") },
            "\(torn.warnings)")
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
        _ = try write(["name,size", "x,1"], to: "split.csv")
        #expect(try DatasetFolder.scan(made.url).layout == .classFolders)

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
        ("split,path,class\ntest,a/0.png,a", "no row is of the part train"),
        ("\"split", "CSV line 1: a quoted field opens here and is never closed"),
    ])
    func refusals(text: String, reason: String) throws {
        let url = try write([text], to: "d.csv")
        #expect(throws: DatasetError.manifest(path: url.path, reason: reason)) { try DatasetFolder.scan(url) }
    }
}
