import Foundation
import Tailor
import TailorSplitting
import TailorSupport
import TestSupport
import Testing

/// How much leakage training bears: 5 % of the validation images, or of all.
struct LeakRefusalTests {
    /// A finding about images of these numbers; across splits, they are validation images.
    private static func finding(
        _ images: Range<Int>, code: String = "identical-across-splits", severity: Finding.Severity = .error,
        title: String = "copies"
    ) -> Finding {
        let paths = images.map { "\($0).jpg" }
        var finding = Finding(
            severity: severity, area: .leaks, code: code, title: title, why: "", remedy: "",
            items: paths.map { Finding.Item(paths: [$0]) })
        if code.hasSuffix("-across-splits") { finding.leakedValidation = Set(paths.map(PathKey.init)) }
        return finding
    }

    /// Of 100 validation images; 1,000 in all.
    private static func refusal(_ findings: [Finding]) -> LeakRefusal? {
        LeakRefusal(findings, imageCount: 1000, validationCount: 100)
    }

    @Test(arguments: [(4, false), (5, false), (6, true)])
    func acrossSplitsTheLimitIsOfTheValidationImages(_ affected: Int, _ isRefused: Bool) {
        #expect((Self.refusal([Self.finding(0..<affected)]) != nil) == isRefused)
    }

    @Test(arguments: [(49, false), (50, false), (51, true)])
    func elsewhereTheLimitIsOfAllImages(_ affected: Int, _ isRefused: Bool) {
        let one = Self.finding(0..<affected, code: "identical-across-classes")
        #expect((Self.refusal([one]) != nil) == isRefused)
    }

    /// 5 % of these counts is no whole number: the first above it is refused.
    @Test(arguments: [
        (19, 0, false), (19, 1, true), (20, 1, false), (20, 2, true), (39, 1, false), (39, 2, true),
    ])
    func fewImagesAreRoundedToTheStrictSide(_ count: Int, _ affected: Int, _ isRefused: Bool) {
        let refusal = LeakRefusal(
            [Self.finding(0..<affected)], imageCount: 1000, validationCount: count)
        #expect((refusal != nil) == isRefused)
    }

    @Test func anImageCountsOnceInAllFindingsTogetherAndOnlyErrorsCount() {
        let same = Self.finding(0..<5, code: "group-across-splits")
        #expect(Self.refusal([Self.finding(0..<5), same]) == nil)
        let other = Self.finding(5..<10, code: "group-across-splits")
        #expect(Self.refusal([Self.finding(0..<5), other]) != nil)
        #expect(Self.refusal([Self.finding(0..<90, severity: .warning)]) == nil)
        #expect(Self.refusal([]) == nil)
        let refusal = Self.refusal([
            Self.finding(0..<6, title: "first"),
            Self.finding(0..<51, code: "identical-across-classes", title: "second"),
        ])
        #expect(
            refusal?.reasons == [
                "first", "6 of 100 validation images affected, at most 5 % may be.",
                "second", "51 of 1000 images affected, at most 5 % may be.",
            ])
        #expect(refusal?.description.hasPrefix("first\n  6 of 100") == true)
        #expect(refusal?.description.contains("--allow-leaks") == true)
    }

    /// 24 training and 24 validation images, one of which five training images copy: 1 of 24, not 6.
    @Test func oneValidationImageWithFiveCopiesIsOne() throws {
        let images = try MadeImages(train: 20, validation: 12, test: 0)
        for number in 0..<5 {
            try FileManager.default.copyItem(
                at: images.root.appending(path: "val/across/0.ppm"),
                to: images.root.appending(path: "train/across/copy\(number).ppm"))
        }
        let data = try TrainingData.prepare(images.root)
        #expect(data.warnings.contains { $0.contains("1 time the same picture in two splits") })
    }

    /// Ten groups on both sides hold every validation image: all of them are affected, not ten.
    @Test func groupsCountAllTheirValidationImages() throws {
        let images = try MadeImages(train: 20, validation: 120, test: 0)
        let screened = try DatasetFolder.scan(images.root).screened()
        let lastDigit = try ImageGroups(
            .pattern(GroupPattern("([0-9])\\.ppm")), paths: screened.images.map(\.path),
            root: images.root.path)
        let audit = TrainingAudit(screened.images, groups: lastDigit, workers: 2)
        let groups = try #require(
            audit.findings(in: screened).first { $0.code == "group-across-splits" })
        #expect(groups.items.count == 10 && groups.leakedValidation.count == 240)
        let text = String(decoding: try JSONEncoder().encode(groups), as: UTF8.self)
        #expect(!text.contains("leaked"))
        let refusal = LeakRefusal([groups], imageCount: 280, validationCount: 240)
        #expect(refusal?.reasons.last == "240 of 240 validation images affected, at most 5 % may be.")
    }
}
