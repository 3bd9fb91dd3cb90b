import Foundation
import TailorEvaluation
import TailorSupport
import TestSupport
import Testing

@Suite struct TablesTests {
    /// Four samples of three classes, the last of which is only predicted; one name needs quotes.
    private func evaluation() throws -> ModelEvaluation {
        try ModelEvaluation(
            logits: ScoreMatrix(rows: [[2, 0, 0], [0, 2, 0], [0, 0, 2], [0, 3, 0]]), labels: [0, 1, 1, 1],
            classes: ["crack, \"deep\"", "=ok", "dust\nmote"], temperature: 2, resamples: 50, seed: 3)
    }

    @Test func files() throws {
        let folder = try TemporaryFolder()
        let test = folder.url.appendingPathComponent("test")
        try EvaluationTables.write(
            try evaluation(), paths: ["a/1.jpg", "b/2, x.jpg", "b/3.jpg", "b/-4.jpg"], testUses: 2, to: test)
        func text(_ name: String) throws -> String {
            try String(contentsOf: test.appendingPathComponent(name), encoding: .utf8)
        }
        let predictions = try CSV.parse(text("predictions.csv"), isOwn: true)
        #expect(
            predictions[0] == [
                "path", "true", "predicted", "probability", "p_crack, \"deep\"", "p_=ok", "p_dust\nmote",
                "correct",
            ])
        #expect(
            predictions[1] == [
                "a/1.jpg", "crack, \"deep\"", "crack, \"deep\"", "0.576117", "0.576117", "0.211942",
                "0.211942",
                "true",
            ])
        #expect(predictions[3][0...2] == ["b/3.jpg", "=ok", "dust\nmote"])
        #expect(predictions[3].last == "false")
        #expect(predictions.count == 5)

        #expect(
            try text("confusion_matrix.csv") == """
                true \\ predicted,"crack, ""deep""\",'=ok,"dust
                mote"
                "crack, ""deep""\",1,0,0
                '=ok,0,2,1
                "dust
                mote",0,0,0

                """)
        let perClass = try CSV.parse(text("per_class.csv"), isOwn: true)
        #expect(perClass[0].prefix(5) == ["class", "support", "predicted", "correct", "precision"])
        #expect(perClass[2].prefix(5) == ["=ok", "3", "2", "2", "1.000000"])
        #expect(
            perClass[3] == [
                "dust\nmote", "0", "1", "0", "0.000000", "0.000000", "0.793451", "", "", "", "0.000000", "",
                "",
            ])
        #expect(perClass.allSatisfy { $0.count == 13 })
    }

    @Test func metricsDocument() throws {
        let report = MetricsReport(try evaluation(), testUses: 2)
        let data = try JSONFile.encode(report)
        let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "accuracy", "auroc", "average_precision", "balanced_accuracy", "brier", "calibration",
                "intervals",
                "log_loss", "macro_f1", "n", "per_class", "test_uses",
            ])
        #expect(object["n"] as? Int == 4)
        #expect(object["test_uses"] as? Int == 2)
        let classes = try #require(object["per_class"] as? [[String: Any]])
        #expect(classes[2].keys.sorted() == ["f1", "name", "precision", "recall", "support"])
        #expect(classes[2]["recall"] is NSNull)
        let calibration = try #require(object["calibration"] as? [String: Any])
        #expect(calibration["temperature"] as? Double == 2)
        #expect(calibration.keys.sorted() == ["ece", "ece_uncalibrated", "temperature"])
        let intervals = try #require(object["intervals"] as? [String: Any])
        #expect((intervals["accuracy"] as? [String: Double])?.keys.sorted() == ["high", "low"])
        #expect(try JSONFile.decode(MetricsReport.self, from: data) == report)
    }

    @Test func unknownTruthIsEmpty() throws {
        let folder = try TemporaryFolder()
        let url = folder.url.appendingPathComponent("p.csv")
        let row = PredictionRow(path: "x.png", label: nil, predicted: 1, probabilities: [0.25, 0.75])
        try EvaluationTables.writePredictions([row], classes: ["a", "b"], to: url)
        #expect(
            try String(contentsOf: url, encoding: .utf8)
                == "path,true,predicted,probability,p_a,p_b,correct\nx.png,,b,0.750000,0.250000,0.750000,\n")
        let bad = PredictionRow(path: "x.png", label: 2, predicted: 1, probabilities: [0.25, 0.75])
        #expect(throws: EvaluationError.self) {
            try EvaluationTables.writePredictions([bad], classes: ["a", "b"], to: url)
        }
    }
}
