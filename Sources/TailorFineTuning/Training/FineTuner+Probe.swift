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
        let augmentations = recipe.augmentationsToMeasure
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
            let ranked = ValidationScores.ranked(
                [plain.head.scores, augmented.scores], imageCount: data.validation.count, by: \.loss)
            if ranked.first == 1 { best = augmented }
        }
        state.forwardSeconds = pass.seconds / Double(max(pass.done, 1))
        try model.setHead(weight: best.head.weight, bias: best.head.bias)
        // By the network, as every other epoch and a resumed run: features kept in 32 bits round otherwise.
        let logits = try validationLogits(rate: 0)
        _ = try keepIfBest(
            EpochRecord(
                epoch: 0, phase: EpochRecord.probePhase, trainLoss: best.head.trainLoss,
                scores: try scores(of: logits),
                learningRates: .uniform(0),
                imagesPerSecond: Double(pass.done) / max(pass.seconds, 1e-9),
                seconds: (ContinuousClock.now - started).seconds, step: 0),
            logits: logits)
        try soften(best)
        try fitting.average?.reset()
    }

    /// Scales the head that fine-tuning starts from so that its loss with smoothed labels is least on the validation
    /// images. A fitted head may be too sure by far: the first steps would only lower that, at the cost of the features
    /// below it. Answers stay the same; no head is made surer.
    private func soften(_ start: MeasuredHead) throws {
        guard !recipe.phases.isEmpty else { return }
        let fit = try Calibration.temperatureFit(
            logits: start.logits, labels: data.validation.map(\.label), smoothing: recipe.labelSmoothing)
        guard fit.temperature > 1 else { return }
        try model.setHead(
            weight: start.head.weight.divided(by: fit.temperature),
            bias: start.head.bias.divided(by: fit.temperature))
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

    /// Heads in a row that gain neither in loss nor in macro-F1 before weaker penalties are given up.
    private static let headsWithoutGain = 2

    /// The head that does best on the validation images, of all that the probe fits: within noise of the highest
    /// macro-F1, that of the least loss.
    func bestHead(
        _ probe: LinearProbe, train: FeatureSet, validation: FeatureSet
    ) throws -> MeasuredHead {
        var measured: [(head: ProbeHead, logits: ScoreMatrix, scores: ValidationScores)] = []
        var withoutGain = 0
        try probe.fit(
            train: train, validation: validation, classCount: data.classes.names.count,
            classWeights: classWeights, keepGoing: throwIfStopped
        ) { head in
            guard let logits = try? head.validationLogits.scores() else { return false }
            let scores = try scores(of: logits)
            let gains = measured.allSatisfy {
                scores.loss < $0.scores.loss || scores.macroF1 > $0.scores.macroF1
            }
            withoutGain = gains ? 0 : withoutGain + 1
            measured.append((head, logits, scores))
            return withoutGain == Self.headsWithoutGain
        }
        // Of two heads on one level the surer of its mistakes is the worse one, and the worse to start from: its
        // first gradients ruin the layers below it.
        let ranked = ValidationScores.ranked(
            measured.map(\.scores), imageCount: data.validation.count, by: \.loss)
        let best = ranked.first.map { measured[$0] }
        guard let best else {
            throw RunError.notFinite(
                what: "every linear probe's loss", step: 0, learningRate: 0,
                lastGood: "nothing was trained yet")
        }
        return MeasuredHead(
            head: best.head, scores: best.scores, logits: best.logits,
            leastLoss: ranked.map { measured[$0].scores.loss }.min() ?? best.scores.loss)
    }
}
