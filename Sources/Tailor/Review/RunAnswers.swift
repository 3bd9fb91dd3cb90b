import Foundation
import TailorAudit
import TailorDatasets
import TailorFineTuning
import TailorSupport

/// What a run's models answered about images that they had not seen: those of `--folds` about all images, else the best
/// model about the validation images, which chose it.
package struct RunAnswers {
    package let answers: [ReviewSuspects.Answer]
    /// Where they come from, for people.
    package let note: String

    /// Joins a run's tables with an audit of its data. Throws ``RunError`` when there are no tables, when they are
    /// damaged, and when an image is missing or has changed since; `FileError`, `CSVError`.
    package init(_ folder: RunFolder, record: RunRecord, audit: DatasetAudit) throws {
        let indices = Dictionary(
            audit.images.enumerated().map { (PathKey($1.path), $0) }, uniquingKeysWith: { first, _ in first })
        let listed = try RunFileList(contentsOf: folder.datasetFiles).rows
        let missing = listed.filter { indices[PathKey($0.path)] == nil }.map(\.path)
        guard missing.isEmpty else {
            throw RunDataMoved(root: audit.report.root, what: "no longer there", paths: missing)
        }
        let changed = listed.filter { row in
            indices[PathKey(row.path)].map { audit.images[$0].measurement.sha256 != row.sha256 } ?? false
        }.map(\.path)
        guard changed.isEmpty else {
            throw RunDataMoved(root: audit.report.root, what: "of another content", paths: changed)
        }
        let hasFolds =
            record.crossValidation != nil
            && FileManager.default.fileExists(atPath: folder.foldPredictions.path)
        let table = hasFolds ? folder.foldPredictions : folder.validationPredictions
        guard FileManager.default.fileExists(atPath: table.path) else {
            throw RunError.notFinished(folder.url.path, status: record.status)
        }
        let columns = record.classes.map { name in audit.classes.firstIndex(of: name) }
        let records = try CSV.records(
            String(decoding: try RegularFile.contents(of: table, maximumBytes: 1 << 30), as: UTF8.self),
            isOwn: true)
        answers = try records.dropFirst().map { row in
            let fields = row.fields
            let values = fields.dropFirst(4).prefix(record.classes.count).compactMap { Double($0) }
            guard fields.count >= 4 + record.classes.count, values.count == record.classes.count,
                let image = indices[PathKey(fields[0])],
                let label = audit.classes.firstIndex(of: fields[1])
            else {
                throw RunError.damagedFileList(
                    table.path, reason: "line \(row.line) is no answer about an image of the run")
            }
            var probabilities = [Double](repeating: 0, count: audit.classes.count)
            for (column, value) in zip(columns, values) {
                if let column { probabilities[column] = value }
            }
            return .init(image: image, label: label, probabilities: probabilities)
        }
        note =
            hasFolds
            ? "Doubtful labels come from \(record.crossValidation?.folds ?? 0) models of the run's folds, each asked "
                + "about images that it was not trained with."
            : "The run has no --folds: its model was asked about the validation images only; for training images, "
                + "which it knows, a classifier of features was."
    }
}

/// The images of a run are not where it found them, or not what they were.
package struct RunDataMoved: CategorizedError {
    let root: String
    let what: String
    let paths: [String]

    package var category: ErrorCategory { .input }

    package var description: String {
        "\(root.printable): \(counted(paths.count, "image")) of the run \(paths.count == 1 ? "is" : "are") "
            + "\(what): \(paths.listed(limit: 3)). Review the data as it is now: tailor review \(root.quotedForShell)"
    }
}
