import TailorAudit
import TailorTerminal

extension CheckPage {
    /// Table of classes: number and share of images in each split.
    var classSection: HTML {
        guard !report.classes.isEmpty else { return "" }
        let splits = report.splitsWithImages
        let totals = splits.map { report.total($0.count) }
        let titles = splits.map { split -> HTML in
            "<th scope=\"col\" class=\"num\">\(split.name)</th><th scope=\"col\">share</th>"
        }
        let rows = shownClasses.map { row -> HTML in
            let cells = zip(splits, totals).map { split, total -> HTML in
                let count = row[keyPath: split.count]
                return """
                    <td class="num\(count == 0 ? " zero" : "")">\(Format.count(count))</td>\
                    <td class="share">\(Self.bar(count, of: total))</td>
                    """
            }
            return "<tr><th scope=\"row\">\(row.name)</th>\(cells.joined(separator: ""))</tr>"
        }
        let sums = totals.map { total -> HTML in "<td class=\"num\">\(Format.count(total))</td><td></td>" }
        return """
            <section><h2>Classes and splits</h2>\(classNote)
            <div class="scroll"><table class="classes"><thead><tr><th scope="col">class</th>\(titles.joined(separator: ""))\
            </tr></thead>
            <tbody>\(rows.joined())</tbody>
            <tfoot><tr><th scope="row">all</th>\(sums.joined(separator: ""))</tr></tfoot></table></div></section>
            """
    }

    /// Classes shown: the smallest if there are too many for one page.
    private var shownClasses: [AuditReport.ClassCount] {
        guard report.classes.count > Self.classLimit else { return report.classes }
        return Array(
            report.classes.sorted { ($0.train, $0.name) < ($1.train, $1.name) }.prefix(Self.classLimit))
    }

    private var classNote: HTML {
        guard report.classes.count > Self.classLimit else { return "" }
        return """
            <p class="note">The \(Self.classLimit) with fewest training images of \
            \(Format.count(report.classes.count)) classes.</p>
            """
    }

    private static func bar(_ count: Int, of total: Int) -> HTML {
        guard total > 0 else { return "" }
        let share = Double(count) / Double(total)
        return """
            <span class="bar"><i style="width:\(100 * share)%"></i></span><small>\(Format.percent(share))</small>
            """
    }
}
