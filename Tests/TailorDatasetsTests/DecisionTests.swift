import Foundation
import TailorDatasets
import TailorSupport
import TestSupport
import Testing

/// `decisions.csv`: as the review page exports it, as spreadsheets save it, and what it does to a dataset.
@Suite struct DecisionTests {
    private let made: MadeDataset

    init() throws {
        made = try MadeDataset(
            ["ants", "bees"].flatMap { name in
                (0..<4).map { "train/\(name)/\($0).ppm" } + (0..<2).map { "val/\(name)/\($0).ppm" }
            } + ["test/ants/0.ppm"])
    }

    private func sha(_ path: String) throws -> String {
        try ContentHash.sha256(contentsOf: made.url.appending(path: path))
    }

    private func decision(
        _ path: String, _ verdict: LabelDecision.Verdict, to name: String? = nil, old: String? = nil,
        sha256: String? = nil
    ) throws -> LabelDecision {
        LabelDecision(
            path: path, sha256: try sha256 ?? sha(path),
            oldLabel: old ?? String(path.split(separator: "/")[1]),
            verdict: verdict, newLabel: name, reviewer: "me", time: "2026-01-02T03:04:05.678Z")
    }

    private func read(_ text: String) throws -> [LabelDecision] {
        let file = made.url.appending(path: "decisions.csv")
        try Data(text.utf8).write(to: file)
        return try DecisionList(contentsOf: file).decisions
    }

    /// Whatever a file can be called comes back as it was.
    @Test func namesSurvive() throws {
        let names = [
            "a,b", "a\"b\"", "a\nb", "a\r\nb", "=1+2", "+1", "-1", "@x", "'=x", "''@x", "'x", "\tx", "\rx",
            " x ",
            "</script>", "\u{202E}gpj", "e\u{301}", "\u{E9}", "\u{2028}", "ü;ö",
        ]
        let decisions = names.map {
            LabelDecision(
                path: $0, sha256: String(repeating: "a", count: 64), oldLabel: $0, verdict: .relabel,
                newLabel: $0 + "!", reviewer: $0, time: "t")
        }
        let back = try read(try DecisionList(decisions).csv)
        #expect(back.count == decisions.count)
        for (found, expected) in zip(back, decisions) {
            #expect(PathKey(found.path) == PathKey(expected.path))
            #expect(found.newLabel.map(PathKey.init) == expected.newLabel.map(PathKey.init))
        }
    }

    /// By another program: other order, semicolons, without the last columns. Apostrophes are a part of names then.
    @Test func otherPrograms() throws {
        let sha = String(repeating: "B", count: 64)
        let back = try read("Decision;path;old_label;new_label;sha256\r\nRelabel;'=x;ants;bees;\(sha)\r\n")
        #expect(
            back == [
                LabelDecision(
                    path: "'=x", sha256: sha.lowercased(), oldLabel: "ants", verdict: .relabel,
                    newLabel: "bees")
            ])
    }

    private static let header = DecisionList.columns.joined(separator: ",") + "\n"
    private static let zeros = String(repeating: "0", count: 64)

    /// Tables with the reason why each is refused.
    private static let bad: [(text: String, reason: String)] = [
        ("path,label\n", "no column sha256, old_label, decision: expected path,sha256,"),
        ("\(header)a,\(zeros),x,keep\n", "line 2: expected 7 fields as on the first line, got 4"),
        ("\(header),\(zeros),x,keep,,,\n", "line 2: the path is empty"),
        (
            "\(header)a,\(zeros),x,drop,,,\n",
            "expected a decision (keep, relabel, exclude, unsure), got \"drop\""
        ),
        ("\(header)a,123,x,keep,,,\n", "expected a SHA-256 of 64 hexadecimal digits, got \"123\""),
        ("\(header)a,\(zeros),x,relabel,,,\n", "a: relabel without a new_label"),
        ("\(header)a,\(zeros),x,relabel,x,,\n", "a: relabel to x, which it is already: write keep"),
        ("\(header)a,\(zeros),x,exclude,y,,\n", "a: exclude with the new_label y: write relabel"),
        (
            "\(header)a,\(zeros),x,keep,,,\n\na,\(zeros),x,relabel,y,,\n",
            "two decisions about a (lines 2 and 4): keep and relabel to y; keep one of them"
        ),
        (
            "\(header)\"a,\(zeros)\n",
            "decisions.csv: CSV line 2: a quoted field opens here and is never closed"
        ),
    ]

    @Test func refusedTables() {
        for (text, reason) in Self.bad {
            let found = message { _ = try read(text) }
            #expect(found.contains(reason), "\(found)")
        }
    }

    @Test func theSameDecisionTwiceIsOne() throws {
        let row = "a,\(Self.zeros),x,keep,,"
        let back = try read(Self.header + "\(row)me,1\n\(row)you,2\n")
        #expect(back.map(\.reviewer) == ["you"])
    }

    @Test func labelsChangeAndFilesDoNot() throws {
        let list = try DecisionList([
            decision("train/bees/1.ppm", .relabel, to: "ants"), decision("train/ants/0.ppm", .exclude),
            decision("val/ants/1.ppm", .relabel, to: "bees"), decision("train/ants/2.ppm", .keep),
            decision("./train/ants/3.ppm", .unsure, old: "ants", sha256: sha("train/ants/3.ppm")),
            decision("test/ants/0.ppm", .keep),
        ])
        let (folder, applied) = try DatasetFolder.scan(made.url).applying(list)
        #expect(
            folder.train.lines == [
                "train/ants/1.ppm 0", "train/ants/2.ppm 0", "train/ants/3.ppm 0", "train/bees/1.ppm 0",
                "train/bees/0.ppm 1", "train/bees/2.ppm 1", "train/bees/3.ppm 1",
            ])
        #expect(
            folder.validation?.lines == [
                "val/ants/0.ppm 0", "val/ants/1.ppm 1", "val/bees/0.ppm 1", "val/bees/1.ppm 1",
            ])
        #expect(applied.summary == "2 images relabelled, 1 left out, 1 kept, 1 unsure")
        #expect(applied.decisions.map(\.path).contains("train/ants/3.ppm"))
        #expect(folder.notes.contains { $0.contains("1 decision about test images, which stay as they are") })
    }

    @Test func whatDoesNotFitIsRefusedByName() throws {
        let scanned = try DatasetFolder.scan(made.url)
        func refusal(_ decisions: [LabelDecision]) -> String {
            message { _ = try scanned.applying(DecisionList(decisions)) }
        }
        #expect(
            try refusal([decision("train/ants/0.ppm", .keep, sha256: Self.zeros)]).contains(
                "train/ants/0.ppm: changed since it was looked at: SHA-256 00000000… then"))
        #expect(
            try refusal([decision("train/ants/0.ppm", .keep, old: "bees")]).contains(
                "train/ants/0.ppm: labelled ants, but bees when it was looked at"))
        #expect(
            try refusal([decision("train/ants/0.ppm", .relabel, to: "wasps")]).contains(
                "train/ants/0.ppm: no class wasps in the training data: expected ants, bees"))
        #expect(
            try refusal([decision("train/ants/9.ppm", .keep, sha256: Self.zeros)]).contains(
                "train/ants/9.ppm: no such training or validation image"))
        #expect(
            try refusal([decision("train/ants/0.ppm", .keep, sha256: "")]).contains(
                "train/ants/0.ppm: without the SHA-256 of the file that was looked at"))
        #expect(
            try refusal([
                decision("train/ants/0.ppm", .keep),
                decision("./train/ants/0.ppm", .exclude, old: "ants", sha256: sha("train/ants/0.ppm")),
            ]).contains("the same image as train/ants/0.ppm, decided twice"))
        for verdict in [LabelDecision.Verdict.relabel, .exclude] {
            let name = verdict == .relabel ? "bees" : nil
            #expect(
                try refusal([decision("test/ants/0.ppm", verdict, to: name)]).contains(
                    "test/ants/0.ppm: a test image"))
        }
        let all = try (0..<4).map { try decision("train/ants/\($0).ppm", .exclude) }
        #expect(refusal(all) == "the decisions leave no training image of 1 class: ants")
        #expect(
            try refusal(
                ["ants", "bees"].flatMap { name in
                    try (0..<2).map { try decision("val/\(name)/\($0).ppm", .exclude) }
                }) == "the decisions leave no validation image")
    }

    /// Nothing is known of a link to nothing but its name.
    @Test func unreadableFilesMayBeExcluded() throws {
        try made.link("train/ants/gone.jpg", to: "nothing")
        let folder = try DatasetFolder.scan(made.url)
        #expect(folder.problems.map(\.path) == ["train/ants/gone.jpg"])
        let gone = LabelDecision(path: "train/ants/gone.jpg", sha256: "", oldLabel: "", verdict: .exclude)
        let (decided, applied) = try folder.applying(DecisionList([gone]))
        #expect(decided.problems.isEmpty && applied.excluded == 1)
    }
}
