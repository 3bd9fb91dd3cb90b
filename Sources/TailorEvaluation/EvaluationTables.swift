import Foundation
import TailorSupport

/// A row of `predictions.csv`: one classified image.
package struct PredictionRow: Sendable, Hashable {
    /// Path relative to the data folder.
    package let path: String
    /// Index of the true class; `nil` if unknown.
    package let label: Int?
    /// Index of the predicted class.
    package let predicted: Int
    /// Probabilities in class order.
    package let probabilities: [Double]

    package init(path: String, label: Int?, predicted: Int, probabilities: [Double]) {
        self.path = path
        self.label = label
        self.predicted = predicted
        self.probabilities = probabilities
    }
}

/// The CSV files of an evaluation (RFC 4180 quoting, `\n` line ends, UTF-8, a header line, shares with six
/// decimals).
package enum EvaluationTables {
    /// Most classes for which `confusion_matrix.csv` is a square table.
    static let squareTableLimit = 1000

    /// How a table of predictions begins.
    package static let predictionMark = OutputFile.Mark(
        kind: "a table of predictions", text: "path,true,predicted,probability,")

    /// Rows of an evaluation; `paths` in the order of its samples.
    package static func predictionRows(
        _ evaluation: ModelEvaluation, paths: [String]
    ) throws -> [PredictionRow] {
        guard paths.count == evaluation.labels.count else {
            throw EvaluationError.countMismatch(
                what: "paths", expected: evaluation.labels.count, got: paths.count)
        }
        return paths.indices.map { index in
            PredictionRow(
                path: paths[index], label: evaluation.labels[index],
                predicted: evaluation.predictions[index],
                probabilities: Array(evaluation.probabilities[index]))
        }
    }

    /// Writes `path,true,predicted,probability,p_<class>…,correct`; `true` and `correct` are empty if
    /// unknown.
    ///
    /// Throws `EvaluationError` when a row does not fit `classes`, `AtomicFile`'s error when writing fails.
    package static func writePredictions(_ rows: [PredictionRow], classes: [String], to url: URL) throws {
        for (index, row) in rows.enumerated() {
            guard row.probabilities.count == classes.count else {
                throw EvaluationError.countMismatch(
                    what: "probabilities of \(row.path)", expected: classes.count,
                    got: row.probabilities.count)
            }
            for value in [row.predicted, row.label ?? 0] where !classes.indices.contains(value) {
                throw EvaluationError.classOutOfRange(
                    what: "prediction row", index: index, value: value, classCount: classes.count)
            }
        }
        try AtomicFile.write(to: url) { file in
            let header =
                ["path", "true", "predicted", "probability"] + classes.map { "p_" + $0 } + ["correct"]
            var buffer = CSV.line(header) + "\n"
            for row in rows {
                let fields =
                    [
                        row.path, row.label.map { classes[$0] } ?? "", classes[row.predicted],
                        share(row.probabilities[row.predicted]),
                    ] + row.probabilities.map(share) + [row.label.map { "\($0 == row.predicted)" } ?? ""]
                buffer += CSV.line(fields) + "\n"
                if buffer.utf8.count > 1 << 20 {
                    try file.write(contentsOf: Data(buffer.utf8))
                    buffer = ""
                }
            }
            try file.write(contentsOf: Data(buffer.utf8))
        }
    }

    /// Text of `per_class.csv`, a row a class: counts, metrics and intervals; empty where not available.
    package static func perClass(_ evaluation: ModelEvaluation) -> String {
        var lines = [
            "class,support,predicted,correct,precision,precision_low,precision_high,"
                + "recall,recall_low,recall_high,f1,auroc,average_precision"
        ]
        for (index, row) in evaluation.metrics.perClass.enumerated() {
            let intervals = evaluation.intervals.perClass[index]
            let counts = [row.support, row.predicted, row.correct].map(String.init)
            let values = [
                row.precision, intervals.precision?.low, intervals.precision?.high, row.recall,
                intervals.recall?.low, intervals.recall?.high, row.f1, evaluation.aurocPerClass[index],
                evaluation.averagePrecisionPerClass[index],
            ]
            lines.append(CSV.line([row.name] + counts + values.map { $0.map(share) ?? "" }))
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Text of `confusion_matrix.csv`: a row a true class, a column a predicted one; beyond
    /// `squareTableLimit` classes the cells that occur, as `true,predicted,count`.
    package static func confusionMatrix(_ confusion: ConfusionMatrix) -> String {
        let classes = confusion.classes
        var lines: [String]
        if classes.count <= squareTableLimit {
            lines = [CSV.line(["true \\ predicted"] + classes)]
            for (name, row) in zip(classes, confusion.rows) {
                lines.append(CSV.line([name] + row.map(String.init)))
            }
        } else {
            lines = ["true,predicted,count"]
            for cell in confusion.cells {
                lines.append(CSV.line([classes[cell.label], classes[cell.predicted], "\(cell.count)"]))
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Writes `metrics.json`, `per_class.csv`, `confusion_matrix.csv` and `predictions.csv` into `folder`.
    package static func write(
        _ evaluation: ModelEvaluation, paths: [String], testUses: Int,
        leftOut: MetricsReport.LeftOut? = nil, to folder: URL
    ) throws {
        let rows = try predictionRows(evaluation, paths: paths)
        let classes = evaluation.metrics.confusion.classes
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try writePredictions(rows, classes: classes, to: folder.appendingPathComponent("predictions.csv"))
        try AtomicFile.write(
            Data(perClass(evaluation).utf8), to: folder.appendingPathComponent("per_class.csv"))
        try AtomicFile.write(
            Data(confusionMatrix(evaluation.metrics.confusion).utf8),
            to: folder.appendingPathComponent("confusion_matrix.csv"))
        try AtomicFile.write(
            JSONFile.encode(MetricsReport(evaluation, testUses: testUses, leftOut: leftOut)),
            to: folder.appendingPathComponent("metrics.json"))
    }

    private static func share(_ value: Double) -> String { fixedPoint(value, digits: 6) }
}

/// Formats `value` with `digits` decimals and a point, whatever the locale; empty for NaN and infinities.
package func fixedPoint(_ value: Double, digits: Int) -> String {
    guard value.isFinite else { return "" }
    let text = String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), value)
    // "-0.00" is a rounding artefact.
    return text.hasPrefix("-") && !text.contains(where: { "123456789".contains($0) })
        ? String(text.dropFirst()) : text
}
