import Foundation
import TailorDatasets
import TailorSupport
import TestSupport
import Testing

/// Label Studio's JSON, there and back.
@Suite struct LabelStudioTests {
    private let made: MadeDataset
    private let folder: DatasetFolder

    init() throws {
        made = try MadeDataset(
            ["a b,c", "bees"].flatMap { name in (0..<4).map { "train/\(name)/\($0).ppm" } }
                + ["test/bees/9.ppm"])
        folder = try DatasetFolder.scan(made.url)
    }

    private func read(_ json: String) throws -> LabelStudioExport {
        let file = made.url.appending(path: "export.json")
        try Data(json.utf8).write(to: file)
        return try LabelStudioExport(contentsOf: file, of: folder)
    }

    private static func task(_ data: String, _ annotations: String...) -> String {
        "{\"id\": 7, \"data\": \(data), \"annotations\": [\(annotations.joined(separator: ","))]}"
    }

    private static func annotation(_ choice: String, by: String = "1", more: String = "") -> String {
        """
        {"id": 3, "completed_by": \(by), "was_cancelled": false, "updated_at": "2026-01-01T00:00:0\(by.count)Z"\(more),
         "result": [{"from_name": "class", "to_name": "image", "type": "choices", "value": {"choices": ["\(choice)"]}}]}
        """
    }

    private static let verdict = """
        {"completed_by": {"id": 4, "email": "ann@example.org"}, "result": [{"from_name": "decision", "type": "choices",
         "value": {"choices": ["exclude"]}}]}
        """

    @Test func tasksHaveURLsChoicesAndScores() throws {
        let tasks = [
            LabelStudioTask(
                path: "train/a b,c/0.ppm", sha256: "00", label: "a b,c", why: "looks like bees",
                imageURL: "/data/local-files/?d=data/", suggestion: ("bees", 0.75), excludes: false),
            LabelStudioTask(
                path: "train/bees/1#ü.ppm", sha256: "11", label: "bees", why: "a copy", imageURL: "",
                suggestion: nil, excludes: true),
        ]
        let text = String(decoding: try JSONFile.encode(tasks), as: UTF8.self)
        let choice: [String: JSONValue] = [
            "id": .text("suggestion"), "to_name": .text("image"), "type": .text("choices"),
        ]
        func result(_ name: String, _ value: String) -> JSONValue {
            .array([
                .object(
                    choice.merging([
                        "from_name": .text(name), "value": .object(["choices": .array([.text(value)])]),
                    ]) { $1 })
            ])
        }
        func data(_ url: String, _ path: String, _ sha: String, _ label: String, _ why: String) -> JSONValue {
            .object([
                "image": .text(url), "path": .text(path), "sha256": .text(sha), "label": .text(label),
                "why": .text(why),
            ])
        }
        let version = JSONValue.text("tailor \(TailorVersion.current)")
        let expected: [JSONValue] = [
            .object([
                "data": data(
                    "/data/local-files/?d=data/train/a%20b%2Cc/0.ppm", "train/a b,c/0.ppm", "00", "a b,c",
                    "looks like bees"),
                "predictions": .array([
                    .object([
                        "model_version": version, "score": .number(0.75), "result": result("class", "bees"),
                    ])
                ]),
            ]),
            .object([
                "data": data("train/bees/1%23%C3%BC.ppm", "train/bees/1#ü.ppm", "11", "bees", "a copy"),
                "predictions": .array([
                    .object(["model_version": version, "result": result("decision", "exclude")])
                ]),
            ]),
        ]
        #expect(try JSONReader.value(of: text) == .array(expected))
        let interface = LabelStudioTask.reviewInterface(classes: ["<a> & \"b\""])
        #expect(interface.contains("<Choice value=\"&lt;a&gt; &amp; &quot;b&quot;\"/>"))
    }

    @Test func annotationsBecomeDecisions() throws {
        let sha = try ContentHash.sha256(contentsOf: made.url.appending(path: "train/bees/0.ppm"))
        let export = try read(
            """
            [\(Self.task(
                "{\"path\": \"train/bees/0.ppm\", \"sha256\": \"\(sha)\", \"label\": \"bees\", \"image\": \"x\"}",
                Self.annotation("a b,c"))),
             \(Self.task("{\"image\": \"/data/local-files/?d=x/train/a%20b%2Cc/1.ppm\"}", Self.annotation("a b,c"))),
             \(Self.task("{\"image\": \"https://host/data/train/bees/1.ppm\"}", Self.verdict)),
             \(Self.task(
                "{\"path\": \"train/bees/2.ppm\"}", Self.annotation("bees", by: "10"),
                Self.annotation("a b,c", by: "200"))),
             \(Self.task(
                "{\"path\": \"train/bees/3.ppm\"}", Self.annotation("bees"),
                Self.annotation("a b,c", by: "20", more: ", \"ground_truth\": true"))),
             \(Self.task(
                "{\"path\": \"train/a b,c/2.ppm\"}",
                Self.annotation("bees").replacingOccurrences(of: "false", with: "true"),
                "{\"result\": []}"))]
            """)
        func line(_ decision: LabelDecision) -> String {
            "\(decision.path) \(decision.oldLabel) \(decision.verdict) \(decision.newLabel ?? "-") \(decision.reviewer)"
        }
        #expect(
            export.decisions.map(line) == [
                "train/bees/0.ppm bees relabel a b,c 1", "train/a b,c/1.ppm a b,c keep - 1",
                "train/bees/1.ppm bees exclude - ann@example.org", "train/bees/2.ppm bees unsure - 10; 200",
                "train/bees/3.ppm bees relabel a b,c 20",
            ])
        #expect(export.decisions[0].sha256 == sha)
        #expect(
            try export.decisions[1].sha256
                == ContentHash.sha256(contentsOf: made.url.appending(path: "train/a b,c/1.ppm")))
        #expect(export.decisions[3].time == "2026-01-01T00:00:03Z")
        #expect(
            export.notes == [
                "annotators differ about 1 image, which is unsure: train/bees/2.ppm",
                "1 annotation skipped by the annotator", "1 annotation without a choice",
                "1 image not decided",
            ])
    }

    /// Exports with the reason why each is refused.
    private static let bad: [(json: String, reason: String)] = [
        ("{}", "expected a list of tasks"), ("[", "not valid JSON"),
        (
            "[{\"image\": \"x\", \"choice\": \"bees\", \"annotation_id\": 1}]",
            "task number 1: of the format JSON-MIN: export as JSON"
        ),
        ("[{\"id\": 5, \"data\": {\"image\": \"train/bees/0.ppm\"}}]", "task 5: no annotations"),
        ("[\(task("{\"path\": \"no.jpg\"}"))]", "task 7: no.jpg is no training or validation image"),
        ("[\(task("{\"image\": \"h/test/bees/9.ppm\"}"))]", "test/bees/9.ppm is a test image"),
        (
            "[\(task("{\"path\": \"train/bees/0.ppm\"}", annotation("wasp")))]",
            "no class wasp in the training data: expected a b,c, bees"
        ),
        (
            "[\(task("{\"path\": \"train/bees/0.ppm\"}", annotation("bees\", \"a b,c")))]",
            "several choices (bees, a b,c): expected one"
        ),
        ("[1]", "task number 1: expected an object with data and annotations"),
        (
            "[\(task("{\"path\": \"train/bees/1.ppm\", \"sha256\": \"55\"}", annotation("bees")))]",
            "1 task cannot be used:\n  train/bees/1.ppm: changed since the task was made"
        ),
    ]

    @Test func whatIsNoAnnotationIsRefusedByName() {
        for (json, reason) in Self.bad {
            let found = message { _ = try read(json) }
            #expect(found.contains(reason), "\(found)")
        }
    }
}
