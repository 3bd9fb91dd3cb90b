import TailorDatasets
import TailorEvaluation
import TailorResNet
import TailorTensors

/// A head that was fitted on features, and how it does on the validation images.
struct MeasuredHead {
    let head: ProbeHead
    let scores: ValidationScores
    let logits: ScoreMatrix
    /// Least loss on the validation images of all heads that were fitted to the same features, nats.
    let leastLoss: Double
}

extension FineTuner {
    /// Decides the statistics of batch norm, fits the head on cached features, keeps the best head in the model and
    /// enters it as epoch 0.
    func fitHead(_ probe: LinearProbe) throws {
        let started = ContinuousClock.now
        let augmentations = augmentationsToMeasure
        let views = probe.augmentedViews * augmentations.count
        let measures = statisticsToMeasure
        let pass = FeaturePass(
            total: (measures.count + views) * data.train.count + measures.count * data.validation.count)
        let (statistics, plain) = try settledStatistics(measures, probe: probe, pass: pass)
        state.batchNorm = statistics
        // Crops and mirror images help many tasks and harm some: a head without them is fitted, too.
        var best = plain.head
        if views > 0 {
            let augmented = try settledAugmentation(augmentations, probe: probe, plain: plain, pass: pass)
            if augmented.scores.isBetter(than: best.scores) { best = augmented }
        }
        state.forwardSeconds = pass.seconds / Double(max(pass.done, 1))
        try model.setHead(weight: best.head.weight, bias: best.head.bias)
        _ = try keepIfBest(
            EpochRecord(
                epoch: 0, phase: EpochRecord.probePhase, trainLoss: best.head.trainLoss, scores: best.scores,
                learningRates: .uniform(0),
                imagesPerSecond: Double(pass.done) / max(pass.seconds, 1e-9),
                seconds: (ContinuousClock.now - started).seconds, step: 0),
            logits: best.logits)
        try fitting.average?.reset()
    }

    /// Images passed through the backbone, of all that will be.
    final class FeaturePass {
        let total: Int
        var done = 0
        var seconds = 0.0

        init(total: Int) { self.total = total }
    }

    func features(
        _ samples: [Sample], _ pass: FeaturePass, view: ModelRunner.AugmentedView? = nil
    ) throws -> FeatureSet {
        let started = ContinuousClock.now
        defer {
            pass.done += samples.count
            pass.seconds += (ContinuousClock.now - started).seconds
        }
        return try runner.features(samples, view: view) {
            self.report(.pass(name: "features", done: pass.done + $0, total: pass.total))
            try self.throwIfStopped()
        }
    }

    /// The head that does best on the validation images, of all that the probe fits.
    func bestHead(
        _ probe: LinearProbe, train: FeatureSet, validation: FeatureSet
    ) throws -> MeasuredHead {
        let heads = try probe.fitAll(
            train: train, validation: validation, classCount: data.classes.names.count,
            classWeights: classWeights, keepGoing: throwIfStopped)
        var best: (head: ProbeHead, scores: ValidationScores, logits: ScoreMatrix)?
        var leastLoss = Double.infinity
        for head in heads {
            guard let logits = try? head.validationLogits.scores() else { continue }
            let scores = try scores(of: logits)
            if scores.isBetter(than: best?.scores) { best = (head, scores, logits) }
            if scores.loss.isFinite { leastLoss = min(leastLoss, scores.loss) }
        }
        guard let best else {
            throw RunError.notFinite(
                what: "every linear probe's loss", step: 0, learningRate: 0,
                lastGood: "nothing was trained yet")
        }
        return MeasuredHead(
            head: best.head, scores: best.scores, logits: best.logits, leastLoss: leastLoss)
    }
}
