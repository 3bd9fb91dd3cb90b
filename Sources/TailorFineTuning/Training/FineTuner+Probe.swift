import TailorDatasets
import TailorEvaluation
import TailorResNet
import TailorTensors

extension FineTuner {
    /// Fits the head on cached features, keeps the best head in the model and enters it as epoch 0.
    func fitHead(_ probe: LinearProbe) throws {
        let started = ContinuousClock.now
        let views = recipe.augmentation.isIdentity ? 0 : probe.augmentedViews
        let total = (1 + views) * data.train.count + data.validation.count
        var done = 0
        func features(_ samples: [Sample], view: ModelRunner.AugmentedView? = nil) throws -> FeatureSet {
            defer { done += samples.count }
            return try runner.features(samples, view: view) {
                self.report(.pass(name: "features", done: done + $0, total: total))
                try self.throwIfStopped()
            }
        }
        var parts = [try features(data.train)]
        for index in 0..<views {
            parts.append(
                try features(
                    data.train,
                    view: .init(
                        augmentation: recipe.augmentation, imageSize: recipe.trainImageSize, seed: seed,
                        index: index)))
        }
        let train = try FeatureSet.joined(parts)
        let featureSeconds = (ContinuousClock.now - started).seconds
        let validation = try features(data.validation)
        let heads = try probe.fitAll(
            train: train, validation: validation, classCount: data.classes.names.count,
            classWeights: classWeightsTensor, labelSmoothing: recipe.labelSmoothing)
        var best: (head: ProbeHead, scores: ValidationScores, logits: ScoreMatrix)?
        for head in heads {
            guard let logits = try? head.validationLogits.scores() else { continue }
            let scores = try scores(of: logits)
            if scores.isBetter(than: best?.scores) { best = (head, scores, logits) }
        }
        guard let best else {
            throw RunError.notFinite(
                what: "every linear probe's loss", step: 0, learningRate: probe.learningRates.max() ?? 0,
                lastGood: "nothing was trained yet")
        }
        try model.setHead(weight: best.head.weight, bias: best.head.bias)
        _ = try keepIfBest(
            EpochRecord(
                epoch: 0, phase: "probe", trainLoss: best.head.trainLoss, scores: best.scores,
                learningRates: LayerwiseLearningRates.uniform(best.head.learningRate)
                    .effective(factor: 1, trainableFrom: .head),
                imagesPerSecond: Double(train.labels.count) / featureSeconds,
                seconds: (ContinuousClock.now - started).seconds, step: 0),
            logits: best.logits)
        try average?.reset()
        try saveCheckpoint()
    }
}
