import Tailor
import Testing

/// How much leakage training bears: 5 % of the validation images, or of all.
struct LeakRefusalTests {
    private static func finding(
        _ paths: [Int], code: String = "identical-bytes-across-splits", severity: Finding.Severity = .error,
        title: String = "copies"
    ) -> Finding {
        var next = 0
        let items = paths.map { count in
            next += count
            return Finding.Item(paths: (next - count..<next).map { "\($0).jpg" })
        }
        return Finding(
            severity: severity, area: .leaks, code: code, title: title, why: "", remedy: "", items: items)
    }

    /// Of 100 validation images; 1,000 in all.
    private static func refusal(_ findings: [Finding]) -> LeakRefusal? {
        LeakRefusal(findings, imageCount: 1000, validationCount: 100)
    }

    @Test(arguments: [(4, false), (5, false), (6, true)])
    func acrossSplitsTheLimitIsOfTheValidationImages(_ affected: Int, _ isRefused: Bool) {
        let one = Self.finding([affected])
        #expect((Self.refusal([one]) != nil) == isRefused)
        let pieces = Self.finding(Array(repeating: 1, count: affected))
        #expect((Self.refusal([pieces]) != nil) == isRefused, "files count, not clusters")
    }

    @Test(arguments: [(49, false), (50, false), (51, true)])
    func elsewhereTheLimitIsOfAllImages(_ affected: Int, _ isRefused: Bool) {
        let one = Self.finding([affected], code: "identical-under-two-classes")
        #expect((Self.refusal([one]) != nil) == isRefused)
    }

    /// 5 % of these counts is no whole number: the first above it is refused.
    @Test(arguments: [
        (19, 0, false), (19, 1, true), (20, 1, false), (20, 2, true), (39, 1, false), (39, 2, true),
    ])
    func fewImagesAreRoundedToTheStrictSide(_ count: Int, _ affected: Int, _ isRefused: Bool) {
        let refusal = LeakRefusal(
            [Self.finding([affected])], imageCount: 1000, validationCount: count)
        #expect((refusal != nil) == isRefused)
    }

    @Test func eachFindingCountsForItselfAndOnlyErrorsDo() {
        #expect(Self.refusal([Self.finding([5]), Self.finding([5], code: "group-across-splits")]) == nil)
        #expect(Self.refusal([Self.finding([90], severity: .warning)]) == nil)
        #expect(Self.refusal([]) == nil)
        let refusal = Self.refusal([
            Self.finding([6], title: "first"), Self.finding([5], title: "bearable"),
            Self.finding([51], code: "identical-under-two-classes", title: "second"),
        ])
        #expect(refusal?.reasons == ["first", "second"])
        #expect(refusal?.description.hasPrefix("first\n  second\n") == true)
        #expect(refusal?.description.contains("--allow-leaks") == true)
    }
}
