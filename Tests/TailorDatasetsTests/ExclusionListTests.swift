import Foundation
import TailorDatasets
import TailorSupport
import TestSupport
import Testing

/// `train --exclude-from`: lists as people and their programs write them.
@Suite struct ExclusionListTests {
    private let made: MadeDataset
    private static let bad = ["train/ok/3.png", "train/nok/4.png", "val/ok/1.png"]

    init() throws {
        let names = ["ok", "nok"].flatMap { name in
            (0..<6).map { "train/\(name)/\($0).png" } + (0..<3).map { "val/\(name)/\($0).png" }
        }
        made = try MadeDataset(names + ["test/ok/7.png", "test/nok/8.png"], empty: true)
    }

    private func excluding(_ data: Data, strict: Bool = false) throws -> DatasetFolder {
        let list = made.url.appendingPathComponent("list.txt")
        try data.write(to: list)
        return try DatasetFolder.scan(made.url).excluding(ExclusionList(contentsOf: list), strict: strict)
    }

    private func excluding(_ lines: [String], strict: Bool = false) throws -> DatasetFolder {
        try excluding(Data(lines.joined(separator: "\n").utf8), strict: strict)
    }

    /// Paths of `whole` that are not in `folder`.
    private func left(out folder: DatasetFolder) throws -> Set<String> {
        let whole = try DatasetFolder.scan(made.url)
        func paths(_ folder: DatasetFolder) -> Set<String> {
            Set((folder.train + (folder.validation ?? [])).map(\.relativePath))
        }
        return paths(whole).subtracting(paths(folder))
    }

    /// U+0301 makes one character with the quote or the number sign before it.
    @Test(arguments: [
        "\u{301}a \n.jpg", "\u{301}a\u{2007}", "\"\u{301}a", "#\u{301}a", "# a", "\u{FEFF}a", "\"", " a", "",
    ])
    func aListIsTheSameOnceWritten(path: String) throws {
        let url = made.url.appendingPathComponent("list.txt")
        let list = ExclusionList([path, "train/ok/3.png"])
        try list.write(to: url)
        #expect(try ExclusionList(contentsOf: url) == list)
    }

    /// Lines that somebody added are not lost.
    @Test func aListIsReplacedUnlessItWasChanged() throws {
        let url = made.url.appendingPathComponent("list.txt")
        for paths in [["train/ok/3.png"], [], ["a", "b"]] {
            try ExclusionList.checkReplaceable(url)
            try ExclusionList(paths).write(to: url)
        }
        let text = try String(contentsOf: url, encoding: .utf8)
        for changed in [text + "c\n", text.replacing("b\n", with: "")] {
            try Data(changed.utf8).write(to: url)
            let found = message { try ExclusionList.checkReplaceable(url) }
            #expect(found.contains("list.txt: has been changed since tailor wrote it"), "\(found)")
        }
        // Earlier versions wrote no hash.
        try Data("# tailor check: files to leave out\na\n".utf8).write(to: url)
        try ExclusionList.checkReplaceable(url)
    }

    @Test func oneMeaningIsUnderstood() throws {
        let bad = Self.bad
        let name = made.url.lastPathComponent
        let plain = Data(bad.joined(separator: "\n").utf8)
        let text = String(decoding: plain, as: UTF8.self) + "\n"
        let lists: [(String, Data?)] = [
            ("plain", plain), ("CRLF", Data((bad.joined(separator: "\r\n") + "\r\n").utf8)),
            ("CR", Data(bad.joined(separator: "\r").utf8)), ("BOM", Data("\u{FEFF}\(text)".utf8)),
            ("./", Data(bad.map { "./" + $0 }.joined(separator: "\n").utf8)),
            ("absolute", Data(bad.map { made.url.path + "/" + $0 }.joined(separator: "\n").utf8)),
            ("own name", Data(bad.map { name + "/" + $0 }.joined(separator: "\n").utf8)),
            (
                "backslashes",
                Data(bad.map { $0.replacing("/", with: "\\") }.joined(separator: "\r\n").utf8)
            ),
            ("spaces", Data(bad.map { " " + $0 + "  " }.joined(separator: "\n").utf8)),
            ("UTF-16", text.data(using: .utf16)),
            ("UTF-16BE", Data([0xFE, 0xFF]) + (text.data(using: .utf16BigEndian) ?? Data())),
        ]
        for (what, data) in lists {
            let folder = try excluding(#require(data), strict: true)
            #expect(try left(out: folder) == Set(bad), "\(what)")
            #expect(folder.notes.contains("left out by the list of exclusions: 3 images"), "\(what)")
            #expect(folder.warnings == (try DatasetFolder.scan(made.url)).warnings, "\(what)")
        }
    }

    @Test func missesAreNamed() throws {
        let lines = [Self.bad[0], "train/ok/typo.png", "# note", "test/ok/7.png"]
        let folder = try excluding(lines)
        #expect(try left(out: folder) == [Self.bad[0]])
        let warning =
            "1 of 3 entries of the list of exclusions names no training or validation image of "
            + "\(made.url.path): train/ok/typo.png"
        #expect(folder.warnings.contains(warning))
        #expect(
            folder.notes.contains(
                "1 entry of the list of exclusions in the test set, which training does not open"))
        let strict = #expect(throws: ExclusionListError.self) { try excluding(lines, strict: true) }
        #expect(strict?.description == "\(warning) (strict mode allows none)")
        #expect(strict?.category == .input)

        let none = #expect(throws: ExclusionListError.self) {
            try excluding(["a.png", "b.png", "c.png", "d.png"])
        }
        #expect(
            none?.description.contains("none of the 4 entries") == true
                && none?.description.contains("(a.png, b.png, c.png and 1 more)") == true)
    }

    /// What `check --fix` writes for a clean folder, or for copies in test/ alone.
    @Test func nothingToLeaveOut() throws {
        #expect(
            try excluding(Data()).warnings.contains("the list of exclusions is empty: nothing is left out"))
        let sealed = try excluding(["test/ok/7.png"], strict: true)
        #expect(try left(out: sealed).isEmpty)
    }

    /// A path as the folder has it wins over what else it could mean; two meanings are refused.
    @Test func severalMeanings() throws {
        let made = try MadeDataset(
            ["train/ok/a\\b.png", "train/ok/a/b.png", "train/nok/1.png", "train/ok/gr\u{F6}.png"],
            empty: true)
        let folder = try DatasetFolder.scan(made.url)
        #expect(
            try folder.excluding(ExclusionList(["train/ok/a\\b.png"])).train.map(\.relativePath).contains(
                "train/ok/a/b.png"))
        // Decomposed letters, as macOS lists them.
        #expect(try folder.excluding(ExclusionList(["train/ok/gro\u{308}.png"])).train.count == 3)
        let error = #expect(throws: ExclusionListError.self) {
            try folder.excluding(ExclusionList([" train/ok/a\\b.png "]))
        }
        #expect(error?.description.contains("may name") == true)
    }

    @Test func listsAreReadBack() throws {
        let paths = ["\u{FEFF}bom", "a b.png", " c ", "#d", "\"e\"", "f\ng", "h\\i"]
        let url = made.url.appendingPathComponent("list.txt")
        try ExclusionList(paths).write(to: url)
        #expect(try ExclusionList(contentsOf: url).paths == paths)
        try Data([0xE9, 0x0A]).write(to: url)
        #expect(throws: ExclusionListError.self) { try ExclusionList(contentsOf: url) }
    }
}
