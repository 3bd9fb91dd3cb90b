import TailorAudit

/// A made audit, alike in shape to a real one.
enum SampleAudit {
    static let leak = Finding(
        severity: .error, area: .leaks, code: "identical-bytes-across-splits",
        title: "7 images are both in train and in test, byte for byte",
        why: "The test would measure what the model remembers.",
        remedy: "Keep each image in one split; --fix leaves out the copy in train.",
        items: (1...7).map {
            .init(
                paths: ["train/crack/\($0).jpg", "test/crack/\($0).jpg"], note: "same bytes",
                exclude: ["train/crack/\($0).jpg"])
        })

    static let scene = Finding(
        severity: .warning, area: .leaks, code: "near-duplicates-across-splits",
        title: "1 scene lies on both sides of a split",
        why: "The model has all but seen the answers.", remedy: "Keep each scene in one split.",
        items: [
            .init(
                paths: ["train/crack/line 4/a.jpg"] + (1...9).map { "val/crack/frame\($0).jpg" },
                note: "10 frames of one scene")
        ])

    static let small = Finding(
        severity: .advice, area: .balance, code: "few-images", title: "“crack” has 12 training images",
        why: "", remedy: "Add images.")

    /// Its findings in the wrong order.
    static let report = AuditReport(
        root: "data/welds",
        classes: [
            .init(name: "crack", train: 12, validation: 3, test: 7),
            .init(name: "good", train: 1200, validation: 300, test: 0),
        ],
        findings: [small, scene, leak], notes: ["1 entry passed over: .DS_Store."], imageCount: 1522,
        seconds: 3.14)

    static func clean(images: Int = 1) -> AuditReport {
        AuditReport(
            root: "d", classes: [.init(name: "only", train: images, validation: 0, test: 0)], findings: [],
            notes: [], imageCount: images, seconds: 0)
    }

    static func with(_ findings: [Finding]) -> AuditReport {
        var report = clean()
        report.findings = findings
        return report
    }

    static func finding(_ severity: Finding.Severity, _ items: [Finding.Item] = []) -> Finding {
        Finding(
            severity: severity, area: .files, code: "c", title: "T", why: "W.", remedy: "R.", items: items)
    }
}
