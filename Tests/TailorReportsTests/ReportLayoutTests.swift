import Foundation
import TailorReports
import Testing

/// What a reader of a page would stumble over.
@Suite struct ReportLayoutTests {
    /// Beginnings of the labels of all vertical axes, in pixels of the chart, by the right edge of each.
    private func tickStarts(_ page: String) throws -> [Double] {
        let tick = /class="tick" x="([0-9.]+)" y="[0-9.]+" text-anchor="end">([^<]+)</
        return page.matches(of: tick).compactMap { match in
            // "kept" stands beside the line of the best epoch.
            match.2 == "kept" ? nil : Double(match.1).map { $0 - 7 * Double(match.2.count) }
        }
    }

    /// An axis's title is 11.5 px high and stands at 9 or 12 px: its lowest letters end before 18.
    @Test func theAxisTitleKeepsClearOfTheTicks() throws {
        var report = try SampleReport.tested()
        for index in report.epochs.indices {
            report.epochs[index].learningRates = [
                .init(group: "head", value: 0.0005), .init(group: "layer4", value: 0.00012),
            ]
        }
        let starts = try tickStarts(report.html())
        #expect(starts.count > 12 && starts.allSatisfy { $0 >= 18 }, "\(starts)")
    }

    @Test func aCautionStandsOnce() throws {
        var report = try SampleReport.untested()
        let caution = try #require(report.validation?.cautions.first)
        report.warnings = ["first", caution, "first"]
        let page = report.html()
        #expect(occurrences(of: "<li>first</li>", in: page) == 1)
        #expect(occurrences(of: "<li>No sample of “void”: recall is not available", in: page) == 1)
    }

    @Test func numbersStayWithTheirUnits() throws {
        var report = try SampleReport.tested()
        report.facts = [
            .init(
                title: "Machine", facts: [.init("time", "4 min 12 s"), .init("size", "2 sides, 96 pixels")])
        ]
        let page = report.html()
        expect(page, contains: "<dd>4\u{A0}min 12\u{A0}s</dd>")
        expect(page, contains: "<dd>2 sides, 96\u{A0}pixels</dd>")
        #expect(page.contains(/<dt>Accuracy<\/dt><dd>[0-9.]+\u{A0}%<\/dd><dd class="range">[0-9.–]+\u{A0}%</))
    }
}
