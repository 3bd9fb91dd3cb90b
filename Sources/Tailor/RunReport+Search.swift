import Foundation
import TailorFineTuning
import TailorReports
import TailorTerminal

extension RunReport {
    /// What the run found out before and beside the model that it kept: statistics, trials, seeds, and how much the
    /// validation result flatters.
    static func found(_ record: RunRecord) -> [FactGroup.Fact] {
        var facts: [FactGroup.Fact] = []
        for measurement in record.batchNormMeasurements ?? [] {
            let taken = measurement.statistics == record.batchNorm ? ", taken" : ""
            facts.append(
                .init(
                    "probe, batch norm \(measurement.statistics.rawValue)",
                    String(
                        format: "macro-F1 %.3f, loss %.3f%@", measurement.validationMacroF1,
                        measurement.validationLoss, taken)))
        }
        for measurement in record.cropMeasurements ?? [] {
            let taken = measurement.leastCropScale == record.plan?.augmentation.cropScale.lowerBound
            facts.append(
                .init(
                    String(format: "probe, crops of %g of the area and more", measurement.leastCropScale),
                    String(format: "loss %.3f%@", measurement.validationLoss, taken ? ", taken" : "")))
        }
        for trial in record.trials ?? [] {
            var result = "diverged"
            if let macroF1 = trial.validationMacroF1, let loss = trial.validationLoss {
                result = String(format: "macro-F1 %.3f, loss %.3f", macroF1, loss)
            }
            let seed = trial.seed.map { ", seed \($0)" } ?? ""
            facts.append(
                .init(
                    String(format: "rates × %g, ", trial.rateFactor)
                        + "\(trial.depth.trainedPart), \(Format.count(trial.steps, "step")), "
                        + "\(trial.imageSize) px\(seed)",
                    result))
        }
        if let plan = record.plan, record.trials != nil {
            facts.append(
                .init(
                    "taken",
                    String(
                        format: "rates %.2g (head) to %.2g (first layers), ", plan.learningRates.head,
                        plan.learningRates.stem) + Format.count(plan.epochs, "epoch")))
        }
        if let seeds = record.seeds, seeds.count > 1 {
            // Those of a search stand among what was tried.
            for seed in seeds where seed.rateFactor == nil {
                facts.append(
                    .init(
                        "seed \(seed.seed)",
                        String(format: "macro-F1 %.3f (epoch %d)", seed.validationMacroF1, seed.epoch)))
            }
        }
        if let spread = record.seeds?.spread {
            facts.append(
                .init(
                    "\(spread.count) seeds at the best rates",
                    String(
                        format: "macro-F1 %.3f on average (%.3f to %.3f), standard deviation %.3f",
                        spread.mean,
                        spread.interval.lowerBound, spread.interval.upperBound,
                        spread.standardDeviation)))
        }
        if let selection = record.selection, selection.candidates > 1 {
            facts.append(
                .init(
                    "best of \(selection.candidates) on validation",
                    String(
                        format: "macro-F1 %.3f; %.3f is likelier on other images", selection.macroF1,
                        selection.corrected)))
        }
        if let judged = record.crossValidation {
            facts.append(
                .init(
                    "\(judged.folds) folds, images not seen",
                    String(
                        format: "macro-F1 %.3f (%.3f to %.3f), accuracy %.3f; by fold ", judged.macroF1,
                        judged.macroF1Low, judged.macroF1High, judged.accuracy)
                        + judged.macroF1OfFolds.map { String(format: "%.3f", $0) }.joined(separator: ", ")))
        }
        return facts
    }
}
