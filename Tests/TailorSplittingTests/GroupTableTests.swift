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

    @Test func columnsAreFoundByName() throws {
        let table = try table(
            "\u{FEFF}Day,PATH,Group\r\n1,a/1.png,\"left, rear\"\r\n2,a/2.png,\r\n3,\"a/\"\"3\"\".png\",größe\r\n4,a/4.png\r\n"
        )
        #expect(table.group(of: "a/1.png") == "left, rear")
        #expect(table.group(of: "a/\"3\".png") == "größe")
        // An empty group, a row that ends before it, a path that is not listed: a group of their own.
        for path in ["a/2.png", "a/4.png", "a/5.png", "A/1.png", "1.png", ""] {
            #expect(table.group(of: path) == nil, "\(path)")
        }
    }

    @Test func theLastRowOfAPathCounts() throws {
        #expect(try table("path,group\na.png,one\na.png,two\n").group(of: "a.png") == "two")
    }

    /// Composed and decomposed letters are two files, where Swift's strings are equal.
    @Test func pathsAreComparedByTheirBytes() throws {
        let table = try table("path,group\ngr\u{F6}.png,composed\ngro\u{308}.png,decomposed\n")
        #expect(table.group(of: "gr\u{F6}.png") == "composed")
        #expect(table.group(of: "gro\u{308}.png") == "decomposed")
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
