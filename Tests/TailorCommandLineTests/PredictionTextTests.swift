import Foundation
import TailorCommandLine
import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

/// What `predict` prints, in every format.
@Suite struct PredictionTextTests {
    private static let classes = ["good", "crack, long"]

    /// One that stands, one that does not and names a place, one that could not be read.
    private static let predictions = [
        Prediction(
            path: "a.png",
            .classified(
                Classification(classes: classes, probabilities: [0.8125, 0.1875], logits: [2, 0], best: 0))),
        Prediction(
            path: "b \"2\".png",
            .classified(
                Classification(
                    classes: classes, probabilities: [1 / 3.0, 2 / 3.0], logits: [0, 1], best: 1,
                    rejection: .unfamiliar, distance: 2.0625)),
            place: .init(left: 5, top: 7, width: 30, height: 20)),
        Prediction(path: "c.png", .unreadable("c.png: the file is empty")),
    ]

    private func render(
        _ predictions: [Prediction], _ format: PredictionFormat, top: Int? = nil, marksDoubts: Bool = true
    ) throws -> String {
        let subject = PredictionText.Subject(
            files: predictions.map(\.path), classes: Self.classes, marksDoubts: marksDoubts,
            namesPlaces: predictions.contains { $0.place != nil })
        let text = PredictionText(subject, format: format, top: top)
        var counts = PredictionText.Counts()
        var entries = ""
        for (index, prediction) in predictions.enumerated() {
            entries += try text.entry(prediction, isFirst: index == 0)
            counts.add(prediction)
        }
        return text.start + entries + text.end(counts)
    }

    @Test func text() throws {
        #expect(
            try render(Self.predictions, .text) == """
                image      class        probability  where                    doubt
                a.png      good               0.812
                b "2".png  crack, long        0.667  30x20+5+7                unfamiliar
                c.png      unreadable

                3 images: 1 good, 1 crack, long; not to be relied on: 1 unfamiliar; 1 unreadable

                """)
        // Columns that would be empty are left out.
        #expect(
            try render([Self.predictions[0]], .text, marksDoubts: false) == """
                image  class        probability
                a.png  good               0.812

                """)
    }

    @Test func theMostProbableClasses() throws {
        let text = try render(Array(Self.predictions.prefix(2)), .text, top: 2)
        #expect(
            text.split(separator: "\n").prefix(3) == [
                "image      class        probability  the 2 most probable            where                    doubt",
                "a.png      good               0.812  good 0.812, crack, long 0.188",
                "b \"2\".png  crack, long        0.667  crack, long 0.667, good 0.333  30x20+5+7                unfamiliar",
            ])
    }

    /// Names come from anybody, and could steer the terminal or break the line.
    @Test func textIsEscaped() throws {
        let text = try render([Prediction(path: "\u{1B}[2Ja\nb.png", .unreadable("bad"))], .text)
        #expect(text.hasSuffix("\n\\u{1b}[2Ja\\nb.png  unreadable\n") && !text.contains("\u{1B}"), "\(text)")
    }

    @Test func csv() throws {
        let text = try render(Self.predictions, .csv)
        #expect(
            text == """
                path,predicted,probability,p_good,"p_crack, long",rejected,distance,place,error
                a.png,good,0.812500,0.812500,0.187500,,,,
                "b ""2"".png","crack, long",0.666667,0.333333,0.666667,unfamiliar,2.062,30x20+5+7,
                c.png,,,,,,,,c.png: the file is empty

                """)
        #expect(try CSV.parse(text).map(\.count) == [9, 9, 9, 9])
    }

    /// Whatever a file is called, its row is read back.
    @Test func csvIsReadBack() throws {
        let names = [
            "a,b;c.png", "\"q\".png", "new\nline.png", "cr\r.png", "crlf\r\n.png", "=1+1.png", " lead",
            "trail ", "",
            "e\u{301}.png", "\u{e9}.png", "'x.png", "tab\t.png", "#x", "\u{FEFF}bom.png",
        ]
        let text = try render(names.map { Prediction(path: $0, .unreadable($0)) }, .csv)
        let rows = try CSV.parse(text, isOwn: true).dropFirst()
        #expect(rows.map { Array($0[0].utf8) } == names.map { Array($0.utf8) })
        #expect(rows.map { Array(($0.last ?? "").utf8) } == names.map { Array($0.utf8) })
    }

    @Test func json() throws {
        let text = try render(Self.predictions, .json)
        #expect(
            try render([Self.predictions[0], Self.predictions[2]], .json) == """
                [
                  {
                    "path" : "a.png",
                    "predicted" : "good",
                    "probabilities" : {
                      "crack, long" : 0.1875,
                      "good" : 0.8125
                    },
                    "probability" : 0.8125
                  },
                  {
                    "error" : "c.png: the file is empty",
                    "path" : "c.png"
                  }
                ]

                """)
        let object = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        #expect(
            object[1].keys.sorted() == [
                "distance", "path", "place", "predicted", "probabilities", "probability", "rejected",
            ])
        #expect(object[1]["place"] as? [String: Int] == ["left": 5, "top": 7, "width": 30, "height": 20])
        #expect(
            object[1]["rejected"] as? String == "unfamiliar" && object[1]["distance"] as? Double == 2.0625)
    }

    @Test func jsonLines() throws {
        let lines = try render(Self.predictions, .jsonl).split(
            separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.count == 4 && lines[3].isEmpty)
        #expect(
            lines[0]
                == #"{"path":"a.png","predicted":"good","probabilities":{"crack, long":0.1875,"good":0.8125},"probability":0.8125}"#
        )
        let list = try JSONReader.value(of: render(Self.predictions, .json))
        #expect(try .array(lines.prefix(3).map { try JSONReader.value(of: String($0)) }) == list)
    }

    @Test func labelStudioTasks() throws {
        let text = try render(Self.predictions, .labelstudio)
        let tasks = try #require(
            JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
        let data = tasks.map { $0["data"] as? [String: String] ?? [:] }
        let predictions = tasks.map { $0["predictions"] as? [[String: Any]] ?? [[:]] }
        #expect(
            data.map { $0["image"] } == [
                "/data/local-files/?d=a.png", "/data/local-files/?d=b%20%222%22.png",
                "/data/local-files/?d=c.png",
            ])
        #expect(data.map { $0["path"] } == Self.predictions.map(\.path))
        #expect(data.map { $0["rejected"] } == ["", "unfamiliar", ""])
        #expect(data[1]["place"] == "30x20+5+7" && data[2]["error"] == "c.png: the file is empty")
        #expect(predictions.map { $0.compactMap { $0["score"] as? Double } } == [[0.8125], [2 / 3.0], []])
        let answer = try #require(predictions[1].first)
        #expect(answer["model_version"] as? String == "tailor \(TailorVersion.current)")
        let result = try #require((answer["result"] as? [[String: Any]])?.first)
        #expect(result["value"] as? [String: [String]] == ["choices": ["crack, long"]])
        #expect(
            ["from_name", "to_name", "type"].map { result[$0] as? String } == ["class", "image", "choices"])
    }

    /// One folder serves all images: the current one where they lie below it.
    @Test func labelStudioPaths() throws {
        let current = FileManager.default.currentDirectoryPath
        func urls(_ files: [String]) throws -> [String] {
            let subject = PredictionText.Subject(
                files: files, classes: Self.classes, marksDoubts: false, namesPlaces: false)
            let text = PredictionText(subject, format: .labelstudio, top: nil, imageURL: "https://host/")
            return try [text.servedRoot]
                + files.map { path in
                    let entry = try text.entry(Prediction(path: path, .unreadable("")), isFirst: true)
                    let start = try #require(entry.firstRange(of: "\"image\" : \"https://host/"))
                    return String(entry[start.upperBound...].prefix { $0 != "\"" })
                }
        }
        #expect(try urls(["./x/a b.png", "y/../a.png"]) == [current, "x/a%20b.png", "a.png"])
        let below = String(current.dropFirst())
        #expect(
            try urls(["a.png", "/tmp/é.png", current + "/b.png"])
                == ["/", below + "/a.png", "tmp/%C3%A9.png", below + "/b.png"])
        let above = URL(fileURLWithPath: current).deletingLastPathComponent().path.dropFirst()
        #expect(try urls(["../a.png"]) == ["/", (above.isEmpty ? "" : above + "/") + "a.png"])
    }

    @Test func labelStudioInterface() throws {
        let subject = PredictionText.Subject(
            files: [], classes: Self.classes + ["a\nb <c>"], marksDoubts: false, namesPlaces: true)
        let interface = try #require(PredictionText(subject, format: .labelstudio, top: nil).interface)
        #expect(interface.contains("<Choice value=\"crack, long\"/>"))
        #expect(interface.contains("<Choice value=\"a&#10;b &lt;c&gt;\"/>"))
        #expect(interface.contains("<Text name=\"place\" value=\"$place\"/>"))
        #expect(PredictionText(subject, format: .json, top: nil).interface == nil)
    }

    /// What comes after an answer cannot take it away.
    @Test(arguments: [
        ("text", "image  class       probability\nr.png  a                 0.750\n"),
        (
            "csv",
            "path,predicted,probability,p_a,p_b,rejected,distance,place,error\nr.png,a,0.750000,0.750000,0.250000,,,,\n"
        ),
    ])
    func anAnswerIsThereOnceItIsMade(_ format: String, _ expected: String) throws {
        let outcome = try BuiltProgram.run(
            ["show", "--format", format, "--unreadable", "--stop"], program: "TestProgram")
        #expect(outcome.code == 2 && outcome.output == expected, "\(outcome)")
    }

    /// All are printed, the unreadable ones are named, and the code says that there were some.
    @Test func whatCouldNotBeReadIsNamed() throws {
        func show(_ arguments: String...) throws -> BuiltProgram.Outcome {
            try BuiltProgram.run(["show"] + arguments, program: "TestProgram")
        }
        let some = try show("--format", "csv", "--unreadable")
        #expect(some.code == 1 && some.errors == "warning: u.png: \\u{1b}[31mthe file is empty\n")
        #expect(
            some.output == """
                path,predicted,probability,p_a,p_b,rejected,distance,place,error
                r.png,a,0.750000,0.750000,0.250000,,,,
                u.png,,,,,,,,u.png: \u{1B}[31mthe file is empty

                """)
        // Started once, whatever the order in which they were made.
        for (format, start) in [("text", "image  class"), ("csv", "path,predicted"), ("json", "[\n  {")] {
            let all = try show("--format", format)
            #expect(all.code == 0 && all.errors.isEmpty && all.output.hasPrefix(start), "\(all)")
        }
    }
}
