import Foundation
import TailorCheckpoints
import TailorEvaluation
import TailorSupport
import TailorTensors

/// One full run after the other from the same start, each with another seed, and the average of those that help.
extension FineTuner {
    /// Seed of the full run that is under way: decides the order of images and their augmentation.
    var currentSeed: UInt64 { seed &+ UInt64(state.run ?? 0) }

    private var startWeights: URL { folder.checkpoint.appending(path: "start.safetensors") }

    private func weights(of seed: UInt64) -> URL {
        folder.checkpoint.appending(path: "seed-\(seed).safetensors")
    }

    /// Whether weights are averaged in the end, and the files for it kept.
    private var averages: Bool { recipe.search != nil || recipe.seeds > 1 }

    /// Keeps the network that every full run starts from.
    func saveStart() throws {
        try FileManager.default.createDirectory(at: folder.checkpoint, withIntermediateDirectories: true)
        try saveWeights(to: startWeights)
    }

    /// Puts the state before the first step of a full run.
    private func begin(run: Int) throws {
        try model.load(Safetensors.read(startWeights).tensors, replacingHead: false)
        fitting = try Fitting(plan, of: model, resources: resources, microBatchSize: state.microBatchSize)
        fitting.outOfMemory = noteOutOfMemory
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
    }

    /// Begins the full run with the next seed, if one is wanted and fits into the time that is left.
    func beginNextSeed() throws -> Bool {
        let next = (state.run ?? 0) + 1
        guard next < recipe.seeds, !plan.phases.isEmpty else { return false }
        let last = state.history.filter { $0.seed == currentSeed }.reduce(0) { $0 + $1.seconds }
        if let left = secondsLeft, left < last {
            report(.note("no time for seed \(seed &+ UInt64(next))"))
            return false
        }
        try begin(run: next)
        report(.note("seed \(currentSeed):"))
        return true
    }

    /// Starts the full run again with smaller rates after it diverged. False when that has been tried enough, or
    /// when the rates were not found here.
    func beginAgain(after error: RunError) throws -> Bool {
        guard case .notFinite = error, recipe.search != nil, (state.restarts ?? 0) < Self.mostRestarts else {
            return false
        }
        var slower = plan
        slower.learningRates = plan.learningRates.scaled(
            headTo: plan.learningRates.head / Self.restartDivisor)
        state.restarts = (state.restarts ?? 0) + 1
        state.plan = slower
        try begin(run: state.run ?? 0)
        try JSONFile.write(slower, to: folder.recipe)
        report(.warning("the run diverged; starting it again with a third of the learning rates"))
        return true
    }

    private static let mostRestarts = 3
    private static let restartDivisor = 3.0

    /// Keeps the weights in the network if the row is the best of its seed, for the soup.
    func keepForSoup(_ row: EpochRecord) throws {
        guard averages, let seed = row.seed else { return }
        let earlier = state.history.dropLast().filter { $0.seed == seed }
        let best = earlier.reduce(nil as ValidationScores?) {
            $1.scores.isBetter(than: $0) ? $1.scores : $0
        }
        if row.scores.isBetter(than: best) { try saveWeights(to: weights(of: seed)) }
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

    /// Averages the weights of seeds greedily (Wortsman et al., 2022, "Model soups"): from the best on, each is
    /// taken in if the average with it is better on the validation images; the network before fine-tuning comes
    /// last. Enters the soup as a row, which is kept if it is the best.
    func cookSoup() throws {
        let seeds = bestOfSeeds.sorted { $0.scores.isBetter(than: $1.scores) }
        guard averages, plan.batchNorm != .trained, let first = seeds.first?.seed,
            !state.history.contains(where: { $0.phase == EpochRecord.soupPhase })
        else { return }
        let started = ContinuousClock.now
        var files = seeds.compactMap(\.seed).map { (name: "seed \($0)", url: weights(of: $0)) }
        files.append((name: "the linear probe", url: startWeights))
        var sum = try tensors(of: weights(of: first))
        var names = ["seed \(first)"]
        var best: (scores: ValidationScores, logits: ScoreMatrix)?
        for (name, url) in files.dropFirst() {
            let added = try tensors(of: url)
            let count = Double(names.count + 1)
            let candidate = try zip(sum, added).map { try $0.adding($1) }
            try load(candidate, dividedBy: count)
            if plan.batchNorm == .task { try estimateStatistics() }
            guard let logits = try? runner.logits(data.validation) else { continue }
            let scores = try scores(of: logits)
            if scores.isBetter(than: best?.scores ?? seeds.first?.scores) {
                sum = candidate
                names.append(name)
                best = (scores, logits)
            }
            try throwIfStopped()
        }
        guard let best else {
            report(.note("averaging weights does not help"))
            return
        }
        try load(sum, dividedBy: Double(names.count))
        if plan.batchNorm == .task { try estimateStatistics() }
        report(.note("averaged weights of \(names.listed()):"))
        _ = try keepIfBest(
            EpochRecord(
                epoch: plan.epochs, phase: EpochRecord.soupPhase, trainLoss: .nan, scores: best.scores,
                learningRates: .uniform(0), imagesPerSecond: 0,
                seconds: (ContinuousClock.now - started).seconds, step: 0),
            logits: best.logits)
    }

    /// Deletes what only further runs needed.
    func removeSeedFiles() {
        let files = [startWeights] + (0..<max(recipe.seeds, 1)).map { weights(of: seed &+ UInt64($0)) }
        for url in files { try? FileManager.default.removeItem(at: url) }
    }

    /// Tensors of a file in the order of the network's state; batch counts left out.
    private func tensors(of url: URL) throws -> [Tensor] {
        let found = try Safetensors.read(url).tensors
        return try averaged.map { name, tensor in
            guard let value = found[name] else {
                throw RunError.damagedCheckpoint(url.path, reason: "it has no \(name)")
            }
            return try value.to(tensor.device)
        }
    }

    private func load(_ sum: [Tensor], dividedBy count: Double) throws {
        for ((_, target), total) in zip(averaged, sum) {
            try target.copy(from: total.divided(by: count))
        }
    }

    private var averaged: [(String, Tensor)] {
        model.stateDictionary().filter { $0.1.dtype.isFloatingPoint }
    }
}

/// Result of one seed: its best epoch on the validation images; part of `run.json`.
public struct SeedResult: Codable, Sendable, Hashable {
    public var seed: UInt64
    public var epoch: Int
    public var validationLoss: Double
    public var validationAccuracy: Double
    public var validationMacroF1: Double
}
