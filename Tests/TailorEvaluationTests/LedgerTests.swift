import Foundation
import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

@Suite struct LedgerTests {
    private func entry(_ name: String = "evaluate") -> TestLedger.Entry {
        TestLedger.Entry(
            date: Date(timeIntervalSince1970: 1_800_000_000), command: ["tailor", name, "runs/a b"],
            datasetFingerprint: "d1", testFingerprint: "t1", checkpoint: "c1",
            metrics: ["accuracy": 0.81, "n": 658])
    }

    private func lines(_ ledger: TestLedger) throws -> [String] {
        try String(contentsOf: ledger.url, encoding: .utf8).split(separator: "\n").map(String.init)
    }

    @Test func usesAreCountedAndTheSecondRefusedUnderStrict() throws {
        let folder = try TemporaryFolder()
        let ledger = TestLedger(runFolder: folder.url)
        #expect(try ledger.read().isEmpty)
        #expect(try ledger.uses() == 0)
        try ledger.refuseIfUsed()
        #expect(try ledger.append(entry(), onlyIfUnused: true) == 1)
        let error = #expect(throws: TestSetAlreadyUsed.self) { try ledger.refuseIfUsed() }
        #expect(
            error?.description
                == "the test set of \(folder.url.path) was used once before: expected a first use. Another look "
                + "makes the result less honest; without --strict it is counted and shown")
        #expect(throws: TestSetAlreadyUsed.self) { try ledger.append(entry(), onlyIfUnused: true) }
        #expect(try ledger.append(entry("again")) == 2)
        let inspection = try ledger.inspect()
        #expect(inspection.problems.isEmpty)
        #expect(inspection.entries.map(\.use) == [1, 2])
        #expect(inspection.entries[1].command == ["tailor", "again", "runs/a b"])
        #expect(inspection.entries[1].previous == (try ContentHash.sha256(Data(lines(ledger)[0].utf8))))
        #expect(
            try lines(ledger)[0] == """
                {"checkpoint":"c1","command":["tailor","evaluate","runs/a b"],"dataset_fingerprint":"d1",\
                "date":"2027-01-15T08:00:00Z","metrics":{"accuracy":0.81,"n":658},\
                "previous":"0000000000000000000000000000000000000000000000000000000000000000",\
                "test_fingerprint":"t1","use":1}
                """)
    }

    @Test func tamperingIsNoticed() throws {
        let folder = try TemporaryFolder()
        let ledger = TestLedger(runFolder: folder.url)
        for name in ["one", "two", "three"] { try ledger.append(entry(name)) }
        let original = try lines(ledger)
        func problems(_ lines: [String]) throws -> [String] {
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: ledger.url)
            let inspection = try ledger.inspect()
            #expect(inspection.uses == 3)
            return inspection.problems.map(\.description)
        }
        #expect(try problems(original).isEmpty)
        #expect(
            try problems([original[0], original[2]]) == [
                "test ledger, line 2: does not follow the line before it; a line was removed or changed",
                "test ledger: expected at least 3 lines, got 2; lines were removed",
            ])
        #expect(
            try problems(Array(original.prefix(2))) == [
                "test ledger: expected at least 3 lines, got 2; lines were removed"
            ])
        let changed = original[1].replacingOccurrences(of: "0.81", with: "0.99")
        #expect(
            try problems([original[0], changed, original[2]]) == [
                "test ledger, line 3: does not follow the line before it; a line was removed or changed"
            ])
        let changedLast = original[2].replacingOccurrences(of: "0.81", with: "0.99")
        #expect(
            try problems([original[0], original[1], changedLast]) == [
                "test ledger, line 3: not the line that was written; the ledger was replaced"
            ])
        // The whole folder gone: the run folder still remembers.
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("test"))
        #expect(try ledger.uses() == 3)
        #expect(throws: TestSetAlreadyUsed.self) { try ledger.refuseIfUsed() }
        #expect(try ledger.append(entry()) == 4)
        #expect(try ledger.uses() == 4)
    }

    @Test func aLineCutShortIsReportedCountedAndKept() throws {
        let folder = try TemporaryFolder()
        let ledger = TestLedger(runFolder: folder.url)
        try ledger.append(entry())
        let whole = try String(contentsOf: ledger.url, encoding: .utf8)
        try Data((whole + String(whole.prefix(50))).utf8).write(to: ledger.url)
        let cut = try ledger.inspect()
        #expect(cut.entries.count == 1)
        #expect(cut.problems == [.cutShort(line: 2)])
        #expect(cut.uses == 2)
        #expect(try ledger.append(entry()) == 3)
        let after = try ledger.inspect()
        #expect(after.entries.map(\.use) == [1, 3])
        #expect(after.problems == [.damaged(line: 2)])
        #expect(after.uses == 3)
    }

    @Test func anUnreadableMemoryStillCounts() throws {
        let folder = try TemporaryFolder()
        let ledger = TestLedger(runFolder: folder.url)
        try Data("{".utf8).write(to: ledger.anchorURL)
        #expect(try ledger.uses() == 1)
        #expect(try ledger.inspect().problems.count == 1)
    }

    @Test func notAFile() throws {
        let folder = try TemporaryFolder()
        let ledger = TestLedger(runFolder: folder.url)
        try FileManager.default.createDirectory(at: ledger.url, withIntermediateDirectories: true)
        #expect(throws: FileError.self) { try ledger.read() }
        #expect(throws: FileError.self) { try ledger.append(entry()) }
        try FileManager.default.removeItem(at: ledger.url)
        #expect(mkfifo(ledger.url.path, 0o600) == 0)
        let error = #expect(throws: FileError.self) { try ledger.append(entry()) }
        #expect(error?.description == "could not open \(ledger.url.path): not a regular file")
    }

    @Test func concurrentUsesAllCount() async throws {
        let folder = try TemporaryFolder()
        let ledger = TestLedger(runFolder: folder.url)
        let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
            for index in 0..<16 {
                group.addTask { try ledger.append(entry("\(index)")) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(numbers.sorted() == Array(1...16))
        let inspection = try ledger.inspect()
        #expect(inspection.problems.isEmpty)
        #expect(inspection.entries.count == 16)
    }
}
