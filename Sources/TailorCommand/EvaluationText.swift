import Foundation
import Tailor

/// The test result in words and a table.
enum EvaluationText {
    static func describe(_ result: TestEvaluation) -> String {
        let evaluation = result.evaluation
        let metrics = evaluation.metrics
        var lines = ["Test result on \(Format.count(metrics.n, "image")):"]
        if let exported = result.exported {
            lines.append(sideBySide(evaluation, exported))
            lines.append(
                String(
                    format: "Both give the same class to %.1f %% of the images.", 100 * exported.sameClass))
        } else {
            for (name, value, interval) in rows(evaluation) {
                let padded = name.padding(toLength: 18, withPad: " ", startingAt: 0)
                lines.append(
                    String(
                        format: "  %@ %.3f   95 %% interval %.3f to %.3f", padded, value, interval.low,
                        interval.high))
            }
        }
        lines.append(result.exported == nil ? "" : "\nAs trained, class by class:")
        var table = TextTable(columns: [
            .init("class"), .init("images", .right), .init("recall", .right), .init("95 %", .right),
            .init("precision", .right), .init("F1", .right),
        ])
        for (row, intervals) in zip(metrics.perClass, evaluation.intervals.perClass) {
            table.add([
                row.name, String(row.support), Format.fixed(row.recall),
                intervals.recall.map { Format.fixed($0) } ?? "", Format.fixed(row.precision),
                Format.fixed(row.f1),
            ])
        }
        lines.append(table.render())
        lines.append("")
        lines.append(
            String(
                format: "Calibration error %.3f (%.3f before temperature %.2f).", evaluation.ece,
                evaluation.eceUncalibrated, evaluation.temperature))
        lines.append(uses(result))
        return lines.joined(separator: "\n")
    }

    private static func uses(_ result: TestEvaluation) -> String {
        guard result.testUses > 1 else { return "This was the first use of this test set." }
        let others =
            result.usesWithOthers > 0 ? " (\(result.usesWithOthers) before with other models)" : ""
        return
            "This was the \(ordinal(result.testUses)) use of this test set\(others): the more often it is asked, "
            + "the less it proves."
    }

    /// `third`; from ten on in digits: `21st`.
    private static func ordinal(_ number: Int) -> String {
        let words = [
            "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth",
        ]
        guard number > words.count else { return words[max(number - 1, 0)] }
        let isTeen = (11...13).contains(number % 100)
        let ending = isTeen ? "th" : [1: "st", 2: "nd", 3: "rd"][number % 10] ?? "th"
        return "\(number)\(ending)"
    }

    private static func rows(_ evaluation: ModelEvaluation) -> [(String, Double, Interval)] {
        let (metrics, intervals) = (evaluation.metrics, evaluation.intervals)
        return [
            ("macro-F1", metrics.macroF1, intervals.macroF1),
            ("balanced accuracy", metrics.balancedAccuracy, intervals.balancedAccuracy),
            ("accuracy", metrics.accuracy, intervals.accuracy),
        ]
    }

    private static func sideBySide(
        _ trained: ModelEvaluation, _ exported: ExportedEvaluation
    ) -> String {
        var table = TextTable(columns: [
            .init(""), .init("trained", .right), .init("95 %", .right), .init(exported.name, .right),
            .init("95 %", .right),
        ])
        for (one, other) in zip(rows(trained), rows(exported.evaluation)) {
            table.add([
                one.0, Format.fixed(one.1), Format.fixed(one.2), Format.fixed(other.1), Format.fixed(other.2),
            ])
        }
        let errors = [trained, exported.evaluation].map { Format.fixed($0.ece) }
        table.add(["calibration error", errors[0], "", errors[1], ""])
        return table.render()
    }
}

/// Document that `evaluate --json` prints: `metrics.json`, and under `exported` the same of the model file.
struct EvaluationDocument: Encodable {
    private enum CodingKeys: String, CodingKey {
        case exported
        case sameClass = "same_class"
    }

    private let report: MetricsReport
    private let exported: MetricsReport?
    /// Share of the images that both give the same class, 0...1.
    private let sameClass: Double?

    init(_ result: TestEvaluation) {
        let leftOut = result.leftOut.counts
        report = MetricsReport(result.evaluation, testUses: result.testUses, leftOut: leftOut)
        exported = result.exported.map {
            MetricsReport($0.evaluation, testUses: result.testUses, leftOut: leftOut)
        }
        sameClass = result.exported?.sameClass
    }

    func encode(to encoder: any Encoder) throws {
        try report.encode(to: encoder)
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(exported, forKey: .exported)
        try container.encodeIfPresent(sameClass, forKey: .sameClass)
    }
}
