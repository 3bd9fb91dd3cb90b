import Foundation
import TailorDatasets
import TailorEvaluation
import TailorSupport

/// What to expect on new images where there is no test set: every image is classified once by a model that was trained
/// like the run's without it. Part of `run.json`.
public struct CrossValidation: Codable, Sendable, Hashable {
    public var folds: Int
    public var images: Int
    /// Of all answers together.
    public var accuracy: Double
    public var macroF1: Double
    /// 95 %, by the bootstrap over images.
    public var macroF1Low: Double
    public var macroF1High: Double
    /// Macro-F1 of each fold by itself.
    public var macroF1OfFolds: [Double]
    public var seconds: Double
}

extension CrossValidation {
    /// Trains once for every fold and classifies what it left out; writes `predictions_folds.csv`, and the result into
    /// `run.json`. What an interruption left is gone on with; the folds' own folders are deleted in the end.
    ///
    /// - Parameters:
    ///   - folds: of the run's data.
    ///   - run: folder of the finished run.
    ///   - train: trains one fold into a folder, going on with what is there.
    ///   - report: called with a line before each fold.
    /// - Returns: the record with the result; as it was when `train` was interrupted.
    public static func run(
        _ folds: [TrainingData.Fold], of run: RunFolder, machine: FineTuner.Machine,
        train: (TrainingData, RunFolder) throws -> RunRecord, report: (String) -> Void
    ) throws -> RunRecord {
        var record = try RunRecord.read(from: run)
        if record.crossValidation?.folds == folds.count { return record }
        var rows: [[Double]] = []
        var labels: [Int] = []
        var paths: [String] = []
        var values: [Double] = []
        var seconds = 0.0
        for (index, fold) in folds.enumerated() {
            let folder = RunFolder(run.folds.appending(path: "fold-\(index + 1)-of-\(folds.count)"))
            report(
                "fold \(index + 1) of \(folds.count): \(counted(fold.held.count, "image")) left out, "
                    + "\(fold.data.train.count) train, \(fold.data.validation.count) validate")
            let trained = try train(fold.data, folder)
            guard trained.status == .finished else { return record }
            let model = try TrainedModel(folder, device: machine.device, workers: machine.workers)
            let scores = try model.runner.caching(in: fold.data.cache).logits(fold.held)
            // Calibrated by each model's own validation images, so that all answers mean the same.
            rows += (0..<scores.count).map { scores[$0].map { $0 / model.temperature } }
            labels += fold.held.map(\.label)
            paths += fold.held.map(\.relativePath)
            values.append(
                try ClassificationMetrics(
                    labels: fold.held.map(\.label), predictions: scores.predictions, classes: record.classes
                ).macroF1)
            seconds += trained.seconds ?? 0
        }
        let whole = try ModelEvaluation(
            logits: ScoreMatrix(rows: rows), labels: labels, classes: record.classes)
        try EvaluationTables.writePredictions(
            EvaluationTables.predictionRows(whole, paths: paths), classes: record.classes,
            to: run.foldPredictions)
        let interval = whole.intervals.macroF1
        record.crossValidation = CrossValidation(
            folds: folds.count, images: labels.count, accuracy: whole.metrics.accuracy,
            macroF1: whole.metrics.macroF1, macroF1Low: interval.low, macroF1High: interval.high,
            macroF1OfFolds: values, seconds: seconds)
        try record.write(to: run)
        // Not before the record has the result.
        try? FileManager.default.removeItem(at: run.folds)
        return record
    }
}
