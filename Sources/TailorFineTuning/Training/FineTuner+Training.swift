import Foundation
import TailorCheckpoints
import TailorDatasets
import TailorEvaluation
import TailorSupport
import TailorTensors

/// Thrown out of the work when `shouldStop` said so; what was reached is saved by then.
struct Interrupted: Error {}

/// The recipe from top to bottom: probe, phases, epochs; after each epoch evaluate, keep the best, save.
extension FineTuner {
    /// Trains from where the state stands to the end. Throws `Interrupted` when asked to stop before it.
    func train() throws {
        // The probe is the first row of the history: a resumed run has it, or was stopped within it.
        if state.history.isEmpty, state.step == 0 {
            if recipe.recalibratesBatchNorm { try recalibrateBatchNorm() }
            if let probe = recipe.probe { try fitHead(probe) }
        }
        while state.phase < recipe.phases.count {
            let phase = recipe.phases[state.phase]
            report(.phaseStarted(phase, index: state.phase, of: recipe.phases.count))
            var isOver = false
            while !isOver {
                let row = try trainEpoch(phase)
                isOver = closeEpoch(row, of: phase)
                try saveCheckpoint()
                if shouldStop(), state.phase < recipe.phases.count { throw Interrupted() }
            }
        }
        try saveResult()
    }

    /// Re-estimates the batch-norm statistics on the training images.
    private func recalibrateBatchNorm() throws {
        let used = try runner.recalibrateBatchNorm(data.train, seed: seed) { _ in
            try self.throwIfStopped()
        }
        report(.note("batch-norm statistics re-estimated on \(counted(used, "training image"))"))
    }

    func throwIfStopped() throws {
        if shouldStop() { throw Interrupted() }
    }

    /// Runs one epoch from `state.batchesDone` on: its steps, then the validation of what is to be kept.
    private func trainEpoch(_ phase: Phase) throws -> EpochRecord {
        let started = ContinuousClock.now
        let imagesBefore = state.imagesDone
        let (loader, stepsPerEpoch, imagesTotal) = try epochLoader()
        defer { loader.stop() }
        func imagesPerSecond() -> Double {
            Double(state.imagesDone - imagesBefore) / max((ContinuousClock.now - started).seconds, 1e-9)
        }
        var factor = 0.0
        while let batch = try loader.next() {
            factor = recipe.schedule.factor(
                step: state.step, stepsPerEpoch: stepsPerEpoch, totalEpochs: recipe.epochs)
            try stagedOptimizer.setLearningRates(recipe.learningRates, factor: factor)
            let loss = try trainStep(batch, phase: phase, rate: recipe.learningRates.head * factor)
            state.lossSum += loss * Double(batch.count)
            state.imagesDone += batch.count
            state.batchesDone += 1
            state.step += 1
            report(
                .step(
                    StepProgress(
                        epoch: state.epoch + 1, totalEpochs: recipe.epochs, phase: phase.name,
                        imagesDone: state.imagesDone, imagesTotal: imagesTotal,
                        loss: state.lossSum / Double(state.imagesDone), imagesPerSecond: imagesPerSecond())))
            if state.batchesDone < stepsPerEpoch, shouldStop() {
                try saveCheckpoint()
                throw Interrupted()
            }
        }
        let trainImagesPerSecond = imagesPerSecond()
        return try withWeightsToKeep {
            if recipe.recalibratesBatchNorm { _ = try runner.recalibrateBatchNorm(data.train, seed: seed) }
            let logits = try validationLogits(rate: recipe.learningRates.head * factor)
            return try keepIfBest(
                EpochRecord(
                    epoch: state.epoch + 1, phase: phase.name,
                    trainLoss: state.lossSum / Double(max(state.imagesDone, 1)),
                    scores: try scores(of: logits),
                    learningRates: recipe.learningRates.effective(
                        factor: factor, trainableFrom: phase.trainableFrom),
                    imagesPerSecond: trainImagesPerSecond, seconds: (ContinuousClock.now - started).seconds,
                    step: state.step),
                logits: logits)
        }
    }

    /// The epoch's batches, from where the state stands. Oversampling makes an epoch longer than the data.
    private func epochLoader() throws -> (loader: BatchLoader, steps: Int, images: Int) {
        let order = EpochSampler(
            labels: data.train.map(\.label),
            strategy: recipe.imbalance == .oversample ? .oversampled : .shuffled, seed: seed
        ).order(epoch: state.epoch + 1)
        // Batches of even size: no last batch of one image, on which batch norm could not learn.
        let steps = (order.count + recipe.batchSize - 1) / recipe.batchSize
        let loader = try BatchLoader(
            samples: data.train, order: order, batchSize: (order.count + steps - 1) / steps,
            transform: SampleTransform(
                preprocessing: recipe.preprocessing, augmentation: recipe.augmentation,
                trainSize: recipe.trainImageSize),
            workers: machine.workers, seed: seed, epoch: state.epoch + 1,
            skippingBatches: state.batchesDone, decoder: recipe.preprocessing.decoder, cache: data.cache)
        return (loader, steps, order.count)
    }

    /// Moves the state on to the next epoch, or to the next phase. True when the phase is over.
    private func closeEpoch(_ row: EpochRecord, of phase: Phase) -> Bool {
        let isLast = state.epochInPhase + 1 == phase.epochs
        let stops = recipe.earlyStopping.map { state.stopping.observe(row, rule: $0) } ?? false
        state.epoch += 1
        state.epochInPhase += 1
        state.batchesDone = 0
        state.imagesDone = 0
        state.lossSum = 0
        if stops, !isLast, let rule = recipe.earlyStopping {
            report(
                .note(
                    "no better \(rule.metric.rawValue) for \(counted(rule.patience, "epoch")): phase \(phase.name) ends"
                )
            )
            if state.phase == recipe.phases.count - 1 { state.stoppedEarly = true }
        }
        guard isLast || stops else { return false }
        state.phase += 1
        state.epochInPhase = 0
        state.stopping = EarlyStoppingMonitor()
        return true
    }

    /// Runs `body` with the weights that are validated and saved in the network: the moving average where
    /// the recipe has one, else those of the last step.
    private func withWeightsToKeep<R>(_ body: () throws -> R) throws -> R {
        try average?.withAverages(body) ?? body()
    }

    private func validationLogits(rate: Double) throws -> ScoreMatrix {
        do {
            return try runner.logits(data.validation) {
                self.report(.pass(name: "validation", done: $0, total: self.data.validation.count))
            }
        } catch EvaluationError.notFinite {
            throw notFinite("the network's output on validation images", rate: rate)
        }
    }

    func scores(of validationLogits: ScoreMatrix) throws -> ValidationScores {
        try ValidationScores(
            logits: validationLogits, labels: data.validation.map(\.label), classes: data.classes.names)
    }

    /// Adds the row to the history, and keeps the weights that are in the network if they are the best so far.
    func keepIfBest(_ row: EpochRecord, logits: ScoreMatrix) throws -> EpochRecord {
        var row = row
        row.isBest = row.scores.isBetter(than: state.best?.scores)
        state.history.append(row)
        if row.isBest {
            bestLogits = logits
            try saveWeights(to: folder.bestWeights)
            record.best = try .init(row, weights: folder.bestWeights)
        }
        try AtomicFile.write(EpochRecord.csv(state.history), to: folder.metrics)
        report(.epochFinished(row))
        return row
    }

    func saveCheckpoint() throws {
        state.gradientScale = scaler?.state
        var reached = state
        reached.secondsBefore = seconds
        try checkpoints.save(
            state: reached, identity: identity, model: model, optimizer: optimizer, average: average)
    }

    /// Saves the last weights, the best model's predictions on the validation images and its temperature.
    private func saveResult() throws {
        try withWeightsToKeep { try saveWeights(to: folder.lastWeights) }
        guard let best = state.best else {
            throw RunError.notFinite(
                what: "every epoch's validation result", step: state.step,
                learningRate: recipe.learningRates.head, lastGood: "no epoch can be kept")
        }
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
        if record.best == nil { record.best = try .init(best, weights: folder.bestWeights) }
    }

    /// Reads the best weights back: after a resume, an earlier process may have found them.
    private func recomputedBestLogits() throws -> ScoreMatrix {
        try model.load(Safetensors.read(folder.bestWeights).tensors, replacingHead: false)
        return try runner.logits(data.validation) {
            self.report(.pass(name: "calibration", done: $0, total: self.data.validation.count))
        }
    }
}
