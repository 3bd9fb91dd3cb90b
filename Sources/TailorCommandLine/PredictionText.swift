import Foundation
import TailorArguments
import TailorEvaluation
import TailorSupport
import TailorTerminal

package enum PredictionFormat: String, ArgumentValue, CaseIterable, Sendable { case text, csv, json }

/// Predictions as text, CSV or JSON.
package enum PredictionText {
    /// Names the images that could not be read, prints all, and throws `ExitCode(.work)` when there were any of these.
    package static func show(_ predictions: [Prediction], classes: [String], format: PredictionFormat) throws
    {
        let failures = predictions.compactMap(\.error)
        for failure in failures { Console.warning(failure) }
        try Console.result(try render(predictions, classes: classes, format: format))
        if !failures.isEmpty { throw ExitCode(.work) }
    }

    /// - Parameter classes: the model's, in its order.
    package static func render(_ predictions: [Prediction], classes: [String], format: PredictionFormat)
        throws -> String
    {
        switch format {
        case .json: String(decoding: try JSONFile.encode(predictions), as: UTF8.self)
        case .csv: csv(predictions, classes: classes)
        case .text: table(predictions)
        }
    }

    private static func csv(_ predictions: [Prediction], classes: [String]) -> String {
        let header = CSV.line(
            ["path", "predicted", "probability"] + classes.map { "p_" + $0 }
                + ["rejected", "distance", "place", "error"])
        let rows = predictions.map { item in
            let answer = item.classification
            return CSV.line(
                [item.path, answer?.label ?? "", number(answer?.probability, digits: 6)]
                    + classes.indices.map { number(answer?.probabilities[$0], digits: 6) }
                    + [
                        answer?.rejection?.rawValue ?? "", number(answer?.distance, digits: 3), place(item),
                        item.error ?? "",
                    ])
        }
        return ([header] + rows).joined(separator: "\n")
    }

    private static func table(_ predictions: [Prediction]) -> String {
        let hasRejections = predictions.contains { $0.classification?.rejection != nil }
        let hasPlaces = predictions.contains { $0.place != nil }
        var columns: [TextTable.Column] = [.init("image"), .init("class"), .init("probability", .right)]
        if hasRejections { columns.append(.init("do not rely on it")) }
        if hasPlaces { columns.append(.init("where")) }
        var table = TextTable(columns: columns)
        for item in predictions {
            let answer = item.classification
            var cells = [item.path, answer?.label ?? "unreadable", number(answer?.probability, digits: 3)]
            if hasRejections { cells.append(answer?.rejection?.rawValue ?? "") }
            if hasPlaces { cells.append(place(item)) }
            table.add(cells)
        }
        return table.render()
    }

    /// Place as ImageMagick writes geometries: width, height, left, top.
    private static func place(_ prediction: Prediction) -> String {
        prediction.place.map { "\($0.width)x\($0.height)+\($0.left)+\($0.top)" } ?? ""
    }

    private static func number(_ value: Double?, digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? ""
    }
}
