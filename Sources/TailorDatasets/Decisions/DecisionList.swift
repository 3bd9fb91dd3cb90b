import Foundation
import TailorSupport

/// Decisions about labels as a CSV: `path,sha256,old_label,decision,new_label,reviewer,time`, a row an image.
public struct DecisionList: Sendable, Equatable {
    package static let columns = [
        "path", "sha256", "old_label", "decision", "new_label", "reviewer", "time",
    ]

    /// One for each path.
    public let decisions: [LabelDecision]

    /// Throws ``DecisionError`` when two decisions about one image differ.
    public init(_ decisions: [LabelDecision]) throws {
        try self.init(decisions.map { (nil, $0) }, place: "the decisions")
    }

    private init(_ rows: [(line: Int?, decision: LabelDecision)], place: String) throws {
        var positions: [PathKey: Int] = [:]
        var kept: [(line: Int?, decision: LabelDecision)] = []
        for row in rows {
            let decision = row.decision
            guard let position = positions[PathKey(decision.path)] else {
                positions[PathKey(decision.path)] = kept.count
                kept.append(row)
                continue
            }
            let earlier = kept[position]
            guard earlier.decision.says(the: decision) else {
                let lines = [earlier.line, row.line].compactMap { $0.map(String.init) }
                let both = lines.isEmpty ? "" : " (lines \(lines.joined(separator: " and ")))"
                throw DecisionError(
                    "\(place): two decisions about \(decision.path.printable)\(both): "
                        + "\(earlier.decision.described) and \(decision.described); keep one of them")
            }
            kept[position] = row
        }
        self.decisions = kept.map(\.decision)
    }

    /// Reads a table. Columns may stand in any order and be divided by semicolons or tabs, as spreadsheets save
    /// them; `new_label`, `reviewer` and `time` may be missing.
    ///
    /// Throws `FileError` when the file cannot be read, and ``DecisionError`` naming the line of a row that is no
    /// decision.
    public init(contentsOf url: URL) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: 256 << 20)
        let place = url.path.printable
        guard let text = String(textFile: data), !text.utf8.contains(0) else {
            throw DecisionError("\(place): expected a CSV in UTF-8, or in UTF-16 with a byte order mark")
        }
        var records: [CSV.Record]
        do { records = try CSV.records(text, delimiter: CSV.Delimiter(of: text)) } catch {
            throw DecisionError("\(place): \(error)")
        }
        // As written: a name may begin like a formula, or with an apostrophe.
        if records.first?.fields == Self.columns { records = records.map(\.unguarded) }
        let table = try Columns(records.first?.fields ?? [], place: place)
        try self.init(records.dropFirst().map { ($0.line, try table.decision($0)) }, place: place)
    }

    /// The table, with fields that a spreadsheet could run as formulas guarded.
    package var csv: String {
        let rows = decisions.map {
            CSV.line([
                $0.path, $0.sha256, $0.oldLabel, $0.verdict.rawValue, $0.newLabel ?? "", $0.reviewer, $0.time,
            ])
        }
        return ([CSV.line(Self.columns)] + rows).joined(separator: "\n") + "\n"
    }

    /// Writes the table. Throws `FileError`.
    public func write(to url: URL) throws { try AtomicFile.write(Data(csv.utf8), to: url) }
}

extension LabelDecision {
    fileprivate func says(the other: LabelDecision) -> Bool {
        verdict == other.verdict && newLabel == other.newLabel && sha256 == other.sha256
    }

    fileprivate var described: String { newLabel.map { "relabel to \($0.printable)" } ?? verdict.rawValue }
}

/// Where the fields of a decision stand.
private struct Columns {
    let positions: [String: Int]
    let count: Int
    let place: String

    init(_ header: [String], place: String) throws {
        let names = header.map { $0.trimmed.lowercased() }
        positions = Dictionary(names.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        count = header.count
        self.place = place
        let missing = ["path", "sha256", "old_label", "decision"].filter { positions[$0] == nil }
        guard missing.isEmpty else {
            throw DecisionError(
                "\(place): no column \(missing.listed()): expected "
                    + "\(DecisionList.columns.joined(separator: ",")), as tailor review exports them")
        }
    }

    func decision(_ record: CSV.Record) throws -> LabelDecision {
        func refused(_ reason: String) -> DecisionError {
            DecisionError("\(place), line \(record.line): \(reason)")
        }
        guard record.fields.count == count else {
            throw refused("expected \(count) fields as on the first line, got \(record.fields.count)")
        }
        func field(_ name: String) -> String { positions[name].map { record.fields[$0] } ?? "" }
        let path = field("path")
        guard !path.isEmpty else { throw refused("the path is empty") }
        guard let verdict = LabelDecision.Verdict(rawValue: field("decision").trimmed.lowercased()) else {
            let known = LabelDecision.Verdict.allCases.map(\.rawValue)
            throw refused(
                "\(path.printable): expected a decision (\(known.joined(separator: ", "))), "
                    + "got \"\(field("decision").printable)\"")
        }
        let sha256 = field("sha256").trimmed.lowercased()
        guard sha256.isEmpty || (sha256.utf8.count == 64 && sha256.allSatisfy(\.isHexDigit)) else {
            throw refused(
                "\(path.printable): expected a SHA-256 of 64 hexadecimal digits, got \"\(sha256.printable)\"")
        }
        let (old, new) = (field("old_label"), field("new_label"))
        switch verdict {
        case .relabel where new.isEmpty:
            throw refused("\(path.printable): relabel without a new_label")
        case .relabel where new == old:
            throw refused("\(path.printable): relabel to \(new.printable), which it is already: write keep")
        case .keep where new == old, .relabel: break
        case .keep, .exclude, .unsure:
            guard new.isEmpty else {
                throw refused(
                    "\(path.printable): \(verdict.rawValue) with the new_label \(new.printable): write "
                        + "relabel, or leave new_label empty")
            }
        }
        return LabelDecision(
            path: path, sha256: sha256, oldLabel: old, verdict: verdict,
            newLabel: verdict == .relabel ? new : nil, reviewer: field("reviewer"), time: field("time"))
    }
}
