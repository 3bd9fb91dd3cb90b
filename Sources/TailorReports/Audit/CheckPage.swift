import Foundation
import TailorAudit
import TailorSupport

/// HTML report of an audit: findings with their images and remedies.
public struct CheckPage: Sendable {
    /// Sign by which an earlier page is known, which may be replaced.
    package static let generatorMark = OutputFile.Mark(
        kind: "a page of findings", text: HTML.generator(.check))

    /// Most images of one cluster; its other paths are listed.
    package static let clusterLimit = 8
    /// Most rows of the table of classes.
    static let classLimit = 200
    /// Most paths of a collapsed list; a browser has to open the page.
    static let listLimit = 1000

    package var report: AuditReport
    /// Text of the footer: when and by what the page was made.
    package var origin: String
    /// Thumbnails as JPEG, by the paths of the findings; see `thumbnailPaths`.
    package var thumbnails: [String: Data]
    /// Charts after the findings.
    package var charts: [Histogram]
    /// Contact sheets at the end of the page.
    package var contactSheets: [ContactSheet]
    /// Most items of a finding that are shown with images; the others are listed.
    package var itemLimit: Int

    package init(
        _ report: AuditReport, origin: String = "", thumbnails: [String: Data] = [:],
        charts: [Histogram] = [], contactSheets: [ContactSheet] = [], itemLimit: Int = 24
    ) {
        self.report = report
        self.origin = origin
        self.thumbnails = thumbnails
        self.charts = charts
        self.contactSheets = contactSheets
        self.itemLimit = max(0, itemLimit)
    }

    /// Paths whose thumbnails the page shows, without repeats.
    package static func thumbnailPaths(of report: AuditReport, itemLimit: Int = 24) -> [String] {
        var seen: Set<String> = []
        return report.findingsBySeverity.flatMap { finding in
            finding.items.prefix(max(0, itemLimit)).flatMap { $0.paths.prefix(clusterLimit) }
        }.filter { seen.insert($0).inserted }
    }

    /// Histogram of a measurement over the images of each class.
    package struct Histogram: Sendable, Hashable {
        package struct Bin: Sendable, Hashable {
            /// Label under the axis; short.
            package var label: String
            /// Number of images of each class, in the order of `classes`.
            package var counts: [Int]

            package init(label: String, counts: [Int]) {
                self.label = label
                self.counts = counts
            }
        }

        package var title: String
        package var caption: String
        package var classes: [String]
        /// Bins from left to right.
        package var bins: [Bin]

        package init(title: String, caption: String, classes: [String], bins: [Bin]) {
            self.title = title
            self.caption = caption
            self.classes = classes
            self.bins = bins
        }
    }
}
