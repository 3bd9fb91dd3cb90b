import Foundation
import TailorCheckpoints
import TailorEvaluation
import TailorSupport
import TailorTensors

extension FineTuner {
    /// Last weights, the best model's validation predictions and its temperature; then the record.
    func finish() throws -> RunRecord {
        try withWeightsToKeep { try saveWeights(to: folder.lastWeights) }
        guard let best = state.best else {
            throw RunError.notFinite(
                what: "every epoch's validation result", step: state.step,
                learningRate: recipe.learningRates.head, lastGood: "no epoch can be kept")
        }
        let started = ContinuousClock.now
        let logits = try bestLogits ?? recomputedBestLogits()
        let labels = data.validation.map(\.label)
        let temperature = try Calibration.fitTemperature(logits: logits, labels: labels)
        let calibrated = try ModelEvaluation(
            logits: logits, labels: labels, classes: data.classes.names, temperature: temperature)
        record.calibration = .init(
            temperature: temperature, eceBefore: calibrated.eceUncalibrated, eceAfter: calibrated.ece)
        try EvaluationTables.writePredictions(
            EvaluationTables.predictionRows(calibrated, paths: data.validation.map(\.relativePath)),
            classes: data.classes.names, to: folder.validationPredictions)
        state.secondsBefore += (ContinuousClock.now - started).seconds
        if record.best == nil {
            record.best = .init(
                epoch: best.epoch, phase: best.phase, validationLoss: best.validationLoss,
                validationAccuracy: best.validationAccuracy, validationMacroF1: best.validationMacroF1,
                sha256: try ContentHash.sha256(contentsOf: folder.bestWeights))
        }
        return try conclude(.finished)
    }

    /// After a resume the best model may be one that an earlier process found.
    private func recomputedBestLogits() throws -> ScoreMatrix {
        try model.load(Safetensors.read(folder.bestWeights).tensors, replacingHead: false)
        return try runner.logits(data.validation) {
            self.report(.pass(name: "calibration", done: $0, total: self.data.validation.count))
        }
    }
}
