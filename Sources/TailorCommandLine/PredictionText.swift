import Foundation
import TailorArguments
import TailorEvaluation
import TailorSupport
import TailorTerminal

package enum PredictionFormat: String, ArgumentValue, CaseIterable, Sendable {
    case text, csv, json
    /// An object of the same JSON a line.
    case jsonl
    /// Tasks with predictions, to import into Label Studio.
    case labelstudio
}

/// Predictions in a ``PredictionFormat``, one after the other: a start, an entry for each, an end.
package struct PredictionText: Sendable {
    /// What is known before the first answer.
    package struct Subject: Sendable {
        let files: [String]
        /// The model's, in its order.
        let classes: [String]
        /// Whether the model marks answers that cannot be relied on.
        let marksDoubts: Bool
        /// Whether images are classified in parts.
        let namesPlaces: Bool

        package init(files: [String], classes: [String], marksDoubts: Bool, namesPlaces: Bool) {
            self.files = files
            self.classes = classes
            self.marksDoubts = marksDoubts
            self.namesPlaces = namesPlaces
        }
    }

    let subject: Subject
    let format: PredictionFormat
    let imageURL: String
    /// Folder that Label Studio is to serve: the current one if all images lie below it, else the root; empty in other
    /// formats.
    package let servedRoot: String
    private let top: Int?
    private let lines: TableLines

    /// - Parameters:
    ///   - top: number of classes that a table shows of each image, the most probable first; nil for the
    ///     answer alone.
    ///   - imageURL: what comes before a path to make a URL that Label Studio can open.
    package init(
        _ subject: Subject, format: PredictionFormat, top: Int?, imageURL: String = LabelStudioTask.localFiles
    ) {
        self.subject = subject
        self.imageURL = imageURL
        servedRoot = format == .labelstudio ? Self.servedRoot(subject.files) : ""
        self.format = format
        self.top = top
        func widest(_ texts: [String]) -> Int { texts.map(\.printable.displayWidth).max() ?? 0 }
        var columns: [(TextTable.Column, width: Int)] = [
            (.init("image"), widest(subject.files)),
            (.init("class"), widest(subject.classes + [Self.unreadable])), (.init("probability", .right), 5),
        ]
        if let top {
            let names = subject.classes.map(\.printable.displayWidth).sorted(by: >).prefix(top)
            columns.append(
                (
                    .init("the \(Format.count(top)) most probable"),
                    names.reduce(0, +) + 6 * names.count + 2 * (names.count - 1)
                ))
        }
        if subject.namesPlaces { columns.append((.init("where"), 23)) }
        if subject.marksDoubts { columns.append((.init("doubt"), 0)) }
        lines = TableLines(columns: columns.map(\.0), widths: columns.map(\.width))
    }

    private static let unreadable = "unreadable"

    /// What comes before the first entry.
    package var start: String {
        switch format {
        case .json, .labelstudio: "["
        case .jsonl: ""
        case .csv:
            CSV.line(
                ["path", "predicted", "probability"] + subject.classes.map { "p_" + $0 }
                    + ["rejected", "distance", "place", "error"]) + "\n"
        case .text: lines.title + "\n"
        }
    }

    /// Throws `JSONFileError` for a number that is not finite.
    package func entry(_ prediction: Prediction, isFirst: Bool) throws -> String {
        switch format {
        case .json: return try element(prediction, isFirst: isFirst)
        case .labelstudio: return try element(task(prediction), isFirst: isFirst)
        case .jsonl: return String(decoding: try JSONFile.encode(prediction, inOneLine: true), as: UTF8.self)
        case .csv: return csv(prediction) + "\n"
        case .text: return row(prediction) + "\n"
        }
    }

    /// What comes after the last entry.
    package func end(_ counts: Counts) -> String {
        switch format {
        case .json, .labelstudio: "\n]\n"
        case .csv, .jsonl: ""
        case .text: counts.images > 1 ? "\n" + counts.summary(subject.classes) + "\n" : ""
        }
    }

    /// An element of a list in JSON, as between the lines of its brackets.
    private func element(_ value: some Encodable, isFirst: Bool) throws -> String {
        let text = String(decoding: try JSONFile.encode([value]), as: UTF8.self)
        return (isFirst ? "" : ",") + text.dropFirst().dropLast(3)
    }

    private func csv(_ item: Prediction) -> String {
        let answer = item.classification
        return CSV.line(
            [item.path, answer?.label ?? "", number(answer?.probability, digits: 6)]
                + subject.classes.indices.map { number(answer?.probabilities[$0], digits: 6) }
                + [
                    answer?.rejection?.rawValue ?? "", number(answer?.distance, digits: 3), place(item),
                    item.error ?? "",
                ])
    }

    private func row(_ item: Prediction) -> String {
        let answer = item.classification
        var cells = [
            item.path, answer?.label ?? Self.unreadable, number(answer?.probability, digits: 3),
        ]
        if let top {
            let classes = answer?.top(top) ?? []
            cells.append(
                classes.map { "\($0.label) \(number($0.probability, digits: 3))" }.joined(separator: ", "))
        }
        if subject.namesPlaces { cells.append(place(item)) }
        if subject.marksDoubts { cells.append(answer?.rejection?.rawValue ?? "") }
        let line = lines.line(cells.map(\.printable))
        return String(line.reversed().drop { $0 == " " }.reversed())
    }

    private func place(_ prediction: Prediction) -> String { prediction.place.map(Self.geometry) ?? "" }

    /// Place as ImageMagick writes geometries: width, height, left, top.
    static func geometry(_ place: Prediction.Place) -> String {
        "\(place.width)x\(place.height)+\(place.left)+\(place.top)"
    }

    private func number(_ value: Double?, digits: Int) -> String {
        value.map { String(format: "%.\(digits)f", $0) } ?? ""
    }
}

extension PredictionText {
    /// How many images were given each class, and how many of the answers cannot be relied on.
    package struct Counts: Sendable {
        private(set) var images = 0
        private(set) var unreadable = 0
        private var classes: [Int: Int] = [:]
        private var doubts: [Classification.Rejection: Int] = [:]

        package init() {}

        package mutating func add(_ prediction: Prediction) {
            images += 1
            guard let answer = prediction.classification else {
                unreadable += 1
                return
            }
            classes[answer.best, default: 0] += 1
            if let rejection = answer.rejection { doubts[rejection, default: 0] += 1 }
        }

        func summary(_ names: [String]) -> String {
            let given = classes.keys.filter(names.indices.contains).sorted {
                (classes[$1, default: 0], $0) < (classes[$0, default: 0], $1)
            }.map { "\(Format.count(classes[$0, default: 0])) \(names[$0].printable)" }
            var text = Format.count(images, "image")
            if !given.isEmpty { text += ": \(given.listed(limit: 20))" }
            let marked = [Classification.Rejection.unsure, .unfamiliar].compactMap { reason in
                doubts[reason].map { "\(Format.count($0)) \(reason.rawValue)" }
            }
            if !marked.isEmpty { text += "; not to be relied on: \(marked.joined(separator: ", "))" }
            return unreadable > 0 ? text + "; \(Format.count(unreadable)) unreadable" : text
        }
    }
}
