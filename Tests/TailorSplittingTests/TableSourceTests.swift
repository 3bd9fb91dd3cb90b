import Foundation
import TailorSplitting
import TestSupport
import Testing

/// CSV files of images and classes, as pandas, spreadsheets and Kaggle write them.
@Suite struct TableSourceTests {
    private let made: MadeDataset

    init() throws { made = try MadeDataset(["img/1.png", "img/2.png", "img/3.jpg"], empty: true) }

    private func read(
        _ text: String, encoding: String.Encoding = .utf8, skipsProblems: Bool = false
    ) throws -> SplitSource {
        try made.write(try #require(text.data(using: encoding)), to: "t.csv")
        return try SplitSource.open(made.url.appendingPathComponent("t.csv"), skipsProblems: skipsProblems)
    }

    private func lines(_ source: SplitSource) -> [String] {
        source.images.map { "\(source.classes.names[$0.label]) \($0.path)" }
    }

    private static let tables: [(text: String, notes: [String])] = [
        ("path,label\nimg/1.png,a\nimg/2.png,b\nimg/3.jpg,a\n", []),
        (
            "\u{FEFF}Path,LABEL\r\nimg/1.png,a\r\nimg/2.png,b \r\nimg/3.jpg,a\r\n",
            ["1 label read without the blanks around"]
        ),
        ("path,label\rimg/1.png,a\rimg/2.png,b\rimg/3.jpg,a\r", []),
        (
            "path, label\nimg/1.png, a\nimg/2.png, \"b\" \nimg/3.jpg , a\n",
            ["2 labels read without the blanks around"]
        ),
        ("path,label\nimg/1.png,a,\nimg/2.png,b,\nimg/3.jpg,a,\n", []),
        (",path,label\n0,img/1.png,a\n1,img/2.png,b\n2,img/3.jpg,a\n", []),
        ("path,label\nimg\\1.png,a\n.\\img\\2.png,b\nimg//3.jpg,a\n", []),
        ("path,label\nimg/1,a\nimg/2,b\nimg/3,a\n", []),
        ("path;label\nimg/1.png;a\nimg/2.png;b\nimg/3.jpg;a\n", ["the fields are separated by semicolons"]),
        (
            "sep=;\r\npath;label\r\nimg/1.png;a\r\nimg/2.png;b\r\nimg/3.jpg;a\r\n",
            ["the fields are separated by semicolons"]
        ),
        ("path\tlabel\nimg/1.png\ta\nimg/2.png\tb\nimg/3.jpg\ta\n", ["the fields are separated by tabs"]),
        ("path|label\nimg/1.png|a\nimg/2.png|b\nimg/3.jpg|a\n", ["the fields are separated by bars"]),
        (
            "filename,class\nimg/1.png,a\nimg/2.png,b\nimg/3.jpg,a\n",
            ["path is the column filename, label is the column class"]
        ),
        ("Image ID,label\nimg/1.png,a\nimg/2.png,b\nimg/3.jpg,a\n", ["path is the column Image ID"]),
    ]

    @Test(arguments: tables.indices)
    func table(index: Int) throws {
        let source = try read(Self.tables[index].text)
        #expect(lines(source) == ["a img/1.png", "b img/2.png", "a img/3.jpg"])
        #expect(source.notes == Self.tables[index].notes && source.warnings.isEmpty)
    }

    @Test func utf16() throws {
        let source = try read("\u{FEFF}" + Self.tables[0].text, encoding: .utf16LittleEndian)
        #expect(lines(source) == ["a img/1.png", "b img/2.png", "a img/3.jpg"])
    }

    @Test func namesThatDiffer() throws {
        let source = try read("path,label\nimg/1.PNG,a\nimg/2.png,b\nimg/3.jpg,a\n")
        #expect(lines(source) == ["a img/1.png", "b img/2.png", "a img/3.jpg"])
        #expect(
            source.notes == [
                "1 image found by a name that differs in case or Unicode form: img/1.PNG → img/1.png"
            ])
        let other = try read("path,label\n/data/img/1.png,a\nC:\\data\\img\\2.png,b\nimg/3.png,a\n")
        #expect(lines(other) == ["a img/1.png", "b img/2.png", "a img/3.jpg"])
        #expect(
            other.notes == [
                "2 images found in another folder than named: /data/img/1.png → img/1.png",
                "1 image found with another extension than named: img/3.png → img/3.jpg",
            ])
    }

    /// A name that is only like a file's never takes the file from the row that names it.
    @Test func twoNamesForOneFile() throws {
        let error = #expect(throws: SplitError.self) {
            try read(
                "path,label\nother/img/1.png,b\nimg/1.png,a\nimg/2.png,b\nx/img/3.jpg,a\ny/img/3.jpg,a\n")
        }
        let path = made.url.appendingPathComponent("t.csv").path
        #expect(
            error?.description
                == "2 problems in \(path):\n  line 2: other/img/1.png: no such file or directory\n"
                + "  line 6: there is no image y/img/3.jpg; img/3.jpg, the only one like it, is named on line 5"
        )
    }

    @Test func absolutePaths() throws {
        let inside = try read("path,label\n\(made.path)/img/1.png,a\nimg/2.png,b\n")
        #expect(lines(inside) == ["a img/1.png", "b img/2.png"])
        let other = try MadeDataset(["more/9.png", "more/8.png"], empty: true)
        let outside = try read(
            "path,label\n\(other.path)/more/9.png,a\n\(other.path)/more/8.png,b\n")
        #expect(lines(outside) == ["a 9.png", "b 8.png"])
        #expect(
            outside.root.hasSuffix("/more") && FileManager.default.fileExists(atPath: outside.root + "/9.png")
        )
        let both = try read("path,label\n\(other.path)/more/9.png,a\nimg/2.png,b\n")
        #expect(
            both.images.allSatisfy { FileManager.default.fileExists(atPath: both.root + "/" + $0.path) })
        #expect(both.images.map { String($0.path.suffix(5)) } == ["9.png", "2.png"])
    }

    @Test func valuesThatAreMissing() throws {
        let text = "path,label\nimg/1.png,nan\nimg/2.png,\nimg/3.jpg,a\nimg/1.png,a,b\n"
        let error = #expect(throws: SplitError.self) { try read(text) }
        guard case .problems(let problems, _)? = error else { return #expect(Bool(false)) }
        #expect(
            problems.map(\.description) == [
                "line 2: the class is nan, which stands for a missing value",
                "line 3: the class name is empty",
                "line 5: expected 2 fields as on the first line, got 3",
            ])
    }
}
