import Foundation
import TailorDatasets
import TailorEvaluation
import TailorResNet
import TailorSupport
import TailorTensors

/// Short runs from the fitted head that find rates and depth for the task at hand.
extension FineTuner {
    /// What the first full run is to try; trials of an interrupted search are not run again.
    func found(_ search: TaskSearch) throws -> Candidate {
        let trials = plannedTrials(search)
        var candidates = trials.candidates
        var winner = firstCandidate(search)
        guard candidates.count > 1 else { return winner }
        if state.forwardSeconds != nil, state.trials == nil {
            report(
                .note(
                    "search: \(counted(candidates.count, "trial")) of \(trials.steps) steps and more at "
                        + "\(trials.imageSize) pixels, about \(Int(timePlan.seconds(trials).rounded(.up))) s")
            )
        }
        let start = try model.stateDictionary().map { ($0.1, try $0.1.clone()) }
        func restore() throws { for (tensor, saved) in start { try tensor.copy(from: saved) } }
        var rung = 0
        while candidates.count > 1 {
            for candidate in candidates where !hasTried(candidate, rung: rung) {
                do {
                    let trial = try run(
                        candidate, rung: rung, steps: trials.steps << rung, imageSize: trials.imageSize)
                    state.trials = (state.trials ?? []) + [trial]
                    noteSpeed(of: trial)
                    report(.trialFinished(trial))
                } catch {
                    try restore()
                    throw error
                }
                try restore()
                try writeTrials()
                try saveCheckpoint()
            }
            let results = candidates.compactMap { candidate in trial(of: candidate, rung: rung) }
            let survivors = TaskSearch.survivors(of: results, imageCount: data.validation.count)
            guard let best = survivors.first else {
                throw RunError.notFinite(
                    what: "the loss of every trial", step: state.step,
                    learningRate: recipe.learningRates.head,
                    lastGood: "best.safetensors keeps the linear probe")
            }
            winner = best
            candidates = survivors.count < candidates.count ? survivors : [best]
            rung += 1
        }
        return winner
    }

    /// Writes `trials.csv`: short runs, then full ones.
    func writeTrials() throws {
        try AtomicFile.write(Trial.csv(allTrials), to: folder.trials)
    }

    /// Short runs and full ones, in the order in which they ended.
    var allTrials: [Trial] { (state.trials ?? []) + (state.fullRuns ?? []) }

    /// The recipe with its batch-norm statistics and augmentation decided.
    var decidedRecipe: Recipe {
        var decided = recipe
        decided.batchNorm = state.batchNorm ?? recipe.batchNorm
        decided.augmentation = state.augmentation ?? recipe.augmentation
        return decided
    }

    private var shallowest: ResNet18.Stage { recipe.deepestStage }

    /// What is taken where nothing was tried before: the middle rates, or the least where there is no time for half of
    /// the epochs to make up for what larger ones do at first.
    private func firstCandidate(_ search: TaskSearch) -> Candidate {
        let middle = search.middle(depth: shallowest)
        let isShort = !timePlan.fits(
            runs: 1, epochs: (wishedEpochs(search) + 1) / 2, from: middle.depth, secondsLeft: secondsLeft)
        return Candidate(
            rateFactor: isShort ? search.rateFactors.min() ?? middle.rateFactor : middle.rateFactor,
            depth: middle.depth)
    }

    /// What is tried; an interrupted search goes on with what it had planned, however much time was lost since.
    private func plannedTrials(_ search: TaskSearch) -> TimePlan.Trials {
        if let planned = state.trialPlan { return planned }
        let planned = timePlan.plannedTrials(of: recipe, search, secondsLeft: secondsLeft)
        state.trialPlan = planned
        state.secondsBeforeTrials = seconds
        return planned
    }

    /// Without a probe, the first trial tells how fast the machine is.
    private func noteSpeed(of trial: Trial) {
        guard state.forwardSeconds == nil else { return }
        let unit = TimePlan(
            forwardSeconds: 1, validationSeconds: 0, trainImageSize: recipe.trainImageSize,
            stepsPerEpoch: stepsPerEpoch, batchSize: min(recipe.batchSize, data.train.count))
        state.forwardSeconds =
            trial.seconds
            / (unit.stepSeconds(from: trial.depth, imageSize: trial.imageSize) * Double(trial.steps))
    }

    private func trial(of candidate: Candidate, rung: Int) -> Trial? {
        state.trials?.first {
            $0.rung == rung && $0.rateFactor == candidate.rateFactor && $0.depth == candidate.depth
        }
    }

    private func hasTried(_ candidate: Candidate, rung: Int) -> Bool {
        trial(of: candidate, rung: rung) != nil
    }

    /// The recipe with a candidate's rates and depth.
    private func recipe(for candidate: Candidate, search: TaskSearch) -> Recipe {
        var recipe = decidedRecipe
        recipe.learningRates = recipe.learningRates.scaled(
            headTo: recipe.learningRates.head * candidate.rateFactor)
        if !search.depths.isEmpty {
            recipe.phases = [Phase(trainableFrom: candidate.depth, epochs: recipe.epochs)]
        }
        return recipe
    }

    /// Recipe of a full run.
    ///
    /// - Parameter epochs: nil for those that are wished and fit.
    func plan(for candidate: Candidate, search: TaskSearch, epochs: Int? = nil) -> Recipe {
        var plan = recipe(for: candidate, search: search)
        let fitting =
            epochs
            ?? timePlan.epochs(
                wished: wishedEpochs(search), from: plan.phases.map(\.trainableFrom).min() ?? .stem,
                slowness: slowness, secondsLeft: secondsLeftAfterTrials)
        // Without a probe there must be something to keep.
        plan.setEpochs(max(fitting, recipe.probe == nil ? 1 : 0))
        plan.schedule.warmupEpochs = max(plan.schedule.warmupEpochs, Self.warmupShare * Double(plan.epochs))
        plan.search = nil
        return plan
    }

    private func wishedEpochs(_ search: TaskSearch) -> Int {
        recipe.wishedEpochs(search, stepsPerEpoch: stepsPerEpoch)
    }

    /// Share of a full run in which the rates rise: Adam's first steps, of which it knows no variance, are large.
    private static let warmupShare = 0.1

    /// Seconds of the budget that are left; nil without one.
    var secondsLeft: Double? { recipe.timeBudget.map { $0 - seconds - TimePlan.closingSeconds } }

    /// The same after the last trial, by what the trials say they took: an interruption changes no plan.
    private var secondsLeftAfterTrials: Double? {
        let spent =
            (state.secondsBeforeTrials ?? seconds) + (state.trials ?? []).reduce(0) { $0 + $1.seconds }
        return recipe.timeBudget.map { $0 - spent - TimePlan.closingSeconds }
    }

    /// Seconds that a full run will take; nil when no speed is known.
    func forecast(_ plan: Recipe) -> Double? {
        guard state.forwardSeconds != nil else { return nil }
        return plan.phases.reduce(0) {
            $0 + timePlan.epochSeconds(from: $1.trainableFrom) * slowness * Double($1.epochs)
        }
    }

    /// Seconds that the trials took over those foreseen; 1 without trials.
    private var slowness: Double {
        let trials = state.trials ?? []
        let foreseen = trials.reduce(0) {
            $0 + timePlan.stepSeconds(from: $1.depth, imageSize: $1.imageSize) * Double($1.steps)
                + timePlan.validationSeconds
        }
        return foreseen > 0 ? trials.reduce(0) { $0 + $1.seconds } / foreseen : 1
    }

    /// What is known of the machine's speed, from the probe's passes.
    var timePlan: TimePlan {
        let speed = state.forwardSeconds ?? 0
        let shrink = Double(recipe.trainImageSize) / Double(max(recipe.preprocessing.imageSize, 1))
        return TimePlan(
            forwardSeconds: speed * shrink * shrink, validationSeconds: speed * Double(data.validation.count),
            trainImageSize: recipe.trainImageSize, stepsPerEpoch: stepsPerEpoch,
            batchSize: min(recipe.batchSize, data.train.count))
    }

    /// Optimiser steps of an epoch.
    var stepsPerEpoch: Int {
        (epochSampler.count + recipe.batchSize - 1) / recipe.batchSize
    }

    /// Trains for so many steps, warm-up and cosine included, and measures on the validation images. The network is
    /// left as the trial leaves it.
    private func run(
        _ candidate: Candidate, rung: Int, steps: Int, imageSize: Int
    ) throws -> Trial {
        let started = ContinuousClock.now
        var recipe = recipe(for: candidate, search: recipe.search ?? TaskSearch())
        if imageSize != recipe.trainImageSize {
            // Random crops of small images show things about as large as whole images of full size do; without
            // them validation shrinks along.
            if !recipe.augmentation.randomCrop {
                recipe.preprocessing = recipe.preprocessing.scaled(
                    toImageSize: recipe.preprocessing.imageSize * imageSize / recipe.trainImageSize)
            }
            recipe.trainImageSize = imageSize
        }
        recipe.schedule.warmupEpochs = Self.warmupShare * Double(steps) / Double(stepsPerEpoch)
        var runner = runner
        runner.preprocessing = recipe.preprocessing
        TorchRuntime.releaseFreedMemory()
        let fitting = try Fitting(
            recipe, of: model, resources: resources, microBatchSize: state.microBatchSize)
        fitting.outOfMemory = { [unowned self] in noteOutOfMemory($0) }
        var scores: ValidationScores?
        do {
            var step = 0
            var epoch = 0
            while step < steps {
                epoch += 1
                let (loader, _, _) = try epochLoader(recipe, epoch: epoch, skippingBatches: 0)
                defer { loader.stop() }
                while step < steps, let batch = try loader.next() {
                    let factor = recipe.schedule.factor(
                        step: step, stepsPerEpoch: stepsPerEpoch,
                        totalEpochs: Double(steps) / Double(stepsPerEpoch))
                    _ = try fitting.step(
                        LabelledImages(batch), trainableFrom: candidate.depth, factor: factor, step: step)
                    step += 1
                    report(
                        .pass(
                            name: "trial", done: step * timePlan.batchSize, total: steps * timePlan.batchSize)
                    )
                    try throwIfStopped()
                }
            }
            scores = try fitting.withWeightsToKeep {
                if recipe.batchNorm == .task { try estimateStatistics(by: runner) }
                return try self.scores(of: try runner.logits(data.validation))
            }
        } catch is LossNotFinite {
            // What a rate that is too high does: a result like any other.
        } catch EvaluationError.notFinite {
        }
        return Trial(
            rung: rung, rateFactor: candidate.rateFactor, depth: candidate.depth, steps: steps,
            imageSize: recipe.trainImageSize, validationLoss: scores?.loss,
            validationAccuracy: scores?.accuracy,
            validationMacroF1: scores?.macroF1, seconds: (ContinuousClock.now - started).seconds,
            calibratedLoss: scores?.calibratedLoss)
    }
}
