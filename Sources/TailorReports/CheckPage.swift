import Foundation
import TailorAudit

/// An audit as a page to look at: what is wrong, shown in pictures, and what to do; `html()` draws it.
public struct CheckPage: Sendable {
    /// Pictures of one cluster; its other paths are listed.
    public static let clusterLimit = 8
    /// Rows of the table of classes.
    static let classLimit = 200
    /// Paths that a folded list holds: a browser has to open the page.
    static let listLimit = 1000

    public var report: AuditReport
    /// When and by what, for the foot of the page.
    public var origin: String
    /// Small JPEG files by the paths that the findings name; see `picturedPaths`.
    public var thumbnails: [String: Data]
    /// Drawn after the findings.
    public var charts: [Histogram]
    /// Shown at the end.
    public var contactSheets: [ContactSheet]
    /// Items of each finding that are shown with pictures; the others are listed.
    public var itemLimit: Int

    public init(
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

    /// The paths whose thumbnails the page of this report has room for, each once.
    public static func picturedPaths(of report: AuditReport, itemLimit: Int = 24) -> [String] {
        var seen: Set<String> = []
        return report.worstFirst.flatMap { finding in
            finding.items.prefix(max(0, itemLimit)).flatMap { $0.paths.prefix(clusterLimit) }
        }.filter { seen.insert($0).inserted }
    }

    /// Rows of pictures that belong together, for instance one image as training would alter it.
    public struct ContactSheet: Sendable, Hashable {
        public struct Row: Sendable, Hashable {
            public var label: String
            /// Small JPEG files, from left to right.
            public var pictures: [Data]

            public init(label: String, pictures: [Data]) {
                self.label = label
                self.pictures = pictures
            }
        }

        public var title: String
        public var caption: String
        public var rows: [Row]

        public init(title: String, caption: String, rows: [Row]) {
            self.title = title
            self.caption = caption
            self.rows = rows
        }
    }

    /// How a measure is distributed over the images of each class.
    public struct Histogram: Sendable, Hashable {
        public struct Bin: Sendable, Hashable {
            /// Short: it stands under the axis.
            public var label: String
            /// Images of each class, in the order of `classes`.
            public var counts: [Int]

            public init(label: String, counts: [Int]) {
                self.label = label
                self.counts = counts
            }
        }

        public var title: String
        public var caption: String
        public var classes: [String]
        /// From left to right.
        public var bins: [Bin]

        public init(title: String, caption: String, classes: [String], bins: [Bin]) {
            self.title = title
            self.caption = caption
            self.classes = classes
            self.bins = bins
        }
    }
}
