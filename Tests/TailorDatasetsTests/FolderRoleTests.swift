import Foundation
import TailorDatasets
import TestSupport
import Testing

/// What lies in a folder decides whether it is a split or a class.
@Suite struct FolderRoleTests {
    /// Two images directly in each folder.
    private static func made(_ folders: [String]) throws -> MadeDataset {
        try MadeDataset(folders.flatMap { ["\($0)/1.png", "\($0)/2.png"] }, empty: true)
    }

    @Test(arguments: [
        ["live", "test"], ["dead", "live", "test"], ["invalid", "valid"], ["invalid", "unknown", "valid"],
        ["bus", "car", "train"], ["bus", "test", "train", "valid"], ["bus", "train/old", "train"],
        ["Training", "test", "work"], ["eval", "train", "work"],
    ])
    func classesNamedAsSplits(folders: [String]) throws {
        let made = try Self.made(folders)
        let names = Set(folders.map { String($0.prefix { $0 != "/" }) }).sorted()
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.layout == .classFolders && folder.validation == nil && !folder.hasTest)
        #expect(folder.classes.names == names)
        #expect(folder.train.count == 2 * folders.count)
        let note = try #require(folder.notes.first { $0.hasPrefix("read as classes") })
        let said = names.filter { SplitName.part($0) != nil }.joined(separator: ", ")
        #expect(note == "read as classes, for they hold no folders of classes: \(said)")
        #expect(try DatasetListing(made.url, parts: Set(SplitPart.allCases)).splits.map(\.part) == [.train])
        let none = #expect(throws: DatasetError.self) {
            try DatasetFolder.scanTest(made.url, classes: folder.classes)
        }
        #expect(none == .noTest(path: made.path))
    }

    @Test func classesNamedAsSplitsWithinSplits() throws {
        let made = try Self.made(
            ["live", "test", "train"].flatMap { ["train/\($0)", "val/\($0)", "test/\($0)"] })
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.layout == .splits && folder.classes.names == ["live", "test", "train"])
        #expect(folder.train.count == 6 && folder.validation?.count == 6 && folder.hasTest)
        #expect(
            try DatasetFolder.scanTest(made.url, classes: folder.classes).samples.map(\.label) == [
                0, 0, 1, 1, 2, 2,
            ])
    }

    struct Names: Sendable {
        let train: String
        var val: String?
        let test: String
    }

    @Test(arguments: [
        Names(train: "Training", test: "Testing"), Names(train: "training_set", test: "test_set"),
        Names(train: "Train", val: "VALID", test: "TEST"),
        Names(train: "train", val: "validation", test: "tests"),
        Names(train: "TrainData", val: "dev-set", test: "test images"),
        Names(train: "trainset", val: "ValidationSet", test: "testset"),
    ])
    func splitsUnderOtherNames(names: Names) throws {
        let parts = [names.train, names.val, names.test].compactMap { $0 }
        let made = try Self.made(parts.flatMap { ["\($0)/a", "\($0)/b"] })
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.layout == .splits && folder.classes.names == ["a", "b"])
        #expect(folder.train.map(\.relativePath).first == "\(names.train)/a/1.png" && folder.train.count == 4)
        #expect(folder.validation?.count == (names.val == nil ? nil : 4))
        #expect(folder.testFolder == names.test)
        #expect(try DatasetFolder.scanTest(made.url, classes: folder.classes).samples.count == 4)
        let note = try #require(folder.notes.first { $0.hasPrefix("read by their names: ") })
        for (name, part) in [(names.train, "train"), (names.val, "val"), (names.test, "test")] {
            if let name, name != part { #expect(note.contains("\(name)/ as \(part)/"), "\(note)") }
        }
    }

    /// Names and content contradict each other: the folder that is the trouble is named.
    @Test(arguments: [
        (["bus", "car", "train/x", "train/y"], "train"), (["bus/x", "bus/y", "train/x", "train/y"], "train"),
        (["dead", "live", "test/left", "test/right"], "test"),
        (["old", "new", "valid/x", "valid/y"], "valid"),
        (["seg_train/seg_train/a", "seg_test/seg_test/a", "seg_pred"], "seg_test"),
        (["train2017/a", "train2017/b", "val2017/a", "val2017/b"], "train2017"),
        (["train/a", "train/b", "eval/a", "eval/b"], "train"),
        (["my_train/a", "my_train/b", "test/a", "test/b"], "test"),
    ])
    func whatStaysUnclearIsRefused(folders: [String], name: String) throws {
        let made = try Self.made(folders)
        let error = #expect(throws: DatasetError.self) { try DatasetFolder.scan(made.url) }
        guard case .unclearFolder(let path, _)? = error else { return #expect(error == nil) }
        #expect(path == "\(made.path)/\(name)")
        #expect(error?.description.hasPrefix("\(path) may be a split or a class: ") == true)
    }

    @Test func splitsWithinClassesAreRefused() throws {
        let made = try Self.made(["cat/train", "cat/test", "dog/train", "dog/test"])
        let error = #expect(throws: DatasetError.self) { try DatasetFolder.scan(made.url) }
        #expect(
            error?.description
                == "\(made.path)/cat holds folders called test, train: expected the classes within the splits "
                + "(train/<class>), or a folder that holds one dataset only")
    }

    @Test func whatMayBeMeantOtherwiseIsAWarning() throws {
        let beside = try Self.made(["train/a", "train/b", "val/a", "val/b", "holdout/a", "holdout/b"])
        #expect(
            try DatasetFolder.scan(beside.url).warnings.first
                == "holdout/ holds folders of the same names as the training classes, and is not used: call it "
                + "val or test if it is a split")
        let alone = try Self.made(["train/a", "train/b", "extra"])
        #expect(
            try DatasetFolder.scan(alone.url).warnings.first
                == "extra/ holds images, and is not used beside train/, of which the folders are the classes")
        let twice = try Self.made(["a", "b", "train/a", "train/b"])
        #expect(
            try DatasetFolder.scan(twice.url).warnings.first
                == "a/, b/ hold images, and are not used beside train/, of which the folders are the classes")
        let same = try Self.made(["ok/left", "ok/right", "nok/left", "nok/right"])
        let folder = try DatasetFolder.scan(same.url)
        #expect(folder.classes.names == ["nok", "ok"])
        #expect(
            folder.warnings.first
                == "nok, ok are taken for classes, and each holds folders called left, right: if these are the "
                + "classes, call the outer folders train, val or test")
    }

    /// Images without class folders are no classes called train and test.
    @Test func splitsWithoutClasses() throws {
        let flat = try Self.made(["train", "test"])
        #expect(throws: DatasetError.noClassFolders(path: "\(flat.path)/train", looseImages: 2)) {
            try DatasetFolder.scan(flat.url)
        }
        let half = try Self.made(["train/a", "train/b", "test"])
        let folder = try DatasetFolder.scan(half.url)
        #expect(folder.hasTest)
        #expect(throws: DatasetError.noClassFolders(path: "\(half.path)/test", looseImages: 2)) {
            try DatasetFolder.scanTest(half.url, classes: folder.classes)
        }
    }

    @Test func aFolderThatIsALinkIntoAnotherSplit() throws {
        let whole = try Self.made(["train/a", "train/b", "test/a", "test/b"])
        try whole.link("val", to: "test")
        let single = try Self.made(["train/a", "train/b", "test/a", "test/b"])
        try single.folder("val")
        for name in ["a", "b"] { try single.link("val/\(name)", to: "../train/\(name)") }
        let classes = try Self.made(["a", "b"])
        try classes.folder("test")
        for name in ["a", "b"] { try classes.link("test/\(name)", to: "../\(name)") }
        let cases: [(MadeDataset, String, Set<SplitPart>, String)] = [
            (whole, "val", [.train, .val], "is a link into the test folder"),
            (whole, "val", [.test], "is a link into the test folder"),
            (whole, "val", [.train, .val, .test], "is a link into the test folder"),
            (single, "val/a", [.train, .val], "is a link into train/: the same images would"),
            (single, "val/a", [.train, .val, .test], "is a link into train/"),
            (classes, "test/a", [.test], "is a link into ./"),
        ]
        for (made, path, parts, text) in cases {
            let error = #expect(throws: DatasetError.self) { try DatasetListing(made.url, parts: parts) }
            #expect(error?.description.hasPrefix("\(made.path)/\(path) \(text)") == true, "\(path) \(parts)")
        }
    }

    @Test func names() {
        for (name, part) in [
            ("train", SplitPart.train), ("TRAINING", .train), ("Train Set", .train), ("valid", .val),
            ("dev", .val), ("Validation_Data", .val), ("testing", .test), ("test-images", .test),
            ("Entrenamiento", .train), ("prueba", .test), ("Validação", .val), ("Trainingsdaten", .train),
            ("Testdaten", .test),
        ] {
            #expect(SplitName(name) == .part(part), "\(name)")
        }
        #expect(SplitName("train_test") == .unclear && SplitName("eval") == .unclear)
        #expect(SplitName("seg_train") == .containing(.train) && SplitName("val2017") == .containing(.val))
        for name in [
            "invalid", "latest", "contest", "trains", "trained", "data", "", "set", "värde", "unvalidated",
        ] {
            #expect(SplitName(name) == nil, "\(name)")
        }
    }
}
