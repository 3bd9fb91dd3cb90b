import TailorAudit
import TailorSupport
import TailorTerminal

/// Text report of an audit, as `tailor check` prints it: findings, the worst first, and remedies.
///
///     1. error: 37 images are both in train and in test
///        The test would measure what the model remembers.
///        What to do: keep one copy of each.
///          train/crack/0001.jpg = test/crack/0917.jpg  (same bytes)
///          and 36 more; --json or --report lists all
public struct CheckText: Sendable {
    /// Width in cells if the terminal's is unknown, and the most that is used.
    package static let defaultWidth = 100
    /// Most rows of the table of classes.
    package static let classLimit = 40
    /// Most paths of one cluster.
    static let clusterLimit = 6

    package let report: AuditReport
    package let terminal: Terminal
    /// Width of a line in cells; a longer word or file name exceeds it.
    package let width: Int
    /// Most items of a finding.
    package let itemLimit: Int

    /// Creates the report.
    ///
    /// - Parameter width: at least 20; by default the terminal's, up to `defaultWidth`.
    public init(_ report: AuditReport, terminal: Terminal = .plain, width: Int? = nil, itemLimit: Int = 5) {
        let natural = terminal.isInteractive ? min(terminal.columns, Self.defaultWidth) : Self.defaultWidth
        self.report = report
        self.terminal = terminal
        self.width = max(20, width ?? natural)
        self.itemLimit = max(0, itemLimit)
    }

    /// Renders the text; each line ends with a newline.
    public func render() -> String {
        let findings = report.findingsBySeverity
        let digits = String(findings.count).count
        var blocks = [head, table].filter { !$0.isEmpty }
        blocks += findings.enumerated().map { index, finding in
            let number = String(index + 1)
            let padded = String(repeating: " ", count: digits - number.count) + number
            return lines(of: finding, number: "\(padded). ")
        }
        blocks.append(notes + [summary])
        return blocks.map { $0.joined(separator: "\n") + "\n" }.joined(separator: "\n")
    }

    private var head: [String] {
        let root = report.root.printable
        let text =
            "\(root): \(report.sizeText) (\(report.splitText)), checked in \(Format.duration(report.seconds))"
        var lines = text.wrapped(to: width)
        if lines[0].hasPrefix(root) { lines[0] = terminal.bold(root) + lines[0].dropFirst(root.count) }
        return lines
    }

    private var table: [String] {
        guard !report.classes.isEmpty else { return [] }
        let splits = report.splitsWithImages
        var table = TextTable(columns: [.init("class")] + splits.map { .init($0.name, .right) })
        for row in report.classes.prefix(Self.classLimit) {
            let name = row.name.printable.middleCut(to: width / 2, ellipsis: ellipsis)
            table.add([name] + splits.map { Format.count(row[keyPath: $0.count]) })
        }
        let text = String(table.render(on: terminal).dropLast())
        let rest = report.classes.count - Self.classLimit
        return rest > 0
            ? [text, terminal.dim("and " + Format.count(rest, "more class", plural: "more classes"))] : [text]
    }

    private var notes: [String] {
        report.notes.flatMap { indented("note: \($0.printable)", by: 0, hanging: 6) }
            .map { terminal.dim($0) } + (report.notes.isEmpty ? [] : [""])
    }

    private var summary: String {
        guard !report.findings.isEmpty else { return terminal.bold(terminal.green(report.allClear)) }
        let counts = Finding.Severity.allCases.sorted().filter { report.count($0) > 0 }
            .map { $0.styled($0.counted(report.count($0)), on: terminal) }.joined(separator: ", ")
        let excluded = report.exclusions.count
        return excluded > 0 ? "\(counts); --fix leaves out \(Format.count(excluded, "file"))" : counts
    }

    var ellipsis: String { terminal.usesUnicode ? "…" : "..." }

    /// Wraps text; indents the first line by `first` cells and the others by `hanging`.
    func indented(_ text: String, by first: Int, hanging: Int) -> [String] {
        // The first line's text may be as long as the others': both indents count against the width.
        let lines = text.wrapped(to: width - max(first, hanging))
        return lines.enumerated().map { String(repeating: " ", count: $0 == 0 ? first : hanging) + $1 }
    }
}
