import Foundation
import TailorSupport

extension LedgerFile {
    /// A sign that the file is not as it was written.
    package enum Problem: Sendable, Hashable, CustomStringConvertible {
        /// The last line has no end: a crash while it was written.
        case cutShort(line: Int)
        /// A line that is no entry.
        case damaged(line: Int)
        /// Lines of something else: text of a merge, another file's bytes.
        case foreign(first: Int, count: Int)
        /// A line that does not follow the one before it: one was removed, changed or moved.
        case broken(line: Int)
        /// An entry with a count that cannot be.
        case implausible(line: Int, uses: Int)
        /// Fewer lines than were written.
        case linesMissing(expected: Int, got: Int)
        /// The line that the anchor holds is not in the file.
        case replaced(line: Int)
        /// The anchor cannot be read.
        case anchorUnreadable(reason: String)

        package var description: String {
            switch self {
            case .cutShort(let line):
                "line \(line): cut short while it was written; counted as a use"
            case .damaged(let line):
                "line \(line): not an entry; counted as a use"
            case .foreign(let line, let count):
                "line \(line): \(count == 1 ? "no entry" : "\(count) lines from here on are no entries"), but "
                    + "something else; not counted unless nothing else is left"
            case .broken(let line):
                "line \(line): does not follow the line before it; a line was removed or changed"
            case .implausible(let line, let uses):
                "line \(line): expected the number of a use, got \(uses); counted as one use"
            case .linesMissing(let expected, let got):
                "expected at least \(expected) lines, got \(got); lines were removed"
            case .replaced(let line):
                "line \(line): not the line that was written; the ledger was replaced"
            case .anchorUnreadable(let reason):
                "its remembered count cannot be read (\(reason)); counted as a use"
            }
        }
    }

    /// A readable entry and its place.
    package struct Recorded: Sendable {
        package let line: Int
        package let entry: TestLedger.Entry
        /// Identity of the use: its own, or that of the line in a file of an earlier version.
        package let identity: String
    }

    /// The file's entries and problems.
    package struct Inspection: Sendable {
        /// Readable entries, in order.
        package let recorded: [Recorded]
        /// Problems found; empty if the file is intact.
        package let problems: [Problem]
        /// Number of uses of any test set that lines, entries or the anchor give.
        package let uses: Int
        /// Uses of which no entry is left: damaged and missing lines.
        package let lost: Int
        /// The newest line, as remembered; nil if nothing plausible is.
        package let anchor: Anchor?

        let lineCount: Int
        let lastLineHash: String

        var identities: Set<String> { Set(recorded.map(\.identity)) }

        /// Hash that stands for the line before the first.
        static let noLine = String(repeating: "0", count: 64)
        /// Largest count that is believed.
        static let maximumUses = 1_000_000
    }

    /// Checks `bytes` as the file's contents. Throws `ContentHashError`: without hashes nothing can be said.
    func inspect(_ bytes: Data) throws -> Inspection {
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        // The last element is empty unless the last line was cut short.
        let isCutShort = lines.last.map { !$0.isEmpty } ?? false
        if !isCutShort { lines = lines.dropLast() }

        var recorded: [Recorded] = []
        var problems: [Problem] = []
        var hashes: [String] = []
        var foreign: [Int] = []
        var damaged = 0
        for (index, line) in lines.enumerated() {
            let number = index + 1
            let hash = try ContentHash.sha256(Data(line))
            if var entry = try? JSONDecoder().decode(TestLedger.Entry.self, from: Data(line)) {
                if entry.previous != hashes.last ?? Inspection.noLine {
                    problems.append(.broken(line: number))
                }
                if !(0...Inspection.maximumUses).contains(entry.use) {
                    problems.append(.implausible(line: number, uses: entry.use))
                    entry.use = 0
                }
                recorded.append(Recorded(line: number, entry: entry, identity: entry.id ?? hash))
            } else if line.first != UInt8(ascii: "{") {
                // Even half of an entry begins with a brace.
                if !line.isEmpty { foreign.append(number) }
            } else {
                damaged += 1
                problems.append(
                    isCutShort && number == lines.count ? .cutShort(line: number) : .damaged(line: number))
            }
            hashes.append(hash)
        }

        if let first = foreign.first { problems.append(.foreign(first: first, count: foreign.count)) }
        // A file of nothing else was a ledger once, or stands in for one.
        if recorded.isEmpty, damaged == 0, !foreign.isEmpty { damaged = 1 }
        var lost = damaged
        var uses = max(recorded.count + damaged, recorded.map(\.entry.use).max() ?? 0)
        var found: Anchor?
        do {
            found = try readAnchor()
            if let found {
                uses = max(uses, found.uses)
                if found.lines > lines.count {
                    lost += found.lines - lines.count
                    problems.append(.linesMissing(expected: found.lines, got: lines.count))
                } else if found.lines > 0, hashes[found.lines - 1] != found.lastLine {
                    problems.append(.replaced(line: found.lines))
                }
            }
        } catch {
            problems.append(.anchorUnreadable(reason: "\(error)"))
            // The anchor exists, hence a test set was used.
            uses = max(uses, 1)
            if lines.isEmpty { lost = 1 }
        }
        return Inspection(
            recorded: recorded, problems: problems, uses: uses, lost: lost, anchor: found,
            lineCount: lines.count, lastLineHash: hashes.last ?? Inspection.noLine)
    }

    private func readAnchor() throws -> Anchor? {
        var facts = stat()
        if stat(anchorURL.path, &facts) != 0, errno == ENOENT { return nil }
        let anchor = try JSONFile.read(Anchor.self, from: anchorURL)
        let plausible = 0...Inspection.maximumUses
        guard plausible.contains(anchor.uses), plausible.contains(anchor.lines) else {
            throw FileError(
                operation: "read", path: anchorURL.path,
                reason: "expected counts, got \(anchor.uses) and \(anchor.lines)")
        }
        return anchor
    }
}
