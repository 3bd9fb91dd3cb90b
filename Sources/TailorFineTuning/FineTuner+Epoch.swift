import Foundation
import TailorDatasets
import TailorEvaluation
import TailorResNet
import TailorSupport
import TailorTensors

extension FineTuner {
    /// All phases from where the state stands. False when interrupted; the checkpoint is then written.
    func runPhases() throws -> Bool {
        while state.phase < recipe.phases.count {
            let phase = recipe.phases[state.phase]
            report(.phaseStarted(phase, index: state.phase, of: recipe.phases.count))
            while state.epochInPhase < phase.epochs {
                guard let row = try trainEpoch(phase) else { return false }
                let ends = recipe.earlyStopping.map { state.stopping.observe(row, rule: $0) } ?? false
                state.epochInPhase += 1
                state.epoch += 1
                if ends, state.epochInPhase < phase.epochs {
                    report(
                        .note(
                            "no better \(recipe.earlyStopping?.metric.rawValue ?? "") for \(recipe.earlyStopping?.patience ?? 0) epochs: phase \(phase.name) ends"
                        ))
                    if state.phase == recipe.phases.count - 1 { state.stoppedEarly = true }
                    state.epochInPhase = phase.epochs
                }
                if state.epochInPhase == phase.epochs { advancePhase() }
                try saveCheckpoint()
                if shouldStop() { return state.phase == recipe.phases.count }
                if state.epochInPhase == 0 { break }
            }
        }
        return true
    }

    private func advancePhase() {
        state.phase += 1
        state.epochInPhase = 0
        state.stopping = EarlyStoppingMonitor()
    }

    func saveCheckpoint() throws {
        state.gradientScale = scaler?.state
        try checkpoints.save(
            state: state, identity: identity, model: model, optimizer: optimizer, average: average)
    }

    /// Images of one epoch in order; oversampling makes it longer than the data.
    private func epochOrder() -> [Int] {
        EpochSampler(
            labels: data.train.map(\.label),
            strategy: recipe.imbalance == .oversample ? .oversampled : .shuffled, seed: seed
        ).order(epoch: state.epoch + 1)
    }

    /// One epoch from `state.batchesDone` on, with validation. Nil when interrupted.
    private func trainEpoch(_ phase: Phase) throws -> EpochRecord? {
        let started = ContinuousClock.now
        let order = epochOrder()
        // Batches of even size: no last batch of one image, on which batch norm could not learn.
        let stepsPerEpoch = (order.count + recipe.batchSize - 1) / recipe.batchSize
        let batchSize = (order.count + stepsPerEpoch - 1) / stepsPerEpoch
        let imagesBefore = state.imagesDone
        let loader = try BatchLoader(
            samples: data.train, order: order, batchSize: batchSize,
            transform: SampleTransform(
                preprocessing: recipe.preprocessing, augmentation: recipe.augmentation,
                trainSize: recipe.trainImageSize),
            workers: machine.workers, seed: seed, epoch: state.epoch + 1,
            skippingBatches: state.batchesDone, cache: data.cache)
        defer { loader.stop() }
        var factor = 0.0
        var rate: Double { recipe.learningRates.head * factor }
        while let batch = try loader.next() {
            factor = recipe.schedule.factor(
                step: state.step, stepsPerEpoch: stepsPerEpoch, totalEpochs: recipe.epochs)
            try stagedOptimizer.setLearningRates(recipe.learningRates, factor: factor)
            let loss = try trainStep(batch, phase: phase, rate: rate)
            state.lossSum += loss * Double(batch.count)
            state.imagesDone += batch.count
            state.batchesDone += 1
            state.step += 1
            let seconds = (ContinuousClock.now - started).seconds
            report(
                .step(
                    StepProgress(
                        epoch: state.epoch + 1, totalEpochs: recipe.epochs, phase: phase.name,
                        imagesDone: state.imagesDone, imagesTotal: order.count,
                        loss: state.lossSum / Double(state.imagesDone),
                        imagesPerSecond: Double(state.imagesDone - imagesBefore) / max(seconds, 1e-9))))
            if state.batchesDone < stepsPerEpoch, shouldStop() {
                try saveCheckpoint()
                return nil
            }
        }
        let trainSeconds = (ContinuousClock.now - started).seconds
        try withWeightsToKeep {
            if recipe.recalibratesBatchNorm { _ = try runner.recalibrateBatchNorm(data.train, seed: seed) }
            let validationLogits = try validationLogits(rate: rate)
            let row = EpochRecord(
                epoch: state.epoch + 1, phase: phase.name,
                trainLoss: state.lossSum / Double(max(state.imagesDone, 1)), validationLoss: 0,
                validationAccuracy: 0, validationMacroF1: 0,
                learningRates: recipe.learningRates.effective(
                    factor: factor, trainableFrom: phase.trainableFrom),
                imagesPerSecond: Double(state.imagesDone - imagesBefore) / max(trainSeconds, 1e-9),
                seconds: (ContinuousClock.now - started).seconds, step: state.step, isBest: false)
            try close(row, logits: validationLogits)
        }
        state.batchesDone = 0
        state.imagesDone = 0
        state.lossSum = 0
        return state.history.last
    }

    /// Runs `body` with the weights that are validated and saved in the network: the moving average where
    /// the recipe has one, else those of the last step.
    func withWeightsToKeep<R>(_ body: () throws -> R) throws -> R {
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

    private func notFinite(_ what: String, rate: Double) -> RunError {
        let kept =
            state.best.map { "best.safetensors keeps epoch \($0.epoch)" }
            ?? "no epoch had been finished"
        return .notFinite(what: what, step: state.step, learningRate: rate, lastGood: kept)
    }

    /// One optimiser step; returns the loss. When the GPU's memory does not suffice, the batch is cut into
    /// smaller parts whose gradients are summed, and the step is tried again.
    private func trainStep(_ batch: BatchLoader.Batch, phase: Phase, rate: Double) throws -> Double {
        var microBatchSize = state.microBatchSize
        let loss = try MemoryRetry.run(&microBatchSize) { size in
            let loss = try forwardBackward(batch, phase: phase, microBatchSize: size)
            guard loss.isFinite else { throw notFinite("the training loss", rate: rate) }
            try applyGradients()
            return loss
        } discard: { smaller in
            optimizer.clearGradients()
            scaler?.discardStep()
            try TorchRuntime.releaseCachedMemory(machine.device)
            state.microBatchSize = smaller
            let text = "out of memory on \(machine.device): going on with \(smaller) images a pass"
            record.warnings.append(text)
            report(.warning(text))
        }
        // The step is taken: what fails from here on must not take it again.
        try scaler?.update()
        if let decay = recipe.weightAveraging {
            try average?.update(decay: min(decay, Double(1 + state.step) / Double(10 + state.step)))
        }
        return loss
    }

    private func forwardBackward(
        _ batch: BatchLoader.Batch, phase: Phase, microBatchSize: Int
    ) throws -> Double {
        optimizer.clearGradients()
        let images = try batch.images().to(machine.device)
        let targets = try Tensor(batch.labels, shape: [batch.count]).to(machine.device)
        let classWeights = self.classWeights
        func weight(_ labels: ArraySlice<Int64>) -> Double {
            classWeights.map { weights in labels.reduce(0) { $0 + weights[Int($1)] } } ?? Double(labels.count)
        }
        let total = weight(batch.labels[...])
        var loss = 0.0
        var start = 0
        while start < batch.count {
            let length = min(microBatchSize, batch.count - start)
            let whole = length == batch.count
            let part = whole ? images : try images.narrow(0, start: start, length: length)
            let partTargets = whole ? targets : try targets.narrow(0, start: start, length: length)
            let logits = try withAutocast(autocast, device: machine.device) {
                try model.logits(part, trainableFrom: phase.trainableFrom)
            }
            // Each part's mean counts by its share of the weights, so that cutting changes no gradient
            // (batch-norm statistics aside).
            let share = total > 0 ? weight(batch.labels[start..<start + length]) / total : 0
            var objective = try crossEntropy(
                logits.to(.float32), targets: partTargets, classWeights: classWeightsTensor,
                labelSmoothing: recipe.labelSmoothing)
            if !whole { objective = try objective.multiplied(by: share) }
            loss += try objective.item()
            try (scaler?.scale(objective) ?? objective).backward()
            start += length
        }
        return loss
    }

    private func applyGradients() throws {
        if let scaler {
            try scaler.unscale(optimizer)
            if let maximum = recipe.gradientClipping {
                _ = try clipGradientNorm(model.parameters.map(\.tensor), maximum: maximum)
            }
            try scaler.step(optimizer)
        } else {
            if let maximum = recipe.gradientClipping {
                _ = try clipGradientNorm(model.parameters.map(\.tensor), maximum: maximum)
            }
            try optimizer.step()
        }
    }
}
