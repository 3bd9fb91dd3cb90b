import TailorAudit
import Testing

@Suite struct AuditReportTests {
    @Test func worseSeveritiesComeFirst() {
        #expect([.advice, .error, .warning].sorted() == [Finding.Severity.error, .warning, .advice])
    }

    @Test func exclusionsAreListedOnce() {
        func finding(_ exclude: [String]) -> Finding {
            Finding(
                severity: .error, area: .leaks, code: "x", title: "", why: "", remedy: "",
                items: [.init(paths: ["a", "b", "c"], exclude: exclude)])
        }
        let report = AuditReport(
            root: "", classes: [], findings: [finding(["b", "c"]), finding(["c", "a"])], notes: [],
            imageCount: 3, seconds: 0)
        #expect(report.exclusions == ["b", "c", "a"])
        #expect(report.count(.error) == 2)
        #expect(report.count(.advice) == 0)
    }
}
