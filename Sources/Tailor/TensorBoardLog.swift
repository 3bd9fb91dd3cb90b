import Foundation
import TailorEvaluation
import TailorFineTuning
import TailorImages
import TailorReports
import TailorResNet
import TailorSupport

/// Event files of a run, in `tensorboard/` of its folder: the linear probe and every full run as curves while they
/// go on, and a result with hyperparameters, confusion matrix, precision and recall, and examples.
///
/// A file that cannot be written ends the log, with a word, and not the run.
public final class TensorBoardLog {
    private let folder: URL
    private let warn: (String) -> Void
    private var files: [String: EventFile] = [:]
    private var hasFailed = false

    /// - Parameter warn: told once when a file cannot be written.
    public init(_ folder: RunFolder, warn: @escaping (String) -> Void) {
        self.folder = folder.tensorboard
        self.warn = warn
    }

    /// Logs an epoch that ended; other events say nothing to TensorBoard.
    public func handle(_ event: TrainingEvent) {
        guard case .epochFinished(let row) = event else { return }
        let name = row.seed.map { "seed-\($0)" } ?? row.phase
        // A run that went on from a checkpoint repeats epochs: what an earlier file says of them is void.
        let file = files[name] ?? EventFile(folder: folder.appending(path: name), firstStep: row.step)
        files[name] = file
        attempt { try file.add(Self.values(row), step: row.step) }
    }

    private static func values(_ row: EpochRecord) -> [EventValue] {
        let scalars = [
            ("train/loss", row.trainLoss), ("validation/loss", row.validationLoss),
            ("validation/accuracy", row.validationAccuracy), ("validation/macro_f1", row.validationMacroF1),
            ("speed/images_per_second", row.imagesPerSecond), ("speed/epoch_seconds", row.seconds),
            ("progress/epoch", Double(row.epoch)),
        ]
        let rates =
            row.epoch == 0
            ? []
            : ResNet18.Stage.allCases.map {
                ("learning_rate/\($0.rawValue)", row.learningRates[$0])
            }
        return (scalars + rates).filter { $0.1.isFinite }.map { .scalar($0.0, $0.1) }
    }

    /// Logs the result of a run that is finished.
    public func finish(_ run: RunFolder) {
        attempt {
            let record = try RunRecord.read(from: run)
            guard let best = record.best else { return }
            let file = EventFile(folder: folder.appending(path: "result"))
            let scores = [
                ("best/macro_f1", best.validationMacroF1), ("best/accuracy", best.validationAccuracy),
                ("best/loss", best.validationLoss),
            ]
            var values = scores.map { EventValue.scalar($0.0, $0.1) }
            values += EventValue.hyperparameters(
                Self.hyperparameters(record), metrics: scores.map(\.0), started: record.startedAt,
                ended: record.finishedAt ?? record.startedAt)
            if let evaluation = try record.validationEvaluation(run) {
                values += try Self.pictures(of: evaluation, classes: record.classes)
                values += Self.examples(run, record, evaluation)
            }
            try file.add(values, step: best.epoch)
        }
    }

    private static func hyperparameters(
        _ record: RunRecord
    ) -> [(name: String, value: EventValue.Hyperparameter)] {
        let recipe = record.plan ?? record.recipe
        return [
            ("recipe", .text(recipe.name)), ("seed", .number(Double(record.seed))),
            ("epochs", .number(Double(recipe.epochs))), ("batch_size", .number(Double(recipe.batchSize))),
            ("optimizer", .text(recipe.optimizer.kind.rawValue)),
            ("lr_head", .number(recipe.learningRates.head)), ("lr_stem", .number(recipe.learningRates.stem)),
            ("weight_decay", .number(recipe.optimizer.weightDecay)),
            ("label_smoothing", .number(recipe.labelSmoothing)),
            ("image_size", .number(Double(record.preprocessing.imageSize))),
            ("trained_from", .text(recipe.phases.map(\.trainableFrom.rawValue).joined(separator: ", "))),
            ("batch_norm", .text((record.batchNorm ?? recipe.batchNorm).rawValue)),
            ("precision", .text(record.precision.rawValue)),
            ("weights", .text(record.weights?.name ?? "none")),
        ]
    }

    private static func pictures(of evaluation: ModelEvaluation, classes: [String]) throws -> [EventValue] {
        let shown = min(classes.count, ConfusionPicture.classLimit)
        let names = classes.enumerated().map { "| \($0) | \(markdown($1)) |" }.joined(separator: "\n")
        var values = [
            EventValue.text(
                "confusion_matrix/classes",
                "Rows are the true classes, columns the answers, on validation images.\n\n| number | class |\n|---|---|\n"
                    + names)
        ]
        if shown == classes.count {
            let matrix = try ConfusionPicture.draw(evaluation.metrics.confusion.rows)
            values.append(
                .image(
                    "confusion_matrix", encoded: try matrix.pngData(), width: matrix.width,
                    height: matrix.height))
        }
        for (index, name) in classes.prefix(shown).enumerated() {
            values.append(
                EventValue.precisionRecall(
                    "precision_recall/\(tag(name))",
                    probabilities: evaluation.labels.indices.map { evaluation.probabilities[$0, index] },
                    isPositive: evaluation.labels.map { $0 == index }))
        }
        return values
    }

    private static func examples(
        _ run: RunFolder, _ record: RunRecord, _ evaluation: ModelEvaluation
    ) -> [EventValue] {
        RunReport.exampleGroups(run, record, test: nil, validation: evaluation).flatMap { group in
            group.examples.enumerated().compactMap { index, example in
                guard let picture = example.thumbnail,
                    let facts = try? ImageDecoder().probe(picture, name: example.path)
                else { return nil }
                let answer =
                    example.label == example.predicted
                    ? tag(example.label) : "\(tag(example.label)) taken for \(tag(example.predicted))"
                return .image(
                    "\(tag(group.title))/\(index + 1): \(answer)",
                    encoded: picture, width: facts.width, height: facts.height)
            }
        }
    }

    /// A slash would begin a group of its own.
    private static func tag(_ name: String) -> String {
        name.printable.replacing("/", with: "∕")
    }

    private static func markdown(_ name: String) -> String {
        name.printable.replacing("|", with: "\\|")
    }

    private func attempt(_ work: () throws -> Void) {
        guard !hasFailed else { return }
        do {
            try work()
        } catch {
            hasFailed = true
            warn("no more events for TensorBoard: \(error)")
        }
    }
}
