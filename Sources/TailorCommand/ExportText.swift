import Foundation
import Tailor

/// What `export` says.
enum ExportText {
    /// One attempt at quantizing.
    static func line(_ gate: GateReport) -> String {
        let kept = gate.floatLayers.isEmpty ? "" : ", in floats: " + gate.floatLayers.joined(separator: " ")
        return String(
            format: "  %@  macro-F1 %.3f  same class %.1f %%  logits differ by %.3f on average%@",
            gate.ranges.rawValue.padding(toLength: 10, withPad: " ", startingAt: 0), gate.macroF1After,
            100 * gate.agreement, gate.meanLogitDifference, kept)
    }

    static func describe(_ report: ExportReport) -> String {
        var table = TextTable(columns: [
            .init(""), .init("fp32", .right), .init(report.precision.rawValue, .right),
        ])
        func megabytes(_ bytes: Int) -> String { String(format: "%.1f MB", Double(bytes) / 1e6) }
        func share(_ value: Double) -> String { String(format: "%.3f", value) }
        table.add(["file", megabytes(report.floatBytes), megabytes(report.bytes)])
        table.add([
            "one image, computing", String(format: "%.1f ms", report.floatLatency),
            String(format: "%.1f ms", report.latency),
        ])
        var lines: [String] = []
        if let gate = report.gate {
            table.add(["macro-F1 on val", share(gate.macroF1Before), share(gate.macroF1After)])
            table.add(["accuracy on val", share(gate.accuracyBefore), share(gate.accuracyAfter)])
            table.add(["same class", "", String(format: "%.1f %%", 100 * gate.agreement)])
            table.add(["largest logit difference", "", share(gate.largestLogitDifference)])
            lines.append(
                String(
                    format:
                        "Gate passed on %d validation images: macro-F1 may fall by %.1f points, %.0f %% must "
                        + "keep their class.",
                    gate.images, 100 * gate.limits.maximumDrop, 100 * gate.limits.minimumAgreement))
            if report.precision == .int8 {
                lines.append(
                    "8-bit ranges by \(gate.ranges.rawValue) over \(gate.calibrationImages) training images"
                        + (gate.floatLayers.isEmpty
                            ? "." : "; left in floats: \(gate.floatLayers.joined(separator: ", "))."))
            }
        }
        lines.append(
            String(
                format: "In fp32 the graph's logits are the trained model's within %.1e (%d images).",
                report.differenceFromTraining, report.comparedImages))
        return ([table.render()] + lines + ["Model file: \(report.path)"]).joined(separator: "\n")
    }
}
