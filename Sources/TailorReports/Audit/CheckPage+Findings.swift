import TailorAudit
import TailorTerminal

extension CheckPage {
    /// Section of a finding: title, reason, remedy and files.
    func section(_ finding: Finding, number: Int) -> HTML {
        let why: HTML = finding.why.isEmpty ? "" : "<p class=\"why\">\(finding.why)</p>"
        let remedy: HTML =
            finding.remedy.isEmpty
            ? "" : "<p class=\"remedy\"><strong>What to do</strong> \(finding.remedy)</p>"
        return """
            <section class="finding \(finding.severity.rawValue)" id="finding-\(number)">
            <p class="kind">\(finding.severity.badge)<code>\(finding.code)</code></p>
            <h2>\(finding.title)</h2>
            \(why)\(remedy)
            \(items(of: finding))
            </section>
            """
    }

    private func items(of finding: Finding) -> HTML {
        guard !finding.items.isEmpty else { return "" }
        let shown = finding.items.prefix(itemLimit)
        let rest = finding.items.dropFirst(itemLimit)
        // Without any thumbnail, for unreadable files for instance, a list says more than empty tiles.
        let isSeen = shown.contains { $0.paths.prefix(Self.clusterLimit).contains { thumbnails[$0] != nil } }
        let body =
            isSeen
            ? "<ul class=\"items\">\(shown.map(card).joined())</ul>" : Self.list(shown.map(Self.line))
        return "\(body)\(Self.folded(rest.map(Self.line)))"
    }

    /// Card of an item: its images side by side with its note.
    private func card(_ item: Finding.Item) -> HTML {
        let shown = item.paths.prefix(Self.clusterLimit)
        let images = shown.map { path -> HTML in
            let isOut = item.exclude.contains(path)
            let kind: HTML = isOut ? " class=\"out\"" : ""
            return """
                <figure\(kind)>\(isOut ? Self.mark : "")\(HTML.image(thumbnails[path], alt: path))\
                <figcaption class="path">\(HTML.path(path))</figcaption></figure>
                """
        }
        let note: HTML = item.note.isEmpty ? "" : "<p class=\"item-note\">\(item.note)</p>"
        let others = item.paths.dropFirst(Self.clusterLimit).map { path -> HTML in
            "<li>\(Self.name(path, in: item))</li>"
        }
        return """
            <li class="n\(shown.count > 4 ? "-many" : String(shown.count))">\(note)<div class="pictures">\
            \(images.joined())</div>\(Self.folded(others))</li>
            """
    }

    private static func line(_ item: Finding.Item) -> HTML {
        let shown = item.paths.prefix(clusterLimit).map { name($0, in: item) }
        let rest = item.paths.count - shown.count
        let more: HTML = rest > 0 ? " = \(Format.count(rest)) more" : ""
        let note: HTML = item.note.isEmpty ? "" : " <span class=\"item-note\">\(item.note)</span>"
        return "<li>\(shown.joined(separator: " = "))\(more)\(note)</li>"
    }

    private static func name(_ path: String, in item: Finding.Item) -> HTML {
        let name: HTML = "<span class=\"path\">\(HTML.path(path))</span>"
        return item.exclude.contains(path) ? "\(name) \(mark)" : name
    }

    private static let mark: HTML = "<span class=\"mark\">left out by --fix</span>"

    private static func list(_ lines: [HTML]) -> HTML { "<ul class=\"paths\">\(lines.joined())</ul>" }

    /// A collapsed list; nothing if it would be empty.
    private static func folded(_ lines: [HTML]) -> HTML {
        guard !lines.isEmpty else { return "" }
        let cut = lines.count - listLimit
        let note: HTML =
            cut > 0 ? "<p class=\"note\">and \(Format.count(cut)) more; --json lists all</p>" : ""
        return """
            <details><summary>\(Format.count(lines.count)) more</summary>\(list(Array(lines.prefix(listLimit))))\(note)\
            </details>
            """
    }
}
