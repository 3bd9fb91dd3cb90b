import Foundation
import TailorArguments
import TailorEvaluation
import TailorSupport
import TailorTerminal

/// Labels of images from the names of the folders they lie in, and how many of the answers are the same.
///
/// No test: nobody knows whether training has seen the images, and no use is counted.
package struct FolderLabels {
    /// Most classes whose confusions are shown as a matrix.
    private static let matrixLimit = 12
    /// Most pairs of classes that are listed beyond it.
    private static let pairLimit = 10

    private let classes: [String]
    /// Class of each file; nil where its folder is none.
    private let labels: [Int?]

    /// Throws `UsageError` when no file lies in a folder with the name of a class.
    ///
    /// - Parameter files: paths, in the order of the predictions that are to be compared.
    package init(of files: [String], classes: [String]) throws {
        let index = Dictionary(
            classes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        self.classes = classes
        labels = files.map { index[Self.folder(of: $0)] }
        guard labels.contains(where: { $0 != nil }) else {
            var folders: [String] = []
            for name in files.map(Self.folder) where !folders.contains(name) { folders.append(name) }
            throw UsageError(
                "--labels-from-folders: no image lies in a folder with the name of a class; folders "
                    + "\(folders.listed(limit: 3)), classes \(classes.listed(limit: 10))")
        }
    }

    private static func folder(of path: String) -> String {
        URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().lastPathComponent
    }

    /// Accuracy with its interval, what was taken for what, and what was left out. Throws `EvaluationError`.
    package func comparison(with predictions: [Prediction]) throws -> String {
        let pairs = zip(labels, predictions).compactMap { label, prediction in
            label.flatMap { label in prediction.classification.map { (label, $0.best) } }
        }
        let unlabelled = labels.count { $0 == nil }
        let leftOut = [
            unlabelled > 0 ? "\(Format.count(unlabelled)) in no folder of a class" : nil,
            labels.count - unlabelled > pairs.count
                ? "\(Format.count(labels.count - unlabelled - pairs.count)) unreadable" : nil,
        ].compactMap { $0 }
        var lines: [String] = []
        let right = pairs.count { $0.0 == $0.1 }
        if let interval = try Intervals.wilson(successes: right, total: pairs.count) {
            lines.append(
                "By the names of their folders, \(Format.count(right)) of "
                    + "\(Format.count(pairs.count, "image")) \(right == 1 ? "is" : "are") right: accuracy "
                    + Format.fixed(Double(right) / Double(pairs.count))
                    + " (95 % interval \(Format.fixed(interval))).")
        }
        if !leftOut.isEmpty { lines.append("Left out: \(leftOut.joined(separator: ", ")).") }
        lines.append(
            "This is no test and is not counted: training may have seen these images. tailor evaluate tests.")
        if !pairs.isEmpty { lines += ["", try confusion(pairs)] }
        return lines.joined(separator: "\n")
    }

    private func confusion(_ pairs: [(label: Int, answer: Int)]) throws -> String {
        let matrix = try ConfusionMatrix(
            labels: pairs.map(\.label), predictions: pairs.map(\.answer), classes: classes)
        guard classes.count > Self.matrixLimit else {
            var table = TextTable(
                columns: [.init("folder, taken for")] + classes.map { .init($0.printable, .right) })
            for (name, counts) in zip(classes, matrix.rows) {
                table.add([name] + counts.map { Format.count($0) })
            }
            return String(table.render().dropLast())
        }
        var table = TextTable(columns: [.init("folder"), .init("taken for"), .init("images", .right)])
        for cell in matrix.confusions.prefix(Self.pairLimit) {
            table.add([classes[cell.label], classes[cell.predicted], Format.count(cell.count)])
        }
        let rest = matrix.confusions.count - Self.pairLimit
        let text = String(table.render().dropLast())
        return rest > 0 ? "\(text)\nand \(Format.count(rest, "more pair")) of classes" : text
    }
}
