import TailorAudit
import TailorTerminal

extension CheckPage {
    /// Draws the page: one self-contained HTML file, printable, light or dark as the reader's system.
    public func html() -> String {
        HTML.page(
            .check, title: "\(report.root) · check", style: PageStyle.sheet + CheckStyle.sheet,
            content: """
                \(header)
                \(classSection)
                \(contents)
                \(report.findingsBySeverity.enumerated().map { section($1, number: $0 + 1) }.joined())
                \(noteSection)
                \(chartSection)
                \(contactSheets.map(\.html).joined())
                <footer>\(origin)</footer>
                """)
    }

    private var header: HTML {
        let excluded = report.exclusions.count
        let fix: HTML =
            excluded > 0 ? " <code>--fix</code> would leave out \(Format.count(excluded, "file"))." : ""
        return """
            <header><p class="run">\(report.root)</p>
            <h1>\(verdict)</h1>
            <p class="lead">\(Format.count(report.imageCount, "image")) checked in \
            \(Format.duration(report.seconds)): \(report.splitText).\(fix)</p>
            \(tiles)</header>
            """
    }

    /// Result of the audit in one sentence.
    var verdict: HTML {
        let (errors, warnings, advice) = (
            report.count(.error), report.count(.warning), report.count(.advice)
        )
        if errors > 0 {
            return
                "<strong class=\"error\">\(Format.count(errors, "error"))</strong> must be fixed before training"
        }
        if warnings > 0 {
            return """
                No errors, but <strong class="warning">\(Format.count(warnings, "warning"))</strong> to look at \
                before training
                """
        }
        guard report.imageCount > 0 else { return "\(String(report.allClear.dropLast()))" }
        let clear: HTML = "<strong class=\"good\">Nothing found</strong> that would spoil training"
        guard advice > 0 else { return clear }
        return "\(clear); \(Format.count(advice, "piece")) of advice"
    }

    private var tiles: HTML {
        let tiles: [(name: String, value: Int, kind: String)] =
            [("Images", report.imageCount, ""), ("Classes", report.classes.count, "")]
            + [("Errors", .error), ("Warnings", .warning), ("Advice", Finding.Severity.advice)]
            .map { ($0.0, report.count($0.1), report.count($0.1) > 0 ? $0.1.rawValue : "none") }
        let cells = tiles.map { tile -> HTML in
            "<div><dt>\(tile.name)</dt><dd class=\"\(tile.kind)\">\(Format.count(tile.value))</dd></div>"
        }
        return "<dl class=\"tiles\">\(cells.joined())</dl>"
    }

    /// Table of contents; nothing for a single finding.
    private var contents: HTML {
        guard report.findings.count > 1 else { return "" }
        let entries = report.findingsBySeverity.enumerated().map { index, finding -> HTML in
            """
            <li>\(finding.severity.badge)<a href="#finding-\(index + 1)">\(finding.title)</a></li>
            """
        }
        return """
            <nav><h2>What was found</h2><ol class="contents">\(entries.joined())</ol></nav>
            """
    }

    private var noteSection: HTML {
        guard !report.notes.isEmpty else { return "" }
        let notes = report.notes.map { note -> HTML in "<li>\(note)</li>" }
        return """
            <section class="notes"><h2>About this check</h2><ul>\(notes.joined())</ul></section>
            """
    }

    private var chartSection: HTML {
        let drawn = charts.compactMap { DistributionChart($0) }
        guard !drawn.isEmpty else { return "" }
        return """
            <section><h2>How the images are distributed</h2>
            <p class="note">A strip a class; bars show the share of that class’s images, all strips of a chart to \
            one scale.</p>
            <div class="charts">\(drawn.map { $0.html() }.joined())</div></section>
            """
    }
}

extension Finding.Severity {
    /// Badge with the severity's name in its colour.
    var badge: HTML { "<span class=\"severity \(rawValue)\">\(rawValue)</span>" }
}
