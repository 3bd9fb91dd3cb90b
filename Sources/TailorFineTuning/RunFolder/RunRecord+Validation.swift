import Foundation
import TailorEvaluation
import TailorSupport

extension RunRecord {
    /// The best model's figures on validation images, from `predictions_val.csv`; `nil` before it is written.
    package func validationEvaluation(_ folder: RunFolder) throws -> ModelEvaluation? {
        guard FileManager.default.fileExists(atPath: folder.validationPredictions.path) else { return nil }
        let rows = try CSV.parse(String(contentsOf: folder.validationPredictions, encoding: .utf8))
            .dropFirst()
        let index = Dictionary(
            classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        var labels: [Int] = []
        var logits: [[Double]] = []
        for row in rows where row.count >= 4 + classes.count {
            guard let label = index[row[1]] else { continue }
            labels.append(label)
            // Calibrated probabilities already: their logarithms are logits of temperature 1.
            logits.append(row[4..<4 + classes.count].map { log(max(Double($0) ?? 0, 1e-12)) })
        }
        guard !labels.isEmpty else { return nil }
        return try ModelEvaluation(logits: ScoreMatrix(rows: logits), labels: labels, classes: classes)
    }
}
