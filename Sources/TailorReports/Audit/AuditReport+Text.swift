import TailorAudit
import TailorSupport
import TailorTerminal

extension AuditReport {
    /// The three splits: folder names and key paths of the counts.
    static var splits: [(name: String, count: KeyPath<ClassCount, Int>)] {
        [("train", \.train), ("val", \.validation), ("test", \.test)]
    }

    /// Number of images of a split, over all classes.
    func total(_ count: KeyPath<ClassCount, Int>) -> Int { classes.reduce(0) { $0 + $1[keyPath: count] } }

    /// The splits that hold images; all three if none does.
    var splitsWithImages: [(name: String, count: KeyPath<ClassCount, Int>)] {
        let present = Self.splits.filter { total($0.count) > 0 }
        return present.isEmpty ? Self.splits : present
    }

    /// Counts of the splits, as `1,575 train, no val, 655 test`.
    var splitText: String {
        Self.splits.map { split in
            let count = total(split.count)
            return "\(count == 0 ? "no" : Format.count(count)) \(split.name)"
        }.joined(separator: ", ")
    }

    /// Counts of images and classes, as `2,624 images in 2 classes`.
    var sizeText: String {
        Format.count(imageCount, "image") + " in " + Format.count(classes.count, "class", plural: "classes")
    }

    /// Findings by falling severity; equal ones keep their order.
    var findingsBySeverity: [Finding] {
        Finding.Severity.allCases.sorted().flatMap { severity in
            findings.filter { $0.severity == severity }
        }
    }

    /// Message of an audit without findings.
    var allClear: String {
        imageCount == 0
            ? "There are no images here to check."
            : "Nothing found that would spoil training."
    }
}

extension Finding.Severity {
    /// Count with the severity's name, as `1 error`, `3 warnings`, `2 advice`.
    func counted(_ count: Int) -> String {
        Format.count(count, rawValue, plural: self == .advice ? rawValue : nil)
    }
}

extension Finding {
    /// Number of files of this finding that `--fix` leaves out.
    var exclusionCount: Int { Set(items.flatMap(\.exclude)).count }
}

extension Finding.Item {
    /// Paths as `a = b = c`, control characters made visible.
    var equation: String { paths.map(\.printable).joined(separator: " = ") }
}
