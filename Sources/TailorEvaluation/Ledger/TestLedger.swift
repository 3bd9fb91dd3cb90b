import Foundation
import TailorSupport

/// The record of every use of a run's test set: `test/ledger.jsonl`, only ever appended to.
///
/// A test set that has been looked at and chosen by is a validation set. The ledger cannot forbid
/// that, but counts it: each use is one line of JSON holding the SHA-256 of the line before, so that a
/// line removed or changed is noticed; the run folder's `.test-uses.json` holds the newest line, so
/// that lines cut off the end, or the whole folder deleted, are noticed too. It guards against
/// oversight and cleaning up, not against forgery.
///
/// Call `append` when the metrics are computed and before any of them is shown or written: only a result that
/// was seen is a use.
public struct TestLedger: Sendable {
    public let runFolder: URL
    /// The ledger, `test/ledger.jsonl` in the run folder.
    public let url: URL
    /// The anchor, `.test-uses.json` in the run folder: count and newest line.
    package let anchorURL: URL

    public init(runFolder: URL) {
        self.runFolder = runFolder
        self.url = runFolder.appendingPathComponent("test").appendingPathComponent("ledger.jsonl")
        self.anchorURL = runFolder.appendingPathComponent(".test-uses.json")
    }

    /// Recorded uses in order; empty when the test set was never used. Damaged lines are left out: see
    /// `inspect`.
    public func read() throws -> [Entry] { try inspect().entries }

    /// Number of uses of the test set, lost and damaged lines included.
    public func uses() throws -> Int { try inspect().uses }

    /// Reads the ledger and checks its chain. A ledger that does not exist has no uses, unless the anchor
    /// says otherwise. Throws `FileError` when a file is there but cannot be read, and `ContentHashError`.
    public func inspect() throws -> Inspection {
        try inspect(try contents(of: url) ?? Data())
    }

    /// Throws `TestSetAlreadyUsed` if the test set was used before, as `--strict` demands.
    public func refuseIfUsed() throws {
        let uses = try uses()
        if uses > 0 { throw TestSetAlreadyUsed(runFolder: runFolder.path, uses: uses) }
    }

    /// Adds a use and flushes it to the disk; several processes may do so at once.
    ///
    /// - Parameter onlyIfUnused: refuse, with `TestSetAlreadyUsed`, when another use came first; decided
    ///   under the lock, so that of two strict evaluations one is refused.
    /// - Returns: the number of uses, this one included.
    @discardableResult
    public func append(_ entry: Entry, onlyIfUnused: Bool = false) throws -> Int {
        let folder = url.deletingLastPathComponent()
        do {
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        } catch {
            throw FileError(operation: "create", path: folder.path, reason: error.localizedDescription)
        }
        let file = try LockedAppendFile(url: url)
        defer { file.close() }
        let bytes = try file.contents(maximumBytes: Self.maximumBytes)
        let before = try inspect(bytes)
        if onlyIfUnused, before.uses > 0 {
            throw TestSetAlreadyUsed(runFolder: runFolder.path, uses: before.uses)
        }

        var numbered = entry
        numbered.use = before.uses + 1
        numbered.previous = before.lastLineHash
        let line = try Self.encode(numbered)
        let anchor = Anchor(
            uses: before.uses + 1, lines: before.lineCount + 1, lastLine: try ContentHash.sha256(line))
        // A line that a crash cut short is kept as evidence; it gets its line end first.
        let isCutShort = !bytes.isEmpty && bytes.last != UInt8(ascii: "\n")
        try file.append((isCutShort ? Data("\n".utf8) : Data()) + line + Data("\n".utf8))
        try JSONFile.write(anchor, to: anchorURL)
        return before.uses + 1
    }

    /// Largest ledger that is read, in bytes; room for more than a hundred thousand uses.
    private static let maximumBytes = 64 << 20

    private func contents(of url: URL) throws -> Data? {
        // Not FileManager.fileExists, which is also false without permission: that is no unused test set.
        var facts = stat()
        if stat(url.path, &facts) != 0, errno == ENOENT { return nil }
        return try RegularFile.contents(of: url, maximumBytes: Self.maximumBytes)
    }

    static func encode(_ entry: Entry) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(entry)
    }
}

/// Error of `--strict`: the test set was used before.
public struct TestSetAlreadyUsed: CategorizedError, Equatable, Sendable {
    public let runFolder: String
    public let uses: Int

    public var category: ErrorCategory { .gate }

    public var description: String {
        let times = uses == 1 ? "once" : "\(uses) times"
        return """
            the test set of \(runFolder.printable) was used \(times) before: expected a first use. \
            Another look makes the result less honest; without --strict it is counted and shown
            """
    }
}
