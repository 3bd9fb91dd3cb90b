import Foundation
import TailorSupport

/// The record of every use of a test set: beside the run (`test/ledger.jsonl`), and in the user's state folder
/// by the set's content, whichever run used it and wherever its images lay.
///
/// A test set that has been looked at and chosen by is a validation set. The ledger cannot forbid that, but
/// counts it. Each of the two records survives the loss of the other: entries have an identity and are joined,
/// not added up, and each holds the count at its time.
///
/// Call `append` when the metrics are computed and before any of them is shown or written: only a result that
/// was seen is a use.
public struct TestLedger: Sendable {
    public let runFolder: URL
    /// The run's ledger, `test/ledger.jsonl` in the run folder.
    public var url: URL { file.url }
    /// The run's ledger with its anchor `.test-uses.json`, which lies outside `test/`.
    package let file: LedgerFile
    /// List of the images that the run was last tested on.
    let images: URL
    let registry: TestSetRegistry?

    /// - Parameter stateFolder: holds the record across runs; nil for none.
    public init(runFolder: URL, stateFolder: URL?) {
        self.runFolder = runFolder
        let test = runFolder.appendingPathComponent("test")
        file = LedgerFile(
            url: test.appendingPathComponent("ledger.jsonl"),
            anchorURL: runFolder.appendingPathComponent(".test-uses.json"))
        images = test.appendingPathComponent("images.csv")
        registry = stateFolder.map(TestSetRegistry.init)
    }

    /// With the user's state folder.
    public init(runFolder: URL) { self.init(runFolder: runFolder, stateFolder: StateFolder.tailor()) }

    /// Recorded uses of any test set with this run, in order. Damaged lines are left out.
    public func read() throws -> [Entry] { try file.inspect().recorded.map(\.entry) }

    /// Largest number of uses that the run's own ledger gives, lost and damaged lines included.
    public func uses() throws -> Int { try file.inspect().uses }

    /// Uses so far of the set that this run was last tested on, with whichever run.
    public func usesOfTestSet() throws -> Int {
        let run = try file.inspect()
        guard let id = run.recorded.last?.entry.testSet, let registry else { return run.uses }
        return max(run.uses, (try? registry.uses(of: id)) ?? 0)
    }

    /// What is on record about a set before it is used.
    ///
    /// - Parameters:
    ///   - checkpoint: SHA-256 of the weights to be evaluated.
    ///   - strict: throws `TestSetAlreadyUsed` if it was used before, and ``TestUsesUnknown`` if the state
    ///     folder cannot be read or written.
    public func history(of set: TestSet, checkpoint: String, strict: Bool = false) throws -> TestSetHistory {
        var problem: String?
        if strict {
            do { try lock().close() } catch { problem = "\(error)" }
        }
        return try checked(
            history(of: set, checkpoint: checkpoint, run: file.inspect(), lockProblem: problem),
            strict: strict)
    }

    /// Adds a use and flushes it to the disk; several processes may do so at once.
    ///
    /// - Parameter strict: as for `history`, decided under the lock, so that of two strict evaluations one is
    ///   refused.
    /// - Returns: what was on record before; `entry` is the use after those.
    @discardableResult
    public func append(_ entry: Entry, of set: TestSet, strict: Bool = false) throws -> TestSetHistory {
        var held: LockedAppendFile?
        var problem: String?
        do { held = try lock() } catch { problem = "\(error)" }
        defer { held?.close() }
        return try file.locked { run in
            var history = try checked(
                history(
                    of: set, checkpoint: entry.checkpoint, run: run.inspection, lockProblem: problem),
                strict: strict)
            var numbered = entry
            numbered.use = history.uses + 1
            numbered.testSet = set.id
            if let registry, history.stateProblem == nil {
                do {
                    try registry.record(
                        missing(from: registry, of: set, like: entry, run: run.inspection) + [numbered],
                        of: set)
                } catch {
                    history = try checked(history.without(state: "\(error)"), strict: strict)
                }
            }
            try run.append(numbered)
            try set.write(to: images)
            return history
        }
    }

    private func lock() throws -> LockedAppendFile {
        guard let registry else {
            throw FileError(
                operation: "write", path: "the user's state folder",
                reason: "neither XDG_STATE_HOME nor HOME names a folder")
        }
        return try registry.lock()
    }

    private func checked(_ history: TestSetHistory, strict: Bool) throws -> TestSetHistory {
        guard strict else { return history }
        if history.uses > 0 { throw TestSetAlreadyUsed(runFolder: runFolder.path, uses: history.uses) }
        if let reason = history.stateProblem { throw TestUsesUnknown(reason: reason) }
        return history
    }

    /// Uses of the set that the run has on record and the state folder has not.
    private func missing(
        from registry: TestSetRegistry, of set: TestSet, like entry: Entry, run: LedgerFile.Inspection
    ) throws -> [Entry] {
        let there = try registry.known().first { $0.id == set.id }?.file.inspect().identities ?? []
        return run.recorded.filter { recorded in
            // Earlier versions knew a set by its paths and files.
            let isSame =
                recorded.entry.testSet.map { $0 == set.id }
                ?? (recorded.entry.testFingerprint == entry.testFingerprint)
            return isSame && !there.contains(recorded.identity)
        }.map { recorded in
            var entry = recorded.entry
            entry.id = recorded.identity
            entry.testSet = set.id
            return entry
        }
    }
}
