import Foundation
import TailorAudit
import TailorReports
import Testing

@Suite struct CheckPageTests {
    private let jpeg = Data([0xFF, 0xD8, 0xFF, 0])

    @Test func worstFirstWithPictures() {
        var page = CheckPage(SampleAudit.report, origin: "Written by tailor 0.1.0.")
        page.thumbnails = ["train/crack/1.jpg": jpeg, "val/crack/frame1.jpg": jpeg]
        let html = page.html()
        expectSound(html)
        expect(
            html,
            inOrder: [
                "<title>data/welds · check · Tailor</title>", "<p class=\"run\">data/welds</p>",
                "<h1><strong class=\"error\">1 error</strong> must be fixed before training</h1>",
                """
                1,522 images checked in 3.1\u{A0}s: 1,212 train, 303 val, 7 test. <code>--fix</code> would leave out \
                7 files.</p>
                """,
                "<dt>Images</dt><dd class=\"\">1,522</dd>", "<dt>Classes</dt><dd class=\"\">2</dd>",
                "<dt>Errors</dt><dd class=\"error\">1</dd>", "<dt>Warnings</dt><dd class=\"warning\">1</dd>",
                "<dt>Advice</dt><dd class=\"advice\">1</dd>",
                """
                <tr><th scope="row">crack</th><td class="num">12</td>\
                <td class="share"><span class="bar"><i style="width:0.99%"></i></span><small>1.0\u{A0}%</small></td>
                """,
                "<td class=\"num zero\">0</td>",
                "<tfoot><tr><th scope=\"row\">all</th><td class=\"num\">1,212</td>",
                "<a href=\"#finding-1\">7 images are both in train and in test, byte for byte</a>",
                "<a href=\"#finding-2\">1 scene", "<a href=\"#finding-3\">“crack” has",
                "<section class=\"finding error\" id=\"finding-1\">",
                "<span class=\"severity error\">error</span><code>identical-bytes-across-splits</code>",
                "<h2>7 images are both in train and in test, byte for byte</h2>",
                "<p class=\"why\">The test would measure what the model remembers.</p>",
                "<strong>What to do</strong> Keep each image in one split; --fix leaves out the copy in train.</p>",
                """
                <li class="n2"><p class="item-note">same bytes</p><div class="pictures">\
                <figure class="out"><span class="mark">left out by --fix</span>\
                <img alt="train/crack/1.jpg" src="data:image/jpeg;base64,/9j/AA=="/>\
                <figcaption class="path">train/<wbr/>crack/<wbr/>1.jpg</figcaption></figure>
                <figure><div class="no-picture">no picture</div>\
                <figcaption class="path">test/<wbr/>crack/<wbr/>1.jpg</figcaption></figure></div></li>
                """,
                "<section class=\"finding warning\" id=\"finding-2\">", "<li class=\"n-many\">",
                "<summary>2 more</summary>", "val/<wbr/>crack/<wbr/>frame9.jpg",
                "<section class=\"finding advice\" id=\"finding-3\">",
                "<li>1 entry passed over: .DS_Store.</li>",
                "<footer>Written by tailor 0.1.0.</footer>",
            ])
    }

    @Test(arguments: [
        (
            [Finding.Severity.error, .error, .warning],
            "<strong class=\"error\">2 errors</strong> must be fixed before training"
        ),
        (
            [.warning, .advice],
            "No errors, but <strong class=\"warning\">1 warning</strong> to look at before training"
        ),
        (
            [.advice],
            "<strong class=\"good\">Nothing found</strong> that would spoil training; 1 piece of advice"
        ),
        (
            [.advice, .advice],
            "<strong class=\"good\">Nothing found</strong> that would spoil training; 2 pieces of advice"
        ),
        ([], "<strong class=\"good\">Nothing found</strong> that would spoil training"),
    ])
    func verdict(severities: [Finding.Severity], words: String) {
        let html = CheckPage(SampleAudit.with(severities.map { SampleAudit.finding($0) })).html()
        expectSound(html)
        expect(html, contains: "<h1>\(words)</h1>")
    }

    @Test func nothingAtAll() {
        let nothing = AuditReport(
            root: "d", classes: [], findings: [], notes: [], imageCount: 0, seconds: 0)
        let html = CheckPage(nothing).html()
        expectSound(html)
        expect(html, contains: "<h1>There are no images here to check</h1>")
        expect(html, contains: "0 images checked in 0.0\u{A0}s: no train, no val, no test.</p>")
        expect(html, contains: "<dt>Errors</dt><dd class=\"none\">0</dd>")
        for part in ["<table", "<nav", "<section", "--fix<"] { expect(html, lacks: part) }
    }

    @Test func awkwardNamesStayText() {
        let evil = "</title><script>alert('1')</script>"
        let path = "train/\"><img src=x onerror=alert(1)>\u{1B}[31m_\u{0}.jpg"
        var finding = SampleAudit.finding(.error, [.init(paths: [path, evil], note: evil, exclude: [path])])
        finding.title = evil
        finding.why = evil
        finding.remedy = evil
        finding.code = evil
        var report = SampleAudit.with([finding, finding])
        report.root = evil
        report.notes = [evil, "one\u{FFFE}two & <three>"]
        report.classes = [.init(name: evil, train: 1, validation: 1, test: 1)]
        var page = CheckPage(report, origin: evil, thumbnails: [path: jpeg])
        page.charts = [
            .init(title: evil, caption: evil, classes: [evil], bins: [.init(label: evil, counts: [1])])
        ]
        page.contactSheets = [.init(title: evil, caption: evil, rows: [.init(label: evil, images: [jpeg])])]
        for limit in [24, 0] {
            page.itemLimit = limit
            let html = page.html()
            expectSound(html)
            expect(html, lacks: "<img src=x")
            expect(html, contains: "<h2>&lt;/title&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;</h2>")
            expect(html, contains: "&lt;img src=x onerror=alert(1)&gt;\\u{1b}[31m_<wbr/>\\u{0}.jpg")
            expect(html, contains: "one\u{FFFD}two &amp; &lt;three&gt;")
        }
    }

    @Test func beyondTheLimitFilesAreListed() {
        let items = (1...1030).map {
            Finding.Item(paths: ["a/\($0).jpg", "b/\($0).jpg"], note: "n\($0)", exclude: ["a/\($0).jpg"])
        }
        let report = SampleAudit.with([SampleAudit.finding(.warning, items)])
        let html = CheckPage(report, thumbnails: ["b/1.jpg": jpeg, "b/30.jpg": jpeg]).html()
        expectSound(html)
        #expect(occurrences(of: "<li class=\"n2\">", in: html) == 24)
        #expect(occurrences(of: "<img ", in: html) == 1)
        expect(
            html,
            inOrder: [
                "<summary>1,006 more</summary>",
                """
                <li><span class="path">a/<wbr/>25.jpg</span> <span class="mark">left out by --fix</span> = \
                <span class="path">b/<wbr/>25.jpg</span> <span class="item-note">n25</span></li>
                """, "a/<wbr/>1024.jpg", "and 6 more; --json lists all",
            ])
        expect(html, lacks: "1025.jpg")
        // One finding needs no table of contents.
        expect(html, lacks: "<nav")
    }

    @Test func filesThatNothingIsSeenOfAreListed() {
        let items = [Finding.Item(paths: ["train/a.jpg"], note: "empty file", exclude: ["train/a.jpg"])]
        let html = CheckPage(SampleAudit.with([SampleAudit.finding(.error, items)])).html()
        expectSound(html)
        expect(
            html,
            contains: """
                <ul class="paths"><li><span class="path">train/<wbr/>a.jpg</span> \
                <span class="mark">left out by --fix</span> <span class="item-note">empty file</span></li></ul>
                """)
        expect(html, lacks: "class=\"no-picture\"")
    }

    @Test func thumbnailsWorthMaking() {
        let paths = CheckPage.thumbnailPaths(of: SampleAudit.report, itemLimit: 2)
        #expect(
            paths == [
                "train/crack/1.jpg", "test/crack/1.jpg", "train/crack/2.jpg", "test/crack/2.jpg",
                "train/crack/line 4/a.jpg",
            ] + (1...7).map { "val/crack/frame\($0).jpg" })
        let twice = SampleAudit.with([SampleAudit.leak, SampleAudit.leak])
        #expect(CheckPage.thumbnailPaths(of: twice).count == 14)
        // Every picture that is asked for has its place.
        var page = CheckPage(SampleAudit.report, itemLimit: 2)
        page.thumbnails = Dictionary(uniqueKeysWithValues: paths.map { ($0, jpeg) })
        #expect(occurrences(of: "<img ", in: page.html()) == paths.count)
    }

    @Test func contactSheets() {
        let html = CheckPage(
            SampleAudit.clean(),
            contactSheets: [
                .init(
                    title: "What training will see", caption: "First as it is.",
                    rows: [
                        .init(label: "good/1.jpg", images: [jpeg, jpeg, jpeg]),
                        .init(label: "crack/2.jpg", images: [jpeg]), .init(label: "none", images: []),
                    ]), .init(title: "Empty", caption: "", rows: [.init(label: "x", images: [])]),
            ]
        ).html()
        expectSound(html)
        #expect(occurrences(of: "<img ", in: html) == 4)
        expect(
            html,
            inOrder: [
                "<h2>What training will see</h2><p class=\"note\">First as it is.</p>",
                "<th scope=\"row\">good/<wbr/>1.jpg</th><td><img alt=\"good/1.jpg, 1\" src=\"data:image/jpeg;",
                "<th scope=\"row\">crack/<wbr/>2.jpg</th><td><img alt=\"crack/2.jpg, 1\"",
                "<td></td><td></td></tr>",
            ])
        expect(html, lacks: "none</th>")
        expect(html, lacks: "Empty")
    }

    @Test func charts() {
        let bins: [CheckPage.Histogram.Bin] = [
            .init(label: "0–99", counts: [3, 0]), .init(label: "100–199", counts: [1, 500]),
            .init(label: "200–299", counts: [0]),
        ]
        func page(_ classes: [String], _ bins: [CheckPage.Histogram.Bin]) -> String {
            CheckPage(
                SampleAudit.clean(),
                charts: [.init(title: "Shorter side", caption: "In pixels.", classes: classes, bins: bins)]
            ).html()
        }
        let html = page(["crack", "good"], bins)
        expectSound(html)
        expect(
            html,
            inOrder: [
                "<figcaption>Shorter side</figcaption>", "<p class=\"note\">In pixels.</p>",
                """
                aria-label="Shorter side. crack: 4 images, most at 0–99. good: 500 images, most at 100–199."
                """,
                // Three of four: three quarters of the height of the fullest bin.
                """
                <rect x="4.50" y="28.00" width="109.67" height="33.00" rx="1.50">\
                <title>crack, 0–99: 3 images (75.0\u{A0}%)</title></rect>
                """,
                "height=\"11.00\" rx=\"1.50\"><title>crack, 100–199: 1 image (25.0\u{A0}%)</title>",
                "height=\"44.00\" rx=\"1.50\"><title>good, 100–199: 500 images (100.0\u{A0}%)</title>",
                ">0–99</text>", ">100–199</text>", ">200–299</text>",
            ])
        #expect(occurrences(of: "<rect", in: html) == 3)
        // Labels give way where bins are narrow.
        let many = page(["a"], (0..<40).map { .init(label: "label \($0)", counts: [1]) })
        expectSound(many)
        #expect(occurrences(of: ">label ", in: many) == 6)
        // Too many classes become one strip; nothing to draw is no chart.
        let classes = (1...9).map { "class \($0)" }
        expect(
            page(classes, [.init(label: "x", counts: Array(repeating: 2, count: 9))]),
            contains: "<title>all 9 classes, x: 18 images (100.0\u{A0}%)</title>")
        for empty in [page([], bins), page(["a"], []), page(["a"], [.init(label: "x", counts: [0])])] {
            expectSound(empty)
            expect(empty, lacks: "<svg")
        }
    }

    @Test func manyClasses() {
        var report = SampleAudit.clean()
        report.classes = (1...300).map { .init(name: "class\($0)", train: $0, validation: 0, test: 0) }
        let html = CheckPage(report).html()
        expectSound(html)
        expect(html, contains: "The 200 with fewest training images of 300 classes.")
        expect(html, contains: ">class200</th>")
        expect(html, lacks: ">class201</th>")
        // The sum and the shares are of all of them.
        expect(html, contains: "<th scope=\"row\">all</th><td class=\"num\">45,150</td>")
    }
}
