import Foundation
import TailorSplitting
import TestSupport
import Testing

/// Classes called otherwise, and merged.
@Suite struct ClassRenamingTests {
    @Test func classFolders() throws {
        let made = try MadeDataset(["kitty/1.png", "cat/1.png", "cat/2.png", "dog/1.png"], empty: true)
        let source = try SplitSource.open(
            made.url, renaming: ClassRenaming(["kitty=cat", " dog = hound "]))
        #expect(source.classes.names == ["cat", "hound"])
        #expect(source.images.map(\.label) == [0, 0, 1, 0])
        // Both files called 1.png are kept.
        let plan = try SplitPlanner(shares: SplitShares(val: 0.3, test: 0), seed: 1)
            .plan(source.items, classes: source.classes)
        let out = made.url.deletingLastPathComponent().appending(path: made.url.lastPathComponent + "-out")
        defer { try? FileManager.default.removeItem(at: out) }
        let destination = try SplitDestination(out, mode: .copy, source: made.url)
        try SplitWriter(source: source, plan: plan, destination: destination).write()
        let written = try FileManager.default.subpathsOfDirectory(atPath: out.path).filter {
            $0.hasSuffix(".png")
        }
        #expect(
            Set(written.map { URL(fileURLWithPath: $0).pathComponents.suffix(2).joined(separator: "/") })
                == ["cat/kitty-1.png", "cat/cat-1.png", "cat/2.png", "hound/1.png"])
    }

    @Test func rowsOfATable() throws {
        let made = try MadeDataset(["1.png", "2.png"], empty: true)
        try made.write(Data("path,label\n1.png,Cat\n1.png,cat\n2.png,dog\n".utf8), to: "t.csv")
        let url = made.url.appendingPathComponent("t.csv")
        #expect(throws: SplitError.self) { try SplitSource.open(url) }
        let source = try SplitSource.open(url, renaming: ClassRenaming(["Cat=cat"]))
        #expect(source.classes.names == ["cat", "dog"] && source.images.count == 2)
        #expect(source.notes == ["1 row said again what an earlier one had said"])
    }

    /// Two documents about the same images, with one class under two names.
    @Test func severalAnnotations() throws {
        let made = try MadeAnnotations(pictures: 2)
        func document(_ name: String, _ box: String) -> String {
            "{\"images\": [{\"id\": 1, \"file_name\": \"0.ppm\"}, {\"id\": 2, \"file_name\": \"1.ppm\"}], "
                + "\"annotations\": [{\"image_id\": 1, \"category_id\": 1, \"bbox\": [0, 0, 20, 30]}, \(box)], "
                + "\"categories\": [{\"id\": 1, \"name\": \"\(name)\"}, {\"id\": 2, \"name\": \"dog\"}]}"
        }
        try made.write(
            document("cat", "{\"image_id\": 2, \"category_id\": 2, \"bbox\": [5, 5, 20, 30]}"), to: "a.json")
        try made.write(
            document("kitty", "{\"image_id\": 9, \"category_id\": 2, \"bbox\": [5, 5, 20, 30]}"),
            to: "b/c.json")
        let urls = ["a.json", "b"].map { made.annotations.appendingPathComponent($0) }
        func read(_ renaming: ClassRenaming, skipsProblems: Bool = true) throws -> SplitSource {
            try SplitSource.annotated(
                images: made.images, annotations: urls, cropping: try Cropping(margin: 0), renaming: renaming,
                skipsProblems: skipsProblems)
        }
        let error = #expect(throws: SplitError.self) { try read(.none, skipsProblems: false) }
        #expect(
            error?.description == "1 problem in \(urls[0].path), \(urls[1].path):\n"
                + "  b/c.json: annotations[1]: there is no image with the id 9")
        let apart = try read(.none)
        #expect(apart.classes.names == ["cat", "dog", "kitty"] && apart.warnings.count == 2)
        let merged = try read(ClassRenaming(["kitty=cat"]))
        #expect(merged.crops == ["cat in/0.ppm 0 0 20 30", "dog in/1.ppm 5 5 20 30"])
        #expect(
            merged.notes == [
                "COCO: 2 boxes in 2 images", "1 box given again for the same part of an image, taken once",
            ])
    }

    @Test(arguments: [
        (["cat"], "expected old=new, got \"cat\""), (["=cat"], "expected old=new, got \"=cat\""),
        (["a= "], "\"a= \": the class name is empty"), (["a=b", "a=c"], "a cannot become both b and c"),
        (
            ["a=b/c"],
            "\"a=b/c\": the class \"b/c\" cannot be a folder's name: it holds a slash or a zero byte"
        ),
        (["hen=cat"], "there is no class hen to rename: the classes are cat, dog"),
        (["dog=cat"], "one class only (cat): expected two or more"),
    ])
    func refusals(texts: [String], expected: String) throws {
        let made = try MadeDataset(["cat/1.png", "dog/1.png"], empty: true)
        let error = #expect(throws: SplitError.self) {
            try SplitSource.open(made.url, renaming: ClassRenaming(texts))
        }
        #expect(error?.description.hasSuffix(expected) == true, "\(error as Any)")
    }
}
