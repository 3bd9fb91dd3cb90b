import Foundation
import Tailor
import TestSupport
import Testing

/// `--group-by table.csv`.
@Suite struct GroupTableTests {
    private func table(_ text: String) throws -> GroupTable {
        let folder = try TemporaryFolder()
        return try GroupTable(contentsOf: folder.write(Data(text.utf8), to: "groups.csv"))
    }

    private func groups(_ text: String, _ paths: [String], strict: Bool = false) throws -> ImageGroups {
        try ImageGroups(
            .table(table(text)), paths: paths, root: "/data", testFolder: "test", strict: strict)
    }

    @Test func columnsAreFoundByName() throws {
        let paths = ["a/1.png", "a/2.png", "a/\"3\".png"]
        let groups = try groups(
            "\u{FEFF}Day,PATH,Group\r\n1,a/1.png,\"left, rear\"\r\n2,a/2.png,\r\n3,\"a/\"\"3\"\".png\",größe\r\n",
            paths)
        #expect(groups.group(of: "a/1.png") == "left, rear")
        #expect(groups.group(of: "a/\"3\".png") == "größe")
        // An empty group, a path that is not listed: a group of their own.
        for path in ["a/2.png", "a/5.png", "A/1.png", "1.png", ""] {
            #expect(groups.group(of: path) == nil, "\(path)")
        }
        #expect(groups.warnings.isEmpty)
    }

    @Test func whatIsMissedIsNamed() throws {
        let text = "path,group\n./a\\1.png,one\n/data/a/2.png,two\nx.png,one\na/3.png\ntest/9.png,one\n"
        let paths = ["a/1.png", "a/2.png", "a/3.png", "a/4.png"]
        let found = try groups(text, paths)
        #expect(found.group(of: "a/1.png") == "one" && found.group(of: "a/2.png") == "two")
        let warnings = found.warnings.map { $0.replacing(/\/[^ ]*groups.csv/, with: "groups.csv") }
        #expect(
            warnings == [
                "the group table groups.csv names 2 of 4 images; each other is a group of its own: a/3.png, a/4.png",
                "1 of 4 rows of the group table groups.csv names no image of /data: x.png",
                "1 row of the group table groups.csv without path and group: line 5",
            ])
        let strict = #expect(throws: SplitError.self) { try groups(text, paths, strict: true) }
        #expect(strict?.description.hasSuffix("a/3.png, a/4.png (strict mode allows none)") == true)
        let none = #expect(throws: SplitError.self) { try groups("path,group\nx.png,one\n", paths) }
        #expect(none?.category == .input)
        #expect(none?.description.contains("gives no group to any of 4 images") == true)
    }

    @Test func twoGroupsOfOnePathAreRefused() throws {
        let error = #expect(throws: SplitError.self) {
            try groups("path,group\na.png,one\nb.png,one\n./a.png,two\n", ["a.png", "b.png"])
        }
        #expect(
            error?.description.hasSuffix("line 4: a.png is in group two here and in one on line 2") == true)
        let same = try groups("path,group\na.png,one\na.png,one\n", ["a.png"])
        #expect(same.group(of: "a.png") == "one" && same.warnings.isEmpty)
    }

    /// Composed and decomposed letters are two files, where Swift's strings are equal.
    @Test func pathsAreComparedByTheirBytes() throws {
        let paths = ["gr\u{F6}.png", "gro\u{308}.png"]
        let groups = try groups("path,group\n\(paths[0]),composed\n\(paths[1]),decomposed\n", paths)
        #expect(groups.group(of: "gr\u{F6}.png") == "composed")
        #expect(groups.group(of: "gro\u{308}.png") == "decomposed")
    }

    @Test func whatIsNoTableIsNamed() throws {
        for (text, reason) in [
            ("", "groups.csv, first line: expected the columns path and group"),
            ("path,class\na,b\n", "groups.csv, first line: expected the columns path and group"),
            ("path,group\n\"a,b\n", "groups.csv: CSV line 2: a quoted field opens here and is never closed"),
        ] {
            let error = #expect(throws: SplitError.self) { try table(text) }
            #expect(error?.description.hasSuffix(reason) == true, "\(String(describing: error))")
        }
        let folder = try TemporaryFolder()
        let latin = try folder.file("l.csv", Array("path,group\n".utf8) + [0xE9, 0x2C, 0x31])
        #expect(throws: SplitError.unusableSource(path: latin.path, reason: "expected a CSV in UTF-8")) {
            try GroupTable(contentsOf: latin)
        }
        #expect(
            throws: SplitError.unusableSource(
                path: folder.file("none").path, reason: "no such file or directory")
        ) {
            try GroupTable(contentsOf: folder.file("none"))
        }
    }
}
