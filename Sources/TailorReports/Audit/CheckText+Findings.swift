import TailorAudit
import TailorSupport
import TailorTerminal

extension CheckText {
    /// Lines of a finding, indented by the width of `number`, which precedes it.
    func lines(of finding: Finding, number: String) -> [String] {
        let indent = number.count
        var lines = heading(finding, number: number)
        if !finding.why.isEmpty { lines += indented(finding.why.printable, by: indent, hanging: indent) }
        if !finding.remedy.isEmpty {
            let label = "What to do:"
            var text = indented("\(label) \(finding.remedy.printable)", by: indent, hanging: indent)
            let start = String(repeating: " ", count: indent) + label
            if text[0].hasPrefix(start) {
                text[0] = start.dropLast(label.count) + terminal.bold(label) + text[0].dropFirst(start.count)
            }
            lines += text
        }
        for item in finding.items.prefix(itemLimit) { lines += self.lines(of: item, indent: indent + 2) }
        return lines + remainder(finding, indent: indent + 2)
    }

    /// Severity in its colour and title in bold.
    private func heading(_ finding: Finding, number: String) -> [String] {
        let word = finding.severity.rawValue + ":"
        let lines = "\(word) \(finding.title.printable)".wrapped(to: width - number.count)
        return lines.enumerated().map { index, line in
            index == 0
                ? number + finding.severity.styled(word, on: terminal)
                    + terminal.bold(String(line.dropFirst(word.count)))
                : String(repeating: " ", count: number.count) + terminal.bold(line)
        }
    }

    /// Lines of an item: one line if it fits, else a path a line.
    private func lines(of item: Finding.Item, indent: Int) -> [String] {
        let margin = String(repeating: " ", count: indent)
        let note = item.note.isEmpty ? "" : "(\(item.note.printable))"
        let line = note.isEmpty ? item.equation : "\(item.equation)  \(note)"
        if item.paths.count <= Self.clusterLimit, indent + line.displayWidth <= width {
            return [margin + item.equation + (note.isEmpty ? "" : "  " + terminal.dim(note))]
        }
        var lines = item.paths.prefix(Self.clusterLimit).enumerated().map { index, path in
            let sign = index == 0 ? "" : "  = "
            let room = width - indent - sign.count
            return margin + sign + path.printable.pathFitted(to: room, ellipsis: ellipsis)
        }
        let rest = item.paths.count - Self.clusterLimit
        if rest > 0 { lines.append(margin + terminal.dim("  = \(Format.count(rest)) more")) }
        guard !note.isEmpty else { return lines }
        return lines + indented(note, by: indent + 2, hanging: indent + 2).map { terminal.dim($0) }
    }

    /// Lines about items not shown and about `--fix`.
    private func remainder(_ finding: Finding, indent: Int) -> [String] {
        var lines: [String] = []
        let rest = finding.items.count - itemLimit
        if rest > 0 {
            let more = itemLimit == 0 ? Format.count(rest, "item") : "and \(Format.count(rest)) more"
            lines.append("\(more); --json or --report lists all")
        }
        if finding.exclusionCount > 0 {
            lines.append("--fix leaves out \(Format.count(finding.exclusionCount, "file"))")
        }
        return lines.flatMap { indented($0, by: indent, hanging: indent) }.map { terminal.dim($0) }
    }
}

extension Finding.Severity {
    /// Styles text in bold and the severity's colour.
    func styled(_ text: String, on terminal: Terminal) -> String {
        switch self {
        case .error: terminal.bold(terminal.red(text))
        case .warning: terminal.bold(terminal.yellow(text))
        case .advice: terminal.bold(terminal.cyan(text))
        }
    }
}
