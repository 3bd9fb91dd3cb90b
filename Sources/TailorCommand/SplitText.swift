import Foundation
import Tailor
import TailorSupport

/// Result of a split in words and a table.
enum SplitText {
    /// `source` and `destination` as the user wrote them.
    static func describe(
        _ summary: SplitSummary, source: String, destination: String, intensityRange: IntensityRange? = nil
    ) -> String {
        let groups = summary.groups == summary.images ? "" : " in \(Format.count(summary.groups, "group"))"
        let classes = Format.count(summary.classes.count, "class", plural: "classes")
        let images = "\(Format.count(summary.images, "image")) of \(classes)\(groups)"
        let kept = summary.kept ?? []
        var lines = [
            "\(images), seed \(summary.seed)", "", kept.isEmpty ? table(summary) : counts(summary), "",
        ]
        if !kept.isEmpty {
            let added = SplitPart.allCases.filter { $0 != .train && summary.shares[$0] > 0 }.map {
                "\($0.rawValue): \(Format.percent(summary.shares[$0])) of the images of train"
            }
            lines.append(
                "Kept: \(kept.map(\.rawValue).joined(separator: ", ")). Added: \(added.joined(separator: "; "))."
            )
        } else if summary.isGiven != true,
            let worst = summary.classes.max(by: {
                $0.deviation(from: summary.shares) < $1.deviation(from: summary.shares)
            })
        {
            let distance = points(worst.deviation(from: summary.shares))
            lines.append(
                "Furthest from the shares wanted: \(worst.name.printable), by \(distance) percentage points.")
        }
        switch summary.mode {
        case .link: lines.append("Written: \(destination) (links to \(source))")
        case .copy: lines.append("Written: \(destination)")
        case .manifest: lines.append("Written: \(destination) (no images, the list alone)")
        }
        let range = intensityRange.map { " --intensity-range \($0.argumentText)" } ?? ""
        lines.append("Next: tailor check \(destination)\(range)")
        lines.append("      tailor train \(destination)\(range)")
        return lines.joined(separator: "\n")
    }

    /// Counts alone, where parts were kept.
    private static func counts(_ summary: SplitSummary) -> String {
        var table = TextTable(
            columns: [.init("class"), .init("images", .right), .init("groups", .right)]
                + SplitPart.allCases.map { .init($0.rawValue, .right) })
        for row in summary.classes {
            table.add(
                [row.name, Format.count(row.total), Format.count(row.groups)]
                    + SplitPart.allCases.map { Format.count(row[$0]) })
        }
        let sums = SplitPart.allCases.map { part in summary.classes.reduce(0) { $0 + $1[part] } }
        table.add(
            ["all", Format.count(summary.images), Format.count(summary.groups)]
                + sums.map { Format.count($0) })
        return table.render().split(separator: "\n").joined(separator: "\n")
    }

    private static func table(_ summary: SplitSummary) -> String {
        let parts = SplitPart.allCases.filter { summary.shares[$0] > 0 }
        var table = TextTable(
            columns: [.init("class"), .init("images", .right), .init("groups", .right)]
                + parts.flatMap { [.init($0.rawValue, .right), .init("share", .right)] }
                + [.init("off by", .right)])
        for row in summary.classes {
            table.add(
                [row.name, Format.count(row.total), Format.count(row.groups)]
                    + parts.flatMap { [Format.count(row[$0]), Format.percent(row.share($0))] }
                    + [points(row.deviation(from: summary.shares))])
        }
        let sums = parts.map { part in summary.classes.reduce(0) { $0 + $1[part] } }
        table.add(
            ["all", Format.count(summary.images), Format.count(summary.groups)]
                + sums.flatMap {
                    [Format.count($0), Format.percent(Double($0) / Double(max(summary.images, 1)))]
                })
        if summary.isGiven != true {
            table.add(["wanted", "", ""] + parts.flatMap { ["", Format.percent(summary.shares[$0])] })
        }
        // The last column is empty in the last rows.
        let lines = table.render().split(separator: "\n").map { line in
            line.lastIndex { $0 != " " }.map { String(line[...$0]) } ?? ""
        }
        return lines.joined(separator: "\n")
    }

    private static func points(_ share: Double) -> String { Format.fixed(100 * share, digits: 1) }
}
