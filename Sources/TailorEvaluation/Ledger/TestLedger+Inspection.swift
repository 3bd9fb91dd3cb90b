import Foundation
import TailorSupport

extension TestLedger {
    /// A sign that the ledger is not as it was written.
    public enum Problem: Sendable, Hashable, CustomStringConvertible {
        /// The last line has no end: a crash while it was written.
        case cutShort(line: Int)
        /// A line that is no entry.
        case damaged(line: Int)
        /// A line that does not follow the one before it: one was removed, changed or moved.
        case broken(line: Int)
        /// Fewer lines than were written.
        case linesMissing(expected: Int, got: Int)
        /// The line that the anchor holds is not in the ledger.
        case replaced(line: Int)
        /// The anchor cannot be read.
        case anchorUnreadable(reason: String)

        public var description: String {
            switch self {
            case .cutShort(let line):
                "test ledger, line \(line): cut short while it was written; counted as a use"
            case .damaged(let line):
                "test ledger, line \(line): not an entry; counted as a use"
            case .broken(let line):
                "test ledger, line \(line): does not follow the line before it; a line was removed or changed"
            case .linesMissing(let expected, let got):
                "test ledger: expected at least \(expected) lines, got \(got); lines were removed"
            case .replaced(let line):
                "test ledger, line \(line): not the line that was written; the ledger was replaced"
            case .anchorUnreadable(let reason):
                "test ledger: its remembered count cannot be read (\(reason))"
            }
        }
    }

    /// The ledger's entries and problems.
    public struct Inspection: Sendable {
        /// Readable entries, in order.
        public let entries: [Entry]
        /// Problems found; empty if the ledger is intact.
        public let problems: [Problem]
        /// Number of uses of the test set: the largest that lines, entries or the anchor give.
        public let uses: Int

        let lineCount: Int
        let lastLineHash: String

        /// Hash that stands for the line before the first.
        static let noLine = String(repeating: "0", count: 64)
    }

    /// Checks `bytes` as the ledger's contents. Throws `ContentHashError`: without hashes nothing can be
    /// said.
    func inspect(_ bytes: Data) throws -> Inspection {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // The last element is empty unless the last line was cut short.
        let isCutShort = lines.last.map { !$0.isEmpty } ?? false
        if !isCutShort { lines = lines.dropLast() }

        var entries: [Entry] = []
        var problems: [Problem] = []
        var previous = Inspection.noLine
        var hashes: [String] = []
        for (index, line) in lines.enumerated() {
            let number = index + 1
            if let entry = try? JSONDecoder().decode(Entry.self, from: Data(line)) {
                if entry.previous != previous { problems.append(.broken(line: number)) }
                entries.append(entry)
            } else {
                problems.append(
                    isCutShort && number == lines.count ? .cutShort(line: number) : .damaged(line: number))
            }
            previous = try ContentHash.sha256(Data(line))
            hashes.append(previous)
        }

        var uses = max(lines.count, entries.map(\.use).max() ?? 0)
        do {
            if let anchor = try anchor() {
                uses = max(uses, anchor.uses)
                if anchor.lines > lines.count {
                    problems.append(.linesMissing(expected: anchor.lines, got: lines.count))
                } else if anchor.lines > 0, hashes[anchor.lines - 1] != anchor.lastLine {
                    problems.append(.replaced(line: anchor.lines))
                }
            }
        } catch {
            problems.append(.anchorUnreadable(reason: "\(error)"))
            // The anchor exists, hence the test set was used.
            uses = max(uses, 1)
        }
        return Inspection(
            entries: entries, problems: problems, uses: uses, lineCount: lines.count, lastLineHash: previous)
    }

    private func anchor() throws -> Anchor? {
        var facts = stat()
        if stat(anchorURL.path, &facts) != 0, errno == ENOENT { return nil }
        return try JSONFile.read(Anchor.self, from: anchorURL)
    }
}
