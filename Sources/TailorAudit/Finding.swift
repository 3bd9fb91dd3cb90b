import TailorSupport

/// Finding of an audit: what, in which files, why it matters, and the remedy.
public struct Finding: Codable, Sendable, Hashable {
    public enum Severity: String, Codable, Sendable, CaseIterable, Comparable {
        /// Fault that makes training fail or its metrics wrong.
        case error
        /// Fault that probably makes the result worse, or look better, than it should.
        case warning
        /// Information worth knowing.
        case advice

        /// Orders by severity, the worst first.
        public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }

        private var rank: Int {
            switch self {
            case .error: 0
            case .warning: 1
            case .advice: 2
            }
        }
    }

    public enum Area: String, Codable, Sendable, CaseIterable {
        case layout, files, leaks, balance, geometry, color, labels, augmentation
    }

    /// Files that the finding is about: one, a pair or a cluster.
    public struct Item: Codable, Sendable, Hashable {
        /// Path from the dataset's folder.
        public var paths: [String]
        /// Short note on these files; may be empty.
        public var note: String
        /// Subset of `paths` that `--fix` excludes; empty if a person must decide.
        public var exclude: [String]

        public init(paths: [String], note: String = "", exclude: [String] = []) {
            self.paths = paths
            self.note = note
            self.exclude = exclude
        }
    }

    public var severity: Severity
    public var area: Area
    /// Stable identifier for programs: `identical-bytes-across-splits`.
    public var code: String
    /// Sentence with the numbers.
    public var title: String
    public var why: String
    public var remedy: String
    /// Affected files, the worst first; empty when the finding is about the dataset as a whole.
    public var items: [Item]
    /// Validation images that training sees as well, in a finding across splits. Not in JSON; `items` of a
    /// group show one path of each split only.
    package var leakedValidation: Set<PathKey> = []

    private enum CodingKeys: String, CodingKey {
        case severity, area, code, title, why, remedy, items
    }

    public init(
        severity: Severity, area: Area, code: String, title: String, why: String, remedy: String,
        items: [Item] = []
    ) {
        self.severity = severity
        self.area = area
        self.code = code
        self.title = title
        self.why = why
        self.remedy = remedy
        self.items = items
    }
}

extension Finding {
    /// Line for a run's warnings, with the first files.
    public var warning: String {
        let shown = items.prefix(3).map { $0.paths.joined(separator: " = ") }
        let more = items.count > 3 ? " and \(items.count - 3) more" : ""
        return title + (shown.isEmpty ? "" : " " + shown.joined(separator: ", ") + more)
    }
}
