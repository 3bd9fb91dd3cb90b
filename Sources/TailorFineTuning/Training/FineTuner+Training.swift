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
        if state.plan == nil { try decide() }
        repeat {
            try runPhases()
            try noteFullRun()
        } while try beginNextRun()
        try fitting.withWeightsToKeep { try saveWeights(to: folder.lastWeights) }
        try settlePlan()
        try cookSoup()
        try settleImageSize()
        try saveResult()
        noteOverrun()
    }

    /// Carries the phases out; with other rates when that diverges.
    private func runPhases() throws {
        while state.phase < plan.phases.count {
            do {
                try runPhase(plan.phases[state.phase])
            } catch let error as RunError {
                guard try beginOtherRun(after: error) else { throw error }
            }
        }
    }

    private func runPhase(_ phase: Phase) throws {
        report(.phaseStarted(phase, index: state.phase, of: plan.phases.count))
        TorchRuntime.releaseFreedMemory()
        var isOver = false
        while !isOver {
            let row = try trainEpoch(phase)
            isOver = closeEpoch(row)
            if shouldStop(), state.phase < plan.phases.count {
                try saveCheckpoint()
                throw Interrupted()
            }
            try saveCheckpointIfDue()
        }
    }

    /// Decides what the recipe leaves open: statistics of batch norm, rates, depth, epochs.
    private func decide() throws {
        // The probe is the first row of the history: a resumed run has it, or was stopped within it.
        if state.history.isEmpty {
            if let probe = recipe.probe { try fitHead(probe) } else { try settleStatisticsUnmeasured() }
            try saveCheckpoint()
        }
        var plan = decidedRecipe
        if let search = recipe.search {
            let candidate = try found(search)
            plan = self.plan(for: candidate, search: search)
            if plan.phases.isEmpty {
                let text =
                    "the time budget leaves no room for an epoch of fine-tuning: the linear probe is the result"
                record.warnings.append(text)
                report(.warning(text))
            } else {
                state.candidate = candidate
                report(.planned(plan, seconds: forecast(plan)))
            }
        }
        if averages { try saveStart() }
        state.plan = plan
        fitting.recipe = plan
        try JSONFile.write(plan, to: folder.recipe)
        try saveCheckpoint()
    }

    func throwIfStopped() throws {
        if shouldStop() { throw Interrupted() }
    }

    /// Runs one epoch from `state.batchesDone` on: its steps, then the validation of what is to be kept.
    private func trainEpoch(_ phase: Phase) throws -> EpochRecord {
        let started = ContinuousClock.now
        let imagesBefore = state.imagesDone
        let (loader, stepsPerEpoch, imagesTotal) = try epochLoader(
            plan, epoch: state.epoch + 1, skippingBatches: state.batchesDone)
        defer { loader.stop() }
        func imagesPerSecond() -> Double {
            Double(state.imagesDone - imagesBefore) / max((ContinuousClock.now - started).seconds, 1e-9)
        }
        var factor = 0.0
        while let batch = try loader.next() {
            factor = plan.schedule.factor(
                step: scheduledStep(state.step), stepsPerEpoch: stepsPerEpoch, totalEpochs: scheduledEpochs)
            let loss = try trainStep(batch, phase: phase, factor: factor)
            state.lossSum += loss * Double(batch.count)
            state.imagesDone += batch.count
            state.batchesDone += 1
            state.step += 1
            report(
                .step(
                    StepProgress(
                        epoch: state.epoch + 1, totalEpochs: plan.epochs, phase: phase.name,
                        imagesDone: state.imagesDone, imagesTotal: imagesTotal,
                        loss: state.lossSum / Double(state.imagesDone), imagesPerSecond: imagesPerSecond())))
            if state.batchesDone < stepsPerEpoch, shouldStop() {
                try saveCheckpoint()
                throw Interrupted()
            }
        }
        let trainImagesPerSecond = imagesPerSecond()
        return try fitting.withWeightsToKeep {
            if plan.batchNorm == .task { try estimateStatistics() }
            let logits = try validationLogits(rate: plan.learningRates.head * factor)
            return try keepIfBest(
                EpochRecord(
                    epoch: state.epoch + 1, phase: phase.name,
                    trainLoss: state.lossSum / Double(max(state.imagesDone, 1)),
                    scores: try scores(of: logits),
                    learningRates: plan.learningRates.effective(
                        factor: factor, trainableFrom: phase.trainableFrom),
                    imagesPerSecond: trainImagesPerSecond, seconds: (ContinuousClock.now - started).seconds,
                    step: state.step, seed: currentSeed),
                logits: logits)
        }
    }

    private func trainStep(_ batch: BatchLoader.Batch, phase: Phase, factor: Double) throws -> Double {
        do {
            return try fitting.step(
                LabelledImages(batch), trainableFrom: phase.trainableFrom, factor: factor, step: state.step)
        } catch is LossNotFinite {
            throw notFinite("the training loss", rate: plan.learningRates.head * factor)
        }
    }

    private func notFinite(_ what: String, rate: Double) -> RunError {
        let kept =
            state.best.map { "best.safetensors keeps epoch \($0.epoch)" }
            ?? "no epoch had been finished"
        return .notFinite(what: what, step: state.step, learningRate: rate, lastGood: kept)
    }

    /// Order of the epochs' images. Oversampling makes an epoch longer than the data.
    var epochSampler: EpochSampler {
        EpochSampler(
            labels: data.train.map(\.label),
            strategy: recipe.imbalance == .oversample ? .oversampled : .shuffled, seed: currentSeed)
    }

    /// An epoch's batches, without the first ones.
    ///
    /// - Parameters:
    ///   - recipe: says how images are made.
    ///   - epoch: from 1.
    func epochLoader(
        _ recipe: Recipe, epoch: Int, skippingBatches skipped: Int
    ) throws -> (loader: BatchLoader, steps: Int, images: Int) {
        let order = epochSampler.order(epoch: epoch)
        // Batches of even size: no last batch of one image, on which batch norm could not learn.
        let steps = stepsPerEpoch
        let loader = try BatchLoader(
            samples: data.train, order: order, batchSize: (order.count + steps - 1) / steps,
            transform: SampleTransform(
                preprocessing: recipe.preprocessing, augmentation: recipe.augmentation,
                trainSize: recipe.trainImageSize),
            workers: machine.workers, seed: currentSeed, epoch: epoch, skippingBatches: skipped,
            prefetch: machine.resources.prefetch, decoder: recipe.preprocessing.decoder, cache: data.cache)
        return (loader, steps, order.count)
    }

    /// Moves the state on to the next epoch, or to the next phase. True when the phase is over.
    private func closeEpoch(_ row: EpochRecord) -> Bool {
        let stops = plan.earlyStopping.map { state.stopping.observe(row, rule: $0) } ?? false
        state.epoch += 1
        state.epochInPhase += 1
        state.batchesDone = 0
        state.imagesDone = 0
        state.lossSum = 0
        shortenIfLate(epochSeconds: row.seconds)
        let phase = plan.phases[state.phase]
        let isLast = state.epochInPhase >= phase.epochs
        if stops, !isLast, let rule = plan.earlyStopping {
            report(
                .note(
                    "no better \(rule.metric.rawValue) for \(counted(rule.patience, "epoch")): phase \(phase.name) ends"
                )
            )
            if state.phase == plan.phases.count - 1 { state.stoppedEarly = true }
        }
        guard isLast || stops else { return false }
        state.phase += 1
        state.epochInPhase = 0
        state.stopping = EarlyStoppingMonitor()
        return true
    }

    func validationLogits(rate: Double) throws -> ScoreMatrix {
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
        try requireFolder()
        var row = row
        row.isBest = row.scores.isBetter(than: state.best?.scores)
        row.predictions = logits.predictions
        state.history.append(row)
        if row.isBest { bestLogits = logits }
        try keepWeights(for: (row.isBest ? [folder.bestWeights] : []) + soupFiles(for: row))
        try AtomicFile.write(EpochRecord.csv(state.history), to: folder.metrics)
        report(.epochFinished(row))
        return row
    }

    /// Saves the best model's predictions on the validation images and its temperature.
    private func saveResult() throws {
        guard let best = state.best else {
            throw RunError.notFinite(
                what: "every epoch's validation result", step: state.step,
                learningRate: plan.learningRates.head, lastGood: "no epoch can be kept")
        }
        try writeKeptWeights()
        let logits = try bestLogits ?? recomputedBestLogits()
        let labels = data.validation.map(\.label)
        record.selection = SelectionOptimism(
            predictions: state.history.compactMap(\.predictions), labels: labels,
            classCount: data.classes.names.count)
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
        try model.load(savedTensors(folder.bestWeights), replacingHead: false)
        return try runner.logits(data.validation) {
            self.report(.pass(name: "calibration", done: $0, total: self.data.validation.count))
        }
    }
}
