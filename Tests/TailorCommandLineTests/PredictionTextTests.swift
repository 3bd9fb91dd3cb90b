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
    private static var predictions: [Prediction] {
        let certain = Prediction(
            path: "a.png", classes: classes, predicted: 0, probabilities: [0.8125, 0.1875])
        var doubtful = Prediction(
            path: "b \"2\".png", classes: classes, predicted: 1, probabilities: [1 / 3.0, 2 / 3.0])
        doubtful.rejected = "unfamiliar"
        doubtful.distance = 2.0625
        doubtful.place = .init(left: 5, top: 7, width: 30, height: 20)
        return [certain, doubtful, Prediction(path: "c.png", error: "c.png: the file is empty")]
    }

    private func render(_ predictions: [Prediction], _ format: PredictionFormat) throws -> String {
        try PredictionText.render(predictions, classes: Self.classes, format: format)
    }

    @Test func text() throws {
        #expect(
            try render(Self.predictions, .text) == """
                image      class        probability  do not rely on it  where
                a.png      good               0.812                     \("")
                b "2".png  crack, long        0.667  unfamiliar         30x20+5+7
                c.png      unreadable                                   \("")

                """)
        // Columns that would be empty are left out.
        #expect(
            try render([Self.predictions[0]], .text) == """
                image  class  probability
                a.png  good         0.812

                """)
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

    @Test func json() throws {
        let text = try render(Self.predictions, .json)
        #expect(try JSONFile.decode([Prediction].self, from: Data(text.utf8)) == Self.predictions)
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

    /// All are printed, the unreadable ones are named, and the code says that there were some.
    @Test func whatCouldNotBeReadIsNamed() throws {
        let folder = try TemporaryFolder()
        func show(_ predictions: [Prediction], _ format: PredictionFormat) throws -> BuiltProgram.Outcome {
            let file = try folder.write(try JSONFile.encode(predictions), to: "predictions.json")
            return try BuiltProgram.run(
                ["show", file.path, "--format", format.rawValue], program: "TestProgram")
        }
        let read = Prediction(path: "r.png", classes: ["a", "b"], predicted: 0, probabilities: [0.75, 0.25])
        let unread = Prediction(path: "u.png", error: "u.png: \u{1B}[31mthe file is empty")
        let some = try show([read, unread], .csv)
        #expect(some.code == 1 && some.errors == "warning: u.png: \\u{1b}[31mthe file is empty\n")
        #expect(
            some.output == """
                path,predicted,probability,p_a,p_b,rejected,distance,place,error
                r.png,a,0.750000,0.750000,0.250000,,,,
                u.png,,,,,,,,u.png: \u{1B}[31mthe file is empty

                """)
        for format in PredictionFormat.allCases {
            let all = try show([read], format)
            #expect(all.code == 0 && all.errors.isEmpty)
            #expect(
                try all.output == PredictionText.render([read], classes: ["a", "b"], format: format) + "\n")
        }
    }
}
