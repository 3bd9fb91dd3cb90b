import Foundation
import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

/// The count of uses belongs to the set, by its content.
@Suite struct TestLedgerTests {
    private let made: MadeTestSets

    init() throws { made = try MadeTestSets() }

    @Test func aSecondRunOnTheSameImages() throws {
        #expect(try made.use(MadeTestSets.set(0..<6), by: "a") == 1)
        #expect(try made.use(MadeTestSets.set((0..<6).reversed(), in: "moved"), by: "b") == 2)
        let history = try made.ledger("a").history(of: MadeTestSets.set(0..<6), checkpoint: "a")
        #expect(history.uses == 2 && history.usesWithOthers == 1 && history.warnings.isEmpty)
        #expect(history.lastUse == "2027-01-15T08:00:00Z")
        #expect(try made.use(MadeTestSets.set(10..<16), by: "a") == 1, "another set")
        let error = #expect(throws: TestSetAlreadyUsed.self) {
            try made.ledger("new").append(
                MadeTestSets.entry("new"), of: MadeTestSets.set(0..<6), strict: true)
        }
        #expect(
            error?.description
                == "the test set of \(made.folder.file("runs/new").path) was used 2 times before: expected a first "
                + "use. Another look makes the result less honest; without --strict it is counted and shown")
        #expect(try made.uses(MadeTestSets.set(0..<6), by: "b") == 2, "a refused use is none")
    }

    @Test func eachRecordSurvivesTheLossOfTheOther() throws {
        let set = try MadeTestSets.set(0..<6)
        for (number, run) in ["a", "a", "b"].enumerated() {
            #expect(try made.use(set, by: run) == number + 1)
        }
        try made.remove("a")
        #expect(try made.uses(set, by: "a") == 3)
        try made.removeState()
        #expect(try made.uses(set, by: "b") == 3, "its entry holds the count at its time")
        #expect(try made.use(set, by: "b") == 4)
        // What the run had is in the new state folder, once.
        #expect(try made.uses(set, by: "c") == 4)
        #expect(try made.use(set, by: "b") == 5)
        let home = made.state.appending(path: "test-sets/\(set.id)")
        let ledger = try String(contentsOf: home.appending(path: "ledger.jsonl"), encoding: .utf8)
        #expect(ledger.split(separator: "\n").count == 3)
        // A damaged line in the one is whole in the other: joined, not added up.
        var lines = try made.lines("b")
        lines[0] = "x"
        try made.write(lines, to: "b")
        #expect(try made.uses(set, by: "b") == 5)
        try Data("x\n".utf8).write(to: home.appending(path: "ledger.jsonl"))
        try FileManager.default.removeItem(at: home.appending(path: "images.csv"))
        #expect(try made.use(set, by: "b") == 6)
        #expect(try made.uses(set, by: "c") == 6)
    }

    /// The lines of earlier versions have neither identity nor set.
    @Test func aLedgerOfAnEarlierVersion() throws {
        let old = """
            {"checkpoint":"run","command":["tailor"],"dataset_fingerprint":"d1","date":"2026-01-15T08:00:00Z",\
            "metrics":{"n":6},"previous":"0000000000000000000000000000000000000000000000000000000000000000",\
            "test_fingerprint":"t1","use":1}
            """
        try made.folder.write(Data((old + "\n").utf8), to: "runs/run/test/ledger.jsonl")
        let anchor = #"{"uses":1,"lines":1,"last_line":"\#(try ContentHash.sha256(Data(old.utf8)))"}"#
        try made.folder.write(Data(anchor.utf8), to: "runs/run/.test-uses.json")
        let set = try MadeTestSets.set(0..<6)
        let before = try made.ledger("run").history(of: set, checkpoint: "run")
        #expect(before.uses == 1 && before.warnings.isEmpty)
        #expect(try made.use(set, by: "run") == 2)
        #expect(try made.use(set, by: "other") == 3)
        try made.remove("run")
        #expect(try made.uses(set, by: "run") == 3)
    }

    @Test func whatChangedBetweenTwoUses() throws {
        func warnings(_ set: TestSet) throws -> [String] {
            try made.ledger("a").history(of: set, checkpoint: "a").warnings
        }
        let first = try MadeTestSets.set(0..<10)
        try made.use(first, by: "a")
        #expect(try warnings(MadeTestSets.set(0..<10, in: "elsewhere")).isEmpty)
        let when = "the test set is not as it was when last used (2027-01-15T08:00:00Z): "
        #expect(try warnings(MadeTestSets.set(0..<11)) == [when + "1 image added"])
        let doubled = try TestSet(first.images + MadeTestSets.set([3], in: "copy", label: "b").images)
        #expect(try warnings(doubled) == [when + "1 image added"])
        let mixed = try TestSet(
            MadeTestSets.set(2..<8).images + MadeTestSets.set([8], label: "b").images
                + MadeTestSets.set(20..<23).images
                + [.init(path: "test/a/9.png", label: "a", sha256: "new", pixels: "new", bytes: 1)])
        #expect(
            try warnings(mixed) == [
                when + "3 images added, 2 removed, 1 changed, 1 in another class"
            ])
        #expect(try made.use(mixed, by: "b") == 2)
        #expect(try made.uses(first, by: "a") == 2)
        // A part of a set is the set; a few images of it in another set are said.
        #expect(try made.use(MadeTestSets.set(2..<6), by: "a") == 3)
        // From one to the next, hardly an image of the first is left.
        #expect(try made.use(MadeTestSets.set(4..<8), by: "a") == 4)
        let other = try MadeTestSets.set(Array(100..<110) + [2])
        #expect(try made.uses(other, by: "a") == 0)
        #expect(
            try warnings(other) == [
                "1 of 11 test images was tested before in another test set, which does not count as a use of this one"
            ])
    }

    @Test func aStateFolderThatCannotBeWritten() throws {
        try made.folder.write(Data(), to: "state")
        let set = try MadeTestSets.set(0..<6)
        let ledger = made.ledger("a")
        #expect(throws: TestUsesUnknown.self) {
            try ledger.history(of: set, checkpoint: "a", strict: true)
        }
        #expect(throws: TestUsesUnknown.self) {
            try ledger.append(MadeTestSets.entry("a"), of: set, strict: true)
        }
        #expect(try ledger.uses() == 0)
        let first = try ledger.append(MadeTestSets.entry("a"), of: set)
        #expect(first.uses == 0 && first.warnings.count == 1)
        #expect(first.warnings[0].contains("uses of this test set with other runs may be missing"))
        #expect(
            first.warnings[0].hasSuffix(
                "could not create \(made.state.path)/test-sets: not a directory"), "\(first.warnings)")
        #expect(try made.use(set, by: "a") == 2)
        // None at all.
        let none = TestLedger(runFolder: made.folder.file("runs/n"), stateFolder: nil)
        #expect(throws: TestUsesUnknown.self) { try none.history(of: set, checkpoint: "n", strict: true) }
        #expect(try none.append(MadeTestSets.entry("n"), of: set).stateProblem != nil)
        #expect(try none.append(MadeTestSets.entry("n"), of: set).uses == 1)
        // Once it can be written, it takes over what the run has.
        try made.removeState()
        #expect(try made.use(set, by: "b") == 1)
        #expect(try made.use(set, by: "a") == 4)
        #expect(try made.uses(set, by: "b") == 4)
    }

    /// What is damaged in the state folder is named, and healed where the set is used again.
    @Test func damageInTheStateFolder() throws {
        let (set, other) = (try MadeTestSets.set(0..<6), try MadeTestSets.set(10..<16))
        try made.use(set, by: "a")
        let home = made.state.appending(path: "test-sets/\(set.id)")
        for text in ["", "path\n", "\u{0}\"", "path,class,sha256,pixels_sha256,bytes\na,b,c,d,-1\n"] {
            try Data(text.utf8).write(to: home.appending(path: "images.csv"))
            let warnings = try made.ledger("b").history(of: other, checkpoint: "b").warnings
            #expect(warnings.count == 1 && warnings[0].contains("the list of its images cannot be read"))
            #expect(try made.uses(set, by: "b") == 1)
        }
        #expect(try made.use(set, by: "b") == 2)
        #expect(try made.ledger("b").history(of: other, checkpoint: "b").warnings.isEmpty)
        // A folder where the ledger should be: neither read nor written, and said.
        try FileManager.default.removeItem(at: home.appending(path: "ledger.jsonl"))
        try FileManager.default.createDirectory(
            at: home.appending(path: "ledger.jsonl"), withIntermediateDirectories: true)
        #expect(throws: TestUsesUnknown.self) {
            try made.ledger("new").append(MadeTestSets.entry("new"), of: set, strict: true)
        }
        let history = try made.ledger("b").append(MadeTestSets.entry("b"), of: set)
        #expect(history.uses == 2 && history.stateProblem?.contains("ledger.jsonl") == true)
    }

    @Test func concurrentUsesAllCount() async throws {
        let made = made
        let set = try MadeTestSets.set(0..<6)
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<16 {
                group.addTask { try made.use(set, by: "run\(index % 3)") }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(1...16))
        for run in 0..<3 {
            let history = try made.ledger("run\(run)").history(of: set, checkpoint: "")
            #expect(history.uses == 16 && history.warnings.isEmpty)
        }
    }
}
