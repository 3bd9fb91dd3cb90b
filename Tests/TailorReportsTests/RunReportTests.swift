import Foundation
import TailorEvaluation
import TailorReports
import TailorTerminal
import Testing

@Suite struct RunReportTests {
    /// To look at the page: `TAILOR_SAMPLE_REPORTS=folder make test`.
    private static let sampleFolder = ProcessInfo.processInfo.environment["TAILOR_SAMPLE_REPORTS"]

    private func keep(_ page: String, _ name: String) throws {
        guard let folder = Self.sampleFolder else { return }
        try Data(page.utf8).write(to: URL(fileURLWithPath: folder).appendingPathComponent(name))
    }

    @Test func aTestedRun() throws {
        let page = try SampleReport.tested().html()
        try keep(page, "tested.html")
        expectSound(page)
        for part in [
            """
            <h1>On 658 test images the model is right <strong>90.7\u{A0}%</strong> of the time \
            <span class="interval">(95 % interval 88.3–92.7\u{A0}%)</span>; always answering “functional” would be \
            right 68.4\u{A0}% of the time.</h1>
            """,
            """
            <p class="badge good"><strong>Test set used once</strong> This is its first and only use, as it should be.</p>
            """,
            "<dt>Macro-F1</dt><dd>0.",
            """
            <tr><th scope="row">all</th><td class="num">6–8</td><td class="words">All layers</td><td class="words">layer1 0.0005, layer2 0.001, \
            layer3 0.002, layer4 0.005, head 0.05</td><td class="num">0.818 <span class="kept">kept: epoch 7</span>\
            </td></tr>
            """,
            "Loss, by epoch. train: 0.584 at epoch 1, 0.217 at epoch 8. validation:",
            "Learning rate, by epoch. head: 0.05 at epoch 1",
            "<th scope=\"row\">functional</th><td class=\"cell wrong\" style=\"--share:",
            "src=\"data:image/jpeg;base64,/9j/AA==\"",
            "<strong>functional</strong> 97.1\u{A0}%<br/>is <em>defective</em>",
            "<dt>Seed</dt><dd>1</dd>",
            "Probabilities are calibrated with temperature 1.3, fitted on validation images.",
            "<li>Class weights 1.58 (defective)",
        ] {
            let isThere = page.contains(part)
            #expect(isThere, "missing: \(part)")
        }
    }

    @Test func theExportedModelStandsBesideTheTrained() throws {
        var report = try SampleReport.tested()
        #expect(!report.html().contains("The exported model"))
        let test = try #require(report.test)
        report.exported = .init(name: "int8", evaluation: test, sameClass: 0.992)
        let page = report.html()
        try keep(page, "exported.html")
        expectSound(page)
        #expect(page.contains("<th scope=\"col\" class=\"num\">int8</th>"))
        #expect(page.contains("Both give the same class to 99.2\u{A0}%"))
        let row = "<td class=\"num\">90.7\u{A0}% (88.3–92.7\u{A0}%)</td>"
        #expect(page.contains("<th scope=\"row\">Accuracy</th>" + row + row))
    }

    @Test func furtherUsesAreShownBeforeAnyFigure() throws {
        var report = try SampleReport.tested()
        report.testUses = 3
        let page = report.html()
        let badge = try #require(
            page.range(of: "<p class=\"badge bad\"><strong>Test set used 3 times</strong>"))
        let tiles = try #require(page.range(of: "<dl class=\"tiles\">"))
        #expect(badge.lowerBound < tiles.lowerBound)
    }

    @Test func awkwardNamesStayText() throws {
        let page = try SampleReport.untested().html()
        try keep(page, "untested.html")
        expectSound(page)
        expect(page, lacks: "<script")
        expect(page, lacks: "<img")
        expect(page, contains: "&lt;script&gt;alert(1)&lt;/script&gt;")
        expect(page, contains: "val/<wbr/>&lt;img src=x onerror=alert(1)&gt;\\u{1b}[31m.jpg")
        expect(page, contains: "one\\u{0}two &amp; &lt;three&gt;")
        expect(page, contains: "<strong>Test set sealed</strong>")
        #expect(
            page.contains(
                "<th scope=\"row\">void</th><td class=\"num\">0</td><td></td><td class=\"num\">n/a</td>"))
        expect(page, contains: "<li>No sample of “void”: recall is not available")
        for word in ["nan", "inf"] {
            #expect(page.range(of: "[\"\\s>]-?\(word)[\"\\s<]", options: .regularExpression) == nil)
        }
    }

    @Test func aModelNoBetterThanGuessingIsToldSo() throws {
        let report = RunReport(
            title: "x",
            test: try SampleReport.evaluation(
                counts: [30, 70], classes: ["a", "b"], signal: 0.8, temperature: 1, seed: 1),
            testUses: 1)
        let page = report.html()
        expect(page, contains: ", which is not clearly better than always answering “b” (70.0\u{A0}%).</h1>")
        expectSound(page)
    }

    @Test func manyClassesAndNothingAtAll() throws {
        let classes = (0..<300).map { "class \($0)" }
        let labels = (0..<600).map { $0 % 300 }
        var scores = [Double](repeating: 0, count: 600 * 300)
        for row in 0..<600 {
            // One in seven is taken for the class after its own.
            let picked = (row % 7 == 0 ? row + 1 : row) % 300
            scores[row * 300 + picked] = 4
        }
        let logits = try ScoreMatrix(scores, classCount: 300)
        let evaluation = try ModelEvaluation(logits: logits, labels: labels, classes: classes, resamples: 50)
        let page = RunReport(title: "many", validation: evaluation).html()
        expectSound(page)
        expect(page, contains: "The most frequent of")
        expect(page, contains: "The 200 weakest of 300 classes by F1")
        let empty = RunReport(title: "empty", hasTestSet: false).html()
        expectSound(empty)
        expect(empty, contains: "<strong>No test set</strong>")
    }
}
