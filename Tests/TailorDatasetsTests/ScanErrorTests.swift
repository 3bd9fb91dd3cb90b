import Foundation
import TailorDatasets
import TestSupport
import Testing

@Suite struct ScanErrorTests {
    struct Case: Sendable {
        let paths: [String]
        var folders: [String] = []
        /// `%` stands for the dataset's path.
        let expected: String
    }

    static let cases = [
        Case(paths: [], expected: "% holds no class folders: expected one folder a class with its images"),
        Case(
            paths: ["1.png", "2.png", "x.txt"],
            expected: "% holds no class folders (2 images outside of any): "
                + "expected one folder a class with its images"),
        Case(
            paths: ["train/1.png"],
            expected: "%/train holds no class folders (1 image outside of any): "
                + "expected one folder a class with its images"),
        Case(
            paths: ["train/a/1.png", "val/a/1.png"],
            expected: "%/train holds one class only (a): expected two or more"),
        Case(
            paths: ["hymenoptera/train/a/1.png", "hymenoptera/train/b/1.png"],
            expected:
                "% holds one class only (hymenoptera): expected two or more; did you mean %/hymenoptera?"),
        Case(
            paths: ["train/a/1.png", "train/c/notes.txt"], folders: ["train/b"],
            expected: "no images in 2 class folders of %/train: b, c. Add images or remove the folder"),
        Case(
            paths: ["train/a/1.png", "train/b/1.png", "val/a/1.png", "val/x/1.png", "val/y/1.png"],
            expected: "%/val has 2 classes that training does not know: x, y"),
        Case(
            paths: ["train/a/1.png", "train/b/1.png"], folders: ["val/a"],
            expected: "%/val holds no images: add images or remove the folder"),
        Case(paths: ["val/a/1.png", "test/a/1.png"], expected: "% has val but no train folder"),
        Case(paths: ["test/a/1.png"], expected: "% has test but no train folder"),
        Case(
            paths: ["train/a/1.png", "val/a/1.png", "valid/a/1.png"],
            expected: "% has several folders that could be val (val, valid): keep one"),
        Case(
            paths: ["\u{e9}/1.png", "e\u{301}/1.png"],
            expected:
                "% holds two class folders that read é and differ only in how their letters are encoded: "
                + "rename one"),
    ]

    @Test(arguments: cases)
    func errors(_ example: Case) throws {
        let made = try MadeDataset(example.paths, empty: true)
        for folder in example.folders { try made.folder(folder) }
        let error = #expect(throws: DatasetError.self) { try DatasetFolder.scan(made.url) }
        #expect(error?.description == example.expected.replacingOccurrences(of: "%", with: made.path))
    }

    @Test func noSuchFolder() throws {
        let made = try MadeDataset(["file"], empty: true)
        for (name, expected) in [
            ("no", "could not list \(made.path)/no: no such file or directory"),
            (
                "file",
                "\(made.path)/file: expected a folder, or a CSV with the columns split, path and class"
            ),
        ] {
            let error = #expect(throws: DatasetError.self) {
                try DatasetFolder.scan(made.url.appendingPathComponent(name))
            }
            #expect(error?.description == expected)
        }
    }

    @Test(.enabled(if: geteuid() != 0)) func aFolderWithoutPermission() throws {
        let made = try MadeDataset(["a/1.png", "a/in/2.png", "b/1.png"], empty: true)
        chmod(made.path + "/a/in", 0)
        defer { chmod(made.path + "/a/in", 0o700) }
        let error = #expect(throws: DatasetError.self) { try DatasetFolder.scan(made.url) }
        #expect(error?.description.hasPrefix("could not list \(made.path)/a/in: permission denied") == true)
    }
}

@Suite struct TestFolderTests {
    private static let paths = [
        "train/a/1.png", "train/b/1.png", "test/a/1.png", "test/c/2.png", "test/.DS_Store",
    ]

    @Test func mappedByName() throws {
        let made = try MadeDataset(Self.paths, empty: true)
        try made.folder("test/empty")
        let found = try DatasetFolder.scanTest(made.url, classes: ClassList(names: ["a", "b", "c"]))
        #expect(found.samples.lines == ["test/a/1.png 0", "test/c/2.png 2"])
        #expect(
            found.warnings == [
                "test/ has no images of 1 class: b. What the model misses of them cannot be seen; where it answers them, that is an error and counts in macro-F1"
            ])
        #expect(
            found.notes == [
                "ignored 1 entry of the system's: .DS_Store × 1",
                "ignored empty folders that are no classes: empty",
            ])
    }

    @Test func aClassTheModelLacks() throws {
        let made = try MadeDataset(Self.paths, empty: true)
        let error = #expect(throws: DatasetError.self) {
            try DatasetFolder.scanTest(made.url, classes: ClassList(names: ["a", "b"]))
        }
        #expect(error?.description == "\(made.path)/test has 1 class that training does not know: c")
    }

    @Test func noTestFolder() throws {
        let made = try MadeDataset(["train/a/1.png", "val/a/1.png"], empty: true)
        let error = #expect(throws: DatasetError.self) {
            try DatasetFolder.scanTest(made.url, classes: ClassList(names: ["a"]))
        }
        #expect(
            error?.description
                == "\(made.path) has no test folder: evaluation needs images that training never saw")
    }

    @Test(arguments: ["more", "1.png"])
    func aLinkIntoTestIsRefused(name: String) throws {
        let made = try MadeDataset(["train/a/0.png", "train/b/1.png", "held-out/a/1.png"], empty: true)
        try made.link("test", to: "held-out")
        try made.link("train/a/\(name)", to: "../../held-out/a" + (name == "more" ? "" : "/1.png"))
        let error = #expect(throws: DatasetError.self) { try DatasetFolder.scan(made.url) }
        #expect(
            error?.description == "\(made.path)/train/a/\(name) is a link into the test folder: "
                + "training may not see what it is tested on")
    }

    #if os(Linux)
        /// The kernel reports who opens or reads a folder: nobody may, until the test set is asked for. Beside
        /// class folders, only the names in `test/` tell whether it is one of them.
        @Test(arguments: [["train/a/1.png", "train/b/1.png"], ["a/1.png", "b/1.png"]])
        func trainingNeverLooksIntoTest(train: [String]) throws {
            let made = try MadeDataset(train + ["test/a/1.png", "test/b/1.png"])
            let watched = train[0].hasPrefix("train") ? ["test", "test/a", "test/b"] : ["test/a", "test/b"]
            let watch = try FolderWatch(watched.map { made.path + "/" + $0 })
            let folder = try DatasetFolder.scan(made.url)
            _ = try folder.screened()
            #expect(!watch.wasOpened())
            _ = try DatasetFolder.scanTest(made.url, classes: folder.classes)
            #expect(watch.wasOpened())
        }
    #endif
}
