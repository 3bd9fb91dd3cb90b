import TailorAudit
import TailorSupport
import TailorTerminal

extension AuditReport {
    /// The three splits: their folders' names, and where their counts stand.
    static var splits: [(name: String, count: KeyPath<ClassCount, Int>)] {
        [("train", \.train), ("val", \.validation), ("test", \.test)]
    }

    /// Images of a split, over all classes.
    func total(_ count: KeyPath<ClassCount, Int>) -> Int { classes.reduce(0) { $0 + $1[keyPath: count] } }

    /// The splits that hold images; all of them when none does.
    var splitsWithImages: [(name: String, count: KeyPath<ClassCount, Int>)] {
        let present = Self.splits.filter { total($0.count) > 0 }
        return present.isEmpty ? Self.splits : present
    }

    /// `1,575 train, no val, 655 test`.
    var splitWords: String {
        Self.splits.map { split in
            let count = total(split.count)
            return "\(count == 0 ? "no" : Format.count(count)) \(split.name)"
        }.joined(separator: ", ")
    }

    /// `2,624 images in 2 classes`.
    var sizeWords: String {
        Format.count(imageCount, "image") + " in " + Format.count(classes.count, "class", plural: "classes")
    }

    /// Whatever order they came in; findings equally bad keep theirs.
    var worstFirst: [Finding] {
        Finding.Severity.allCases.sorted().flatMap { severity in
            findings.filter { $0.severity == severity }
        }
    }

    /// What an audit without findings may say.
    var allClear: String {
        imageCount == 0
            ? "There are no images here to check."
            : "Nothing found that would spoil training."
    }
}

extension Finding.Severity {
    /// `1 error`, `3 warnings`, `2 advice`.
    func counted(_ count: Int) -> String {
        Format.count(count, rawValue, plural: self == .advice ? rawValue : nil)
    }
}

extension Finding {
    /// Files of this finding that `--fix` leaves out, each once.
    var exclusionCount: Int { Set(items.flatMap(\.exclude)).count }
}

extension Finding.Item {
    /// `a = b = c`, control characters made visible.
    var equation: String { paths.map(\.printable).joined(separator: " = ") }
}
