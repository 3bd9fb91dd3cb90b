import Foundation
import TailorArguments
import TailorEvaluation
import TailorSupport
import TailorTerminal

package enum PredictionFormat: String, ArgumentValue, CaseIterable, Sendable { case text, csv, json }

/// Predictions as text, CSV or JSON.
package enum PredictionText {
    /// Names the images that could not be read, prints all, and throws `ExitCode(.work)` when there were any of these.
    ///
    /// - Parameters:
    ///   - top: number of classes that a table shows of each image, the most probable first; nil for the answer
    ///     alone.
    ///   - comparison: text that belongs below a table; beside CSV and JSON it goes to standard error.
    package static func show(
        _ predictions: [Prediction], classes: [String], format: PredictionFormat, top: Int? = nil,
        comparison: String? = nil
    ) throws {
        let failures = predictions.compactMap(\.error)
        for failure in failures { Console.warning(failure) }
        try Console.result(try render(predictions, classes: classes, format: format, top: top))
        if let comparison {
            if format == .text { try Console.result("\n" + comparison) } else { Console.note(comparison) }
        }
        if !failures.isEmpty { throw ExitCode(.work) }
    }

    /// - Parameter classes: the model's, in its order.
    package static func render(
        _ predictions: [Prediction], classes: [String], format: PredictionFormat, top: Int? = nil
    ) throws -> String {
        switch format {
        case .json: String(decoding: try JSONFile.encode(predictions), as: UTF8.self)
        case .csv: csv(predictions, classes: classes)
        case .text:
            predictions.count > 1
                ? table(predictions, top: top) + "\n" + summary(predictions, classes: classes)
                : table(predictions, top: top)
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

    /// How many images were given each class, and how many of the answers cannot be relied on.
    private static func summary(_ predictions: [Prediction], classes: [String]) -> String {
        let answers = predictions.compactMap(\.classification)
        var counts = [Int](repeating: 0, count: classes.count)
        for answer in answers where counts.indices.contains(answer.best) { counts[answer.best] += 1 }
        let given = counts.indices.filter { counts[$0] > 0 }.sorted {
            (counts[$1], $0) < (counts[$0], $1)
        }.map { "\(Format.count(counts[$0])) \(classes[$0])" }
        var text = Format.count(predictions.count, "image")
        if !given.isEmpty { text += ": \(given.listed(limit: 20))" }
        let doubts = [Classification.Rejection.unsure, .unfamiliar].compactMap { reason in
            let count = answers.count { $0.rejection == reason }
            return count > 0 ? "\(Format.count(count)) \(reason.rawValue)" : nil
        }
        if !doubts.isEmpty { text += "; not to be relied on: \(doubts.joined(separator: ", "))" }
        let unreadable = predictions.count - answers.count
        return unreadable > 0 ? text + "; \(Format.count(unreadable)) unreadable" : text
    }

    private static func table(_ predictions: [Prediction], top: Int?) -> String {
        let hasRejections = predictions.contains { $0.classification?.rejection != nil }
        let hasPlaces = predictions.contains { $0.place != nil }
        var columns: [TextTable.Column] = [.init("image"), .init("class"), .init("probability", .right)]
        if let top { columns.append(.init("the \(Format.count(top)) most probable")) }
        if hasRejections { columns.append(.init("do not rely on it")) }
        if hasPlaces { columns.append(.init("where")) }
        var table = TextTable(columns: columns)
        for item in predictions {
            let answer = item.classification
            var cells = [item.path, answer?.label ?? "unreadable", number(answer?.probability, digits: 3)]
            if let top {
                let classes = answer?.top(top) ?? []
                cells.append(
                    classes.map { "\($0.label) \(number($0.probability, digits: 3))" }.joined(separator: ", ")
                )
            }
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
