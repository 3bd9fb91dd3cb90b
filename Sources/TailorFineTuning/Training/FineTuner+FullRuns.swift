import Foundation
import TailorCheckpoints
import TailorEvaluation
import TailorSupport
import TailorTensors

/// One full run after the other from the same start: other rates, another depth, another seed.
extension FineTuner {
    /// Seed of the full run that is under way: decides the order of images and their augmentation.
    var currentSeed: UInt64 { seed &+ UInt64(state.run ?? 0) }

    var startWeights: URL { folder.checkpoint.appending(path: "start.safetensors") }

    func weights(of seed: UInt64) -> URL {
        folder.checkpoint.appending(path: "seed-\(seed).safetensors")
    }

    /// See ``Recipe/averagesRuns``.
    var averages: Bool { recipe.averagesRuns }

    /// Keeps the network that every full run starts from.
    func saveStart() throws {
        try FileManager.default.createDirectory(at: folder.checkpoint, withIntermediateDirectories: true)
        try saveWeights(to: startWeights)
    }

    /// Puts the state before the first step of a full run.
    private func begin(run: Int, plan: Recipe? = nil) throws {
        guard FileManager.default.fileExists(atPath: startWeights.path) else {
            throw RunError.lost(folder.url.path, name: "checkpoint/\(startWeights.lastPathComponent)")
        }
        try model.load(Safetensors.read(startWeights).tensors, replacingHead: false)
        state.plan = plan ?? self.plan
        fitting = try Fitting(
            self.plan, of: model, resources: resources, microBatchSize: state.microBatchSize)
        fitting.outOfMemory = { [unowned self] in noteOutOfMemory($0) }
        state.run = run
        state.phase = 0
        state.epochInPhase = 0
        state.epoch = 0
        state.step = 0
        state.batchesDone = 0
        state.imagesDone = 0
        state.lossSum = 0
        state.stopping = EarlyStoppingMonitor()
        state.timing = nil
        try saveCheckpoint()
        try JSONFile.write(self.plan, to: folder.recipe)
    }

    /// Begins the full run that comes next, if one does and it fits into the time that is left.
    func beginNextRun() throws -> Bool {
        let next = (state.run ?? 0) + 1
        guard !plan.phases.isEmpty else { return false }
        guard let search = recipe.search else {
            guard next < recipe.seeds, epochsThatFit(plan, least: plan.epochs) != nil else { return false }
            try begin(run: next)
            report(.note("seed \(currentSeed):"))
            return true
        }
        guard let candidate = search.nextFullRun(after: state.fullRuns ?? [], seeds: recipe.seeds) else {
            return false
        }
        var plan = plan(for: candidate, search: search, epochs: fullEpochs)
        guard let epochs = epochsThatFit(plan, least: max(1, plan.epochs / 2)) else { return false }
        if epochs < plan.epochs { plan = self.plan(for: candidate, search: search, epochs: epochs) }
        let seconds = expectedSeconds(plan)
        state.candidate = candidate
        try begin(run: next, plan: plan)
        report(.planned(plan, seconds: seconds))
        return true
    }

    /// Epochs of a full run: as many as the first was to have.
    private var fullEpochs: Int {
        state.timing.map { ($0.scheduledSteps + stepsPerEpoch - 1) / stepsPerEpoch } ?? plan.epochs
    }

    /// Epochs of one more full run that there is time for, at most its own; nil for less than `least`.
    private func epochsThatFit(_ plan: Recipe, least: Int) -> Int? {
        guard let left = secondsLeft else { return plan.epochs }
        let share = max(0, left) / max(expectedSeconds(plan), 1e-9)
        let epochs = share >= 1 ? plan.epochs : Int(Double(plan.epochs) * share)
        if epochs >= least { return epochs }
        report(.note("no time for another full run"))
        return nil
    }

    /// Seconds that a full run will take, by what the last one that ended took.
    private func expectedSeconds(_ next: Recipe) -> Double {
        func work(_ plan: Recipe) -> Double {
            plan.phases.reduce(0) { $0 + TimePlan.cost(from: $1.trainableFrom) * Double($1.epochs) }
        }
        if let last = state.fullRuns?.last(where: { $0.scores != nil }), last.steps > 0 {
            // Several phases are the same in all runs.
            let done =
                plan.phases.count > 1
                ? work(plan)
                : TimePlan.cost(from: last.depth) * Double(last.steps) / Double(max(stepsPerEpoch, 1))
            return last.seconds * work(next) / done
        }
        let last = state.history.filter { $0.seed == currentSeed }.reduce(0) { $0 + $1.seconds }
        return last * work(next) / max(work(plan), 1)
    }

    /// Starts another full run after one diverged: with the rates that come next if there is a result already, else
    /// with a third of these. False when that has been tried enough, or when the rates were not found here.
    func beginOtherRun(after error: RunError) throws -> Bool {
        guard case .notFinite = error, let search = recipe.search, let candidate = state.candidate else {
            return false
        }
        let best = Trial.best(of: state.fullRuns ?? [])
        guard best != nil || (state.restarts ?? 0) < Self.mostRestarts else { return false }
        state.fullRuns = (state.fullRuns ?? []) + [fullRun(candidate, scores: nil)]
        try writeTrials()
        if let seed = best?.seed {
            report(.warning("the run diverged: these learning rates are left out"))
            // Over, without a result; the weights may be NaN by now.
            try model.load(savedTensors(weights(of: seed)), replacingHead: false)
            try fitting.average?.reset()
            state.phase = plan.phases.count
            try saveCheckpoint()
            return true
        }
        state.restarts = (state.restarts ?? 0) + 1
        let slower = Candidate(
            rateFactor: candidate.rateFactor / Self.restartDivisor, depth: candidate.depth)
        state.candidate = slower
        try begin(
            run: state.run ?? 0, plan: plan(for: slower, search: search, epochs: fullEpochs))
        report(.warning("the run diverged; starting it again with a third of the learning rates"))
        return true
    }

    private static let mostRestarts = 3
    private static let restartDivisor = 3.0

    /// Enters the full run that ended among what was tried.
    func noteFullRun() throws {
        guard let candidate = state.candidate, !(state.fullRuns ?? []).contains(where: isOfThisRun),
            let best = bestOfSeeds.first(where: { $0.seed == currentSeed })
        else { return }
        state.fullRuns = (state.fullRuns ?? []) + [fullRun(candidate, scores: best.scores)]
        try writeTrials()
    }

    /// Whether this is the run under way, finished, or diverged without being started again.
    private func isOfThisRun(_ trial: Trial) -> Bool {
        trial.seed == currentSeed && (trial.scores != nil || trial.candidate == state.candidate)
    }

    private func fullRun(_ candidate: Candidate, scores: ValidationScores?) -> Trial {
        Trial(
            rung: nil, rateFactor: candidate.rateFactor, depth: candidate.depth, steps: state.step,
            imageSize: plan.trainImageSize, validationLoss: scores?.loss,
            validationAccuracy: scores?.accuracy,
            validationMacroF1: scores?.macroF1,
            seconds: state.history.filter { $0.seed == currentSeed }.reduce(0) { $0 + $1.seconds },
            calibratedLoss: scores?.calibratedLoss, seed: currentSeed)
    }

    /// Makes the recipe of the best full run the one that the record and `recipe.json` tell.
    func settlePlan() throws {
        guard let search = recipe.search, let best = Trial.best(of: state.fullRuns ?? []) else { return }
        guard best.candidate != state.candidate else { return }
        state.plan = plan(for: best.candidate, search: search, epochs: best.steps / max(stepsPerEpoch, 1))
        try JSONFile.write(plan, to: folder.recipe)
    }

    /// Best epoch of each seed, in the order of the seeds.
    var bestOfSeeds: [EpochRecord] {
        var best: [UInt64: EpochRecord] = [:]
        for row in state.history {
            guard let seed = row.seed else { continue }
            if row.scores.isBetter(than: best[seed]?.scores) { best[seed] = row }
        }
        return best.sorted { $0.key < $1.key }.map(\.value)
    }

    /// The same for the record.
    var seedResults: [SeedResult] {
        bestOfSeeds.compactMap { row in
            guard let seed = row.seed else { return nil }
            let tried = state.fullRuns?.last { $0.seed == seed }
            return SeedResult(
                seed: seed, epoch: row.epoch, validationLoss: row.validationLoss,
                validationAccuracy: row.validationAccuracy, validationMacroF1: row.validationMacroF1,
                rateFactor: tried?.rateFactor, depth: tried?.depth, calibratedLoss: row.calibratedLoss)
        }
    }

    /// Deletes what only going on needed: the checkpoints, a quarter of a gigabyte, and the weights of further runs.
    /// Failing to is harmless, and files of others stay.
    func removePassingFiles() {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.checkpoint.path)) ?? []
        let passing = files.filter { $0 == startWeights.lastPathComponent || $0.hasPrefix("seed-") }
        for name in passing where name.hasSuffix(".safetensors") {
            try? FileManager.default.removeItem(at: folder.checkpoint.appending(path: name))
        }
        checkpoints.remove()
        rmdir(folder.checkpoint.path)
    }
}
