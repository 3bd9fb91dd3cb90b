import TailorSupport

/// Report of a dataset audit.
public struct AuditReport: Codable, Sendable, Hashable {
    /// Number of images of a class in each split.
    public struct ClassCount: Codable, Sendable, Hashable {
        public var name: String
        public var train: Int
        public var validation: Int
        public var test: Int

        public init(name: String, train: Int, validation: Int, test: Int) {
            self.name = name
            self.train = train
            self.validation = validation
            self.test = test
        }
    }

    /// Folder of the dataset, as given.
    public var root: String
    public var classes: [ClassCount]
    /// Findings, the most severe first.
    public var findings: [Finding]
    /// Notes on skipped entries, measurements and checks that were left out.
    public var notes: [String]
    public var imageCount: Int
    public var seconds: Double

    public init(
        root: String, classes: [ClassCount], findings: [Finding], notes: [String], imageCount: Int,
        seconds: Double
    ) {
        self.root = root
        self.classes = classes
        self.findings = findings
        self.notes = notes
        self.imageCount = imageCount
        self.seconds = seconds
    }

    /// Number of findings of a severity.
    public func count(_ severity: Finding.Severity) -> Int {
        findings.reduce(0) { $0 + ($1.severity == severity ? 1 : 0) }
    }

    /// Files that `--fix` excludes, in the order of the findings, each once.
    public var exclusions: [String] {
        var seen: Set<PathKey> = []
        return findings.flatMap { $0.items.flatMap(\.exclude) }.filter { seen.insert(PathKey($0)).inserted }
    }
}
