import Foundation
import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

/// A run's ledger alone: what is noticed of an old, edited, cut or foreign one.
@Suite struct LedgerFileTests {
    private let made: MadeTestSets
    private let set: TestSet

    init() throws {
        made = try MadeTestSets()
        set = try MadeTestSets.set(0..<4)
    }

    private func problems(_ run: String = "run") throws -> [String] {
        try made.ledger(run).file.inspect().problems.map(\.description)
    }

    @Test func aLineHoldsTheLineBefore() throws {
        let ledger = made.ledger("run")
        #expect(try ledger.read().isEmpty && ledger.uses() == 0)
        try ledger.append(MadeTestSets.entry("run", id: "one"), of: set)
        try ledger.append(MadeTestSets.entry("run"), of: set)
        let entries = try ledger.read()
        #expect(entries.map(\.use) == [1, 2] && entries.map(\.testSet) == [set.id, set.id])
        #expect(entries[1].command == ["tailor", "evaluate", "run"])
        #expect(entries[1].previous == (try ContentHash.sha256(Data(made.lines("run")[0].utf8))))
        #expect(
            try made.lines("run")[0] == """
                {"checkpoint":"run","command":["tailor","evaluate","run"],"dataset_fingerprint":"d1",\
                "date":"2027-01-15T08:00:00Z","id":"one","metrics":{"accuracy":0.81,"n":658},\
                "previous":"0000000000000000000000000000000000000000000000000000000000000000",\
                "test_fingerprint":"t1","test_set":"\(set.id)","use":1}
                """)
        #expect(try problems().isEmpty)
    }

    /// The state folder is gone: what the run has alone must not lose the count.
    @Test func tamperingIsNoticed() throws {
        for _ in 0..<3 { try made.use(set, by: "run") }
        try made.removeState()
        let original = try made.lines("run")
        func problems(_ lines: [String]) throws -> [String] {
            try made.write(lines, to: "run")
            #expect(try made.uses(set, by: "run") == 3)
            return try self.problems()
        }
        #expect(try problems(original).isEmpty)
        #expect(
            try problems([original[0], original[2]]) == [
                "line 2: does not follow the line before it; a line was removed or changed",
                "expected at least 3 lines, got 2; lines were removed",
            ])
        #expect(
            try problems(Array(original.prefix(2))) == [
                "expected at least 3 lines, got 2; lines were removed"
            ])
        let changed = original[1].replacingOccurrences(of: "0.81", with: "0.99")
        #expect(
            try problems([original[0], changed, original[2]]) == [
                "line 3: does not follow the line before it; a line was removed or changed"
            ])
        let changedLast = original[2].replacingOccurrences(of: "0.81", with: "0.99")
        #expect(
            try problems([original[0], original[1], changedLast]) == [
                "line 3: not the line that was written; the ledger was replaced"
            ])
        // The whole folder gone: the run folder still remembers.
        try FileManager.default.removeItem(at: made.ledger("run").url.deletingLastPathComponent())
        #expect(try made.uses(set, by: "run") == 3)
        #expect(throws: TestSetAlreadyUsed.self) {
            try made.ledger("run").history(of: set, checkpoint: "run", strict: true)
        }
        #expect(try made.use(set, by: "run") == 4)
    }

    @Test func aLineCutShortIsReportedCountedAndKept() throws {
        try made.use(set, by: "run")
        try made.removeState()
        let whole = try String(contentsOf: made.ledger("run").url, encoding: .utf8)
        try Data((whole + String(whole.prefix(50))).utf8).write(to: made.ledger("run").url)
        #expect(try problems() == ["line 2: cut short while it was written; counted as a use"])
        #expect(try made.uses(set, by: "run") == 2)
        #expect(try made.use(set, by: "run") == 3)
        #expect(try made.ledger("run").read().map(\.use) == [1, 3])
        #expect(try problems() == ["line 2: not an entry; counted as a use"])
        #expect(try made.uses(set, by: "run") == 3)
    }

    /// Numbers that no count can be, and files that are none: named, and counted at least once.
    @Test(arguments: [
        (#""use":2"#, #""use":9223372036854775807"#), (#""use":2"#, #""use":-5"#),
        (#""use":2"#, #""use":"x""#), (#""id":"#, #""id":7,"i":"#),
    ])
    func oddNumbersInAnEntry(_ old: String, _ new: String) throws {
        for _ in 0..<2 { try made.use(set, by: "run") }
        try made.removeState()
        var lines = try made.lines("run")
        lines[1] = lines[1].replacingOccurrences(of: old, with: new)
        try made.write(lines, to: "run")
        #expect(try !problems().isEmpty)
        #expect(try made.uses(set, by: "run") == 2)
        #expect(try made.use(set, by: "run") == 3)
    }

    @Test(arguments: [
        "{", "", "[]", #"{"uses":9223372036854775807,"lines":1,"last_line":""}"#,
        #"{"uses":1,"lines":-9223372036854775808,"last_line":""}"#,
        #"{"uses":1,"lines":9223372036854775807,"last_line":""}"#,
    ])
    func anOddAnchorStillCounts(_ text: String) throws {
        try made.folder.write(Data(text.utf8), to: "runs/run/.test-uses.json")
        #expect(try made.uses(set, by: "run") == 1)
        #expect(try problems().count == 1)
        #expect(try made.use(set, by: "run") == 2)
        #expect(try problems().isEmpty)
    }

    @Test func bytesThatAreNoLedger() throws {
        for text in ["\u{0}\u{1}\n\n\n", "[]\nnull\n3\n", "path,label\na,b\nc,d\n"] {
            try made.folder.write(Data(text.utf8), to: "runs/run/test/ledger.jsonl")
            #expect(try made.uses(set, by: "run") == 1, "\(text)")
        }
        let history = try made.ledger("run").history(of: set, checkpoint: "run")
        let path = made.ledger("run").url.path
        #expect(
            history.warnings == [
                "\(path), line 1: 3 lines from here on are no entries, but something else; not counted unless "
                    + "nothing else is left"
            ])
    }

    /// A merge's marks and empty lines between entries are named, and no uses.
    @Test func linesOfSomethingElseAreNoUses() throws {
        for _ in 0..<2 { try made.use(set, by: "run") }
        let lines = try made.lines("run")
        try made.write(lines + ["", "<<<<<<< HEAD", "", "garbage"], to: "run")
        #expect(try made.uses(set, by: "run") == 2)
        #expect(try problems().first?.hasPrefix("line 4: 2 lines from here on are no entries") == true)
        #expect(try made.use(set, by: "run") == 3)
    }

    /// As an editor leaves entries that it has indented.
    @Test func anIndentedEntryIsAUse() throws {
        for _ in 0..<2 { try made.use(set, by: "run") }
        try made.removeState()
        try made.write(made.lines("run").map { " " + $0 }, to: "run")
        #expect(try made.ledger("run").read().count == 2)
        #expect(try made.uses(set, by: "run") == 2)
        #expect(try made.use(set, by: "run") == 3)
    }

    @Test func notAFile() throws {
        let ledger = made.ledger("run")
        try FileManager.default.createDirectory(at: ledger.url, withIntermediateDirectories: true)
        #expect(throws: FileError.self) { try ledger.read() }
        #expect(throws: FileError.self) { try made.use(set, by: "run") }
        try FileManager.default.removeItem(at: ledger.url)
        #expect(mkfifo(ledger.url.path, 0o600) == 0)
        let error = #expect(throws: FileError.self) { try made.use(set, by: "run") }
        #expect(error?.description == "could not open \(ledger.url.path): not a regular file")
    }
}
