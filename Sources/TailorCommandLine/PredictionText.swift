import ArgumentParser
import Foundation
import TailorEvaluation
import TailorReporting
import TailorSupport

package enum PredictionFormat: String, ExpressibleByArgument, CaseIterable, Sendable { case text, csv, json }

/// Predictions as text, CSV or JSON.
package enum PredictionText {
    package static func render(_ predictions: [Prediction], classes: [String], format: PredictionFormat)
        throws
        -> String
    {
        switch format {
        case .json:
            return String(decoding: try JSONFile.encode(predictions), as: UTF8.self)
        case .csv:
            let header = CSV.line(
                ["path", "predicted", "probability"] + classes.map { "p_" + $0 } + ["error"])
            let rows = predictions.map { item in
                let shares = classes.map { name in
                    item.probabilities?[name].map { String(format: "%.6f", $0) } ?? ""
                }
                return CSV.line(
                    [
                        item.path, item.predicted ?? "",
                        item.probability.map { String(format: "%.6f", $0) } ?? "",
                    ]
                        + shares + [item.error ?? ""])
            }
            return ([header] + rows).joined(separator: "\n")
        case .text:
            var table = TextTable(columns: [.init("image"), .init("class"), .init("probability", .right)])
            for item in predictions {
                table.add([
                    item.path, item.predicted ?? "unreadable",
                    item.probability.map { String(format: "%.3f", $0) } ?? "",
                ])
            }
            return table.render()
        }
    }
}
