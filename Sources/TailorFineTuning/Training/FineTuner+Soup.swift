import Foundation
import TailorCheckpoints
import TailorEvaluation
import TailorSupport
import TailorTensors

/// The average of full runs' weights.
extension FineTuner {
    /// Where the network's weights are kept for the soup: nowhere if the row is not the best of its seed.
    func soupFiles(for row: EpochRecord) -> [URL] {
        guard averages, let seed = row.seed, bestOfSeeds.contains(row) else { return [] }
        return [weights(of: seed)]
    }

    /// Averages the weights of full runs greedily (Wortsman et al., 2022, "Model soups"): from the best on, each is
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
            let logits: ScoreMatrix
            do {
                logits = try runner.logits(data.validation)
            } catch EvaluationError.notFinite {
                continue
            }
            let scores = try scores(of: logits)
            if scores.isBetter(than: best?.scores ?? seeds[0].scores) {
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

    /// Tensors of a file in the order of the network's state; batch counts left out.
    private func tensors(of url: URL) throws -> [Tensor] {
        let found = try savedTensors(url)
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
