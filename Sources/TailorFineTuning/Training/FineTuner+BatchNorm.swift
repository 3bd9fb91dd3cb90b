import Foundation
import TailorDatasets
import TailorEvaluation
import TailorResNet
import TailorSupport
import TailorTensors

/// How the linear probe did with one kind of batch-norm statistics; part of `run.json`.
public struct BatchNormMeasurement: Codable, Sendable, Hashable {
    public var statistics: BatchNormStatistics
    public var validationMacroF1: Double
    public var validationLoss: Double
}

extension Recipe {
    /// The kinds of statistics that the probe measures; the first is taken unless another is clearly better.
    func statisticsToMeasure(isPretrained: Bool) -> [BatchNormStatistics] {
        guard batchNorm == .automatic else { return [batchNorm] }
        // A network of random weights has no statistics worth keeping.
        return isPretrained ? [.frozen, .task] : [.task]
    }

    /// Whether statistics are estimated before training; without a probe nothing is measured, and the first are taken.
    func estimatesStatistics(isPretrained: Bool) -> Bool {
        let kinds = statisticsToMeasure(isPretrained: isPretrained)
        return kinds.first == .task || probe != nil && kinds.contains(.task)
    }
}

extension FineTuner {
    /// Features of unchanged training images and of validation images by one kind of statistics, and the head
    /// that fits them best.
    struct PlainFeatures {
        let train: FeatureSet
        let validation: FeatureSet
        let head: MeasuredHead
    }

    /// See ``Recipe/statisticsToMeasure(isPretrained:)``.
    var statisticsToMeasure: [BatchNormStatistics] {
        recipe.statisticsToMeasure(isPretrained: isPretrained)
    }

    /// Statistics without a probe, which alone could measure them.
    func settleStatisticsUnmeasured() throws {
        let statistics = statisticsToMeasure[0]
        if statistics == .task { try estimateStatistics() }
        state.batchNorm = statistics
    }

    /// Measures the kinds of statistics; the network is left with those that are taken.
    func settledStatistics(
        _ kinds: [BatchNormStatistics], probe: LinearProbe, pass: FeaturePass
    ) throws -> (BatchNormStatistics, PlainFeatures) {
        func measure(_ statistics: BatchNormStatistics) throws -> PlainFeatures {
            if statistics == .task {
                try estimateStatistics()
                TorchRuntime.releaseFreedMemory()
            }
            let train = try features(data.train, pass)
            let validation = try features(data.validation, pass)
            return PlainFeatures(
                train: train, validation: validation,
                head: try bestHead(probe, train: train, validation: validation))
        }
        let pretrained = try model.buffers.map { try $0.tensor.clone() }
        let first = try measure(kinds[0])
        guard kinds.count == 2 else { return (kinds[0], first) }
        TorchRuntime.releaseFreedMemory()
        let second = try measure(kinds[1])
        state.batchNormMeasurements = [(kinds[0], first), (kinds[1], second)].map {
            BatchNormMeasurement(
                statistics: $0, validationMacroF1: $1.head.scores.macroF1,
                validationLoss: $1.head.scores.loss)
        }
        let labels = data.validation.map(\.label)
        let noise = Self.noise(first.head.logits, second.head.logits, labels: labels)
        let gain = second.head.scores.macroF1 - first.head.scores.macroF1
        let takesSecond = gain > max(noise, Self.leastGain)
        if !takesSecond {
            for (entry, saved) in zip(model.buffers, pretrained) { try entry.tensor.copy(from: saved) }
        }
        let taken = takesSecond ? kinds[1] : kinds[0]
        report(
            .note(
                String(
                    format: "batch norm: %@ (macro-F1 of the probe %.3f as pretrained, %.3f re-estimated; "
                        + "re-estimated only if better by %.3f)", taken.rawValue,
                    first.head.scores.macroF1, second.head.scores.macroF1, max(noise, Self.leastGain))))
        return takesSecond ? (taken, second) : (taken, first)
    }

    /// Gain in macro-F1 that is worth giving the pretrained statistics up for, however many images say so.
    private static let leastGain = 0.01

    /// Standard error of the difference in accuracy between two models on the same images: of n images, d are
    /// answered rightly by one alone, √d / n (McNemar, 1947).
    static func noise(_ first: ScoreMatrix, _ second: ScoreMatrix, labels: [Int]) -> Double {
        guard !labels.isEmpty else { return 0 }
        let discordant = zip(zip(first.predictions, second.predictions), labels).count {
            ($0.0 == $1) != ($0.1 == $1)
        }
        return Double(discordant).squareRoot() / Double(labels.count)
    }

    /// Re-estimates the batch-norm statistics on training images.
    func estimateStatistics(by other: ModelRunner? = nil) throws {
        _ = try (other ?? runner).recalibrateBatchNorm(data.train, seed: seed) { _ in
            try self.throwIfStopped()
        }
    }
}
