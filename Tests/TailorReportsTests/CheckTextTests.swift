import TailorAudit
import TailorReports
import TailorTerminal
import Testing

@Suite struct CheckTextTests {
    @Test func worstFirstWithWhatToDo() {
        #expect(
            CheckText(SampleAudit.report).render() == """
                data/welds: 1,522 images in 2 classes (1,212 train, 303 val, 7 test), checked in 3.1 s

                class  train  val  test
                crack     12    3     7
                good   1,200  300     0

                1. error: 7 images are both in train and in test, byte for byte
                   The test would measure what the model remembers.
                   What to do: Keep each image in one split; --fix leaves out the copy in train.
                     train/crack/1.jpg = test/crack/1.jpg  (same bytes)
                     train/crack/2.jpg = test/crack/2.jpg  (same bytes)
                     train/crack/3.jpg = test/crack/3.jpg  (same bytes)
                     train/crack/4.jpg = test/crack/4.jpg  (same bytes)
                     train/crack/5.jpg = test/crack/5.jpg  (same bytes)
                     and 2 more; --json or --report lists all
                     --fix leaves out 7 files

                2. warning: 1 scene lies on both sides of a split
                   The model has all but seen the answers.
                   What to do: Keep each scene in one split.
                     train/crack/line 4/a.jpg
                       = val/crack/frame1.jpg
                       = val/crack/frame2.jpg
                       = val/crack/frame3.jpg
                       = val/crack/frame4.jpg
                       = val/crack/frame5.jpg
                       = 4 more
                       (10 frames of one scene)

                3. advice: “crack” has 12 training images
                   What to do: Add images.

                note: 1 entry passed over: .DS_Store.

                1 error, 1 warning, 1 advice; --fix leaves out 7 files

                """)
    }

    @Test func nothingFound() {
        #expect(
            CheckText(SampleAudit.clean()).render() == """
                d: 1 image in 1 class (1 train, no val, no test), checked in 0.0 s

                class  train
                only       1

                Nothing found that would spoil training.

                """)
        let nothing = AuditReport(
            root: "d", classes: [], findings: [], notes: [], imageCount: 0, seconds: 0)
        #expect(
            CheckText(nothing).render() == """
                d: 0 images in 0 classes (no train, no val, no test), checked in 0.0 s

                There are no images here to check.

                """)
    }

    @Test func wrappedAndShortenedToTheWidth() {
        let item = Finding.Item(
            paths: [
                "train/scratch/2026-11-24/line 4/camera 2/shift B/0001.jpg",
                "val/an_export_named_by_a_machine_00000000000000000017.jpg",
            ], note: "alike but for a shift of two pixels to the left")
        let finding = Finding(
            severity: .warning, area: .leaks, code: "c", title: "a title of many words that goes on and on",
            why: "Because.", remedy: "Look at the pair.", items: [item])
        let terminal = Terminal(isInteractive: true, usesColor: false, usesUnicode: true, columns: 40)
        let text = CheckText(SampleAudit.with([finding]), terminal: terminal).render()
        expect(
            text,
            contains: """

                1. warning: a title of many words that
                   goes on and on
                   Because.
                   What to do: Look at the pair.
                     train/scratch/2026-11-24/…/0001.jpg
                       = val/an_exp…0000000000000017.jpg
                       (alike but for a shift of two
                       pixels to the left)

                1 warning

                """)
        for line in text.split(separator: "\n") { #expect(line.count <= 40) }
        let ascii = Terminal(isInteractive: true, usesColor: false, usesUnicode: false, columns: 40)
        expect(
            CheckText(SampleAudit.with([finding]), terminal: ascii).render(),
            contains: "     train/scratch/.../0001.jpg\n")
        // Wide terminals are not filled: prose is hard to read there.
        #expect(
            CheckText(
                SampleAudit.report, terminal: Terminal(isInteractive: true, usesColor: false, columns: 240)
            ).width == 100)
        #expect(CheckText(SampleAudit.report).width == 100)
        #expect(CheckText(SampleAudit.report, width: 5).width == 20)
    }

    @Test func boldAndColoured() {
        let terminal = Terminal(isInteractive: true, usesColor: true, columns: 100)
        let text = CheckText(SampleAudit.report, terminal: terminal).render()
        for part in [
            "\u{1B}[1mdata/welds\u{1B}[0m: 1,522 images",
            "1. \u{1B}[1m\u{1B}[31merror:\u{1B}[0m\u{1B}[0m\u{1B}[1m 7 images are",
            "2. \u{1B}[1m\u{1B}[33mwarning:\u{1B}[0m",
            "3. \u{1B}[1m\u{1B}[36madvice:\u{1B}[0m",
            "   \u{1B}[1mWhat to do:\u{1B}[0m Add images.\n",
            "test/crack/1.jpg  \u{1B}[2m(same bytes)\u{1B}[0m\n",
        ] { expect(text, contains: part) }
        expect(
            CheckText(SampleAudit.clean(), terminal: terminal).render(),
            contains: "\u{1B}[32mNothing found that would spoil training.")
        // The same words without the colours.
        #expect(
            text.replacing(/\u{1B}\[[0-9]+m/, with: "") == CheckText(SampleAudit.report).render())
    }

    @Test func namesCannotSpeakToTheTerminal() {
        var report = SampleAudit.with([
            SampleAudit.finding(
                .error, [.init(paths: ["train/a\u{1B}[31m.jpg", "val/\n2. error.jpg"], note: "x\u{7}y")])
        ])
        report.root = "d\u{1B}]0;t"
        report.classes = [.init(name: "c\u{202E}d", train: 1, validation: 0, test: 0)]
        report.notes = ["skipped \u{8}"]
        let text = CheckText(report).render()
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E })
        for part in [
            "d\\u{1b}]0;t: 1 image", "c\\u{202e}d", "note: skipped \\u{8}\n",
            "     train/a\\u{1b}[31m.jpg = val/\\n2. error.jpg  (x\\u{7}y)\n",
        ] { expect(text, contains: part) }
    }

    @Test(arguments: [
        ([Finding.Severity.error], "1 error"), ([.warning, .error, .error], "2 errors, 1 warning"),
        ([.advice, .advice], "2 advice"), ([.warning, .warning, .advice], "2 warnings, 1 advice"),
    ])
    func summary(severities: [Finding.Severity], words: String) {
        let report = SampleAudit.with(severities.map { SampleAudit.finding($0) })
        let text = CheckText(report).render()
        #expect(text.hasSuffix("\n\n\(words)\n"))
    }

    @Test func limits() {
        let items = (1...40).map {
            Finding.Item(paths: ["train/\($0).jpg"], exclude: $0 == 1 ? ["train/1.jpg"] : [])
        }
        var report = SampleAudit.with((1...10).map { _ in SampleAudit.finding(.error, items) })
        report.classes = (1...41).map { .init(name: "class\($0)", train: 1, validation: 0, test: 0) }
        let few = CheckText(report, itemLimit: 2).render()
        expect(
            few,
            contains: """
                 9. error: T
                    W.
                    What to do: R.
                      train/1.jpg
                      train/2.jpg
                      and 38 more; --json or --report lists all
                      --fix leaves out 1 file

                10. error: T

                """)
        expect(few, contains: "class40      1\nand 1 more class\n")
        expect(few, lacks: "class41")
        // The same file in ten findings is left out once.
        #expect(few.hasSuffix("\n10 errors; --fix leaves out 1 file\n"))
        expect(
            CheckText(report, itemLimit: 0).render(),
            contains: "R.\n      40 items; --json or --report lists all\n")
    }
}
