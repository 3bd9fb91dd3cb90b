import Foundation
import Tailor

/// The test result in words and a table.
enum EvaluationText {
    static func describe(_ result: TestEvaluation) -> String {
        let evaluation = result.evaluation
        let metrics = evaluation.metrics
        func line(_ name: String, _ value: Double, _ interval: Interval) -> String {
            let padded = name.padding(toLength: 18, withPad: " ", startingAt: 0)
            return String(
                format: "  %@ %.3f   95 %% interval %.3f to %.3f", padded, value, interval.low, interval.high)
        }
        var lines = ["Test result on \(metrics.n) images:"]
        lines.append(line("macro-F1", metrics.macroF1, evaluation.intervals.macroF1))
        lines.append(
            line("balanced accuracy", metrics.balancedAccuracy, evaluation.intervals.balancedAccuracy))
        lines.append(line("accuracy", metrics.accuracy, evaluation.intervals.accuracy))
        lines.append("")
        var table = TextTable(columns: [
            .init("class"), .init("images", .right), .init("recall", .right), .init("95 %", .right),
            .init("precision", .right), .init("F1", .right),
        ])
        for (row, intervals) in zip(metrics.perClass, evaluation.intervals.perClass) {
            func figure(_ value: Double?) -> String { value.map { String(format: "%.3f", $0) } ?? "n/a" }
            let range = intervals.recall.map { String(format: "%.3f–%.3f", $0.low, $0.high) } ?? ""
            table.add([
                row.name, String(row.support), figure(row.recall), range, figure(row.precision),
                figure(row.f1),
            ])
        }
        lines.append(table.render())
        lines.append("")
        lines.append(
            String(
                format: "Calibration error %.3f (%.3f before temperature %.2f).", evaluation.ece,
                evaluation.eceUncalibrated, evaluation.temperature))
        lines.append(
            result.testUses == 1
                ? "This was the first use of the test set with this run."
                : "Use \(result.testUses) of the test set with this run: the more often it is asked, the less it proves."
        )
        return lines.joined(separator: "\n")
    }
}
