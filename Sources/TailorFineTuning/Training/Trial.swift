import Foundation
import TailorResNet
import TailorSupport

/// A run of the search: what was tried, and what it gave on the validation images. Row of `trials.csv`.
public struct Trial: Codable, Sendable, Hashable {
    /// Round of the successive halving, from 0; nil for a full run.
    public var rung: Int?
    /// Factor on the recipe's learning rates.
    public var rateFactor: Double
    /// Phases of the network that were trained, the first trained stage of each; `stem` is the whole network.
    public var depth: ResNet18.Stage
    public var steps: Int
    /// Side of the training crops, pixels.
    public var imageSize: Int
    /// Results on the validation images; nil when the run diverged.
    public var validationLoss: Double?
    public var validationAccuracy: Double?
    public var validationMacroF1: Double?
    public var seconds: Double
    /// Loss at the temperature that makes it least.
    package var calibratedLoss: Double?
    /// Seed of a full run; its results are those of its best epoch.
    public var seed: UInt64?

    package init(
        rung: Int?, rateFactor: Double, depth: ResNet18.Stage, steps: Int, imageSize: Int,
        validationLoss: Double?, validationAccuracy: Double?, validationMacroF1: Double?, seconds: Double,
        calibratedLoss: Double? = nil, seed: UInt64? = nil
    ) {
        self.rung = rung
        self.rateFactor = rateFactor
        self.depth = depth
        self.steps = steps
        self.imageSize = imageSize
        self.validationLoss = validationLoss
        self.validationAccuracy = validationAccuracy
        self.validationMacroF1 = validationMacroF1
        self.seconds = seconds
        self.calibratedLoss = calibratedLoss
        self.seed = seed
    }

    package var candidate: Candidate { Candidate(rateFactor: rateFactor, depth: depth) }

    /// Nil when the run diverged: loss or outputs became infinite or NaN.
    package var scores: ValidationScores? {
        guard let validationLoss, let validationAccuracy, let validationMacroF1 else { return nil }
        return ValidationScores(
            loss: validationLoss, calibratedLoss: calibratedLoss, accuracy: validationAccuracy,
            macroF1: validationMacroF1)
    }

    /// The first of those that do best on the validation images; nil when all diverged.
    package static func best(of trials: [Trial]) -> Trial? {
        trials.filter { $0.scores != nil }.reduce(nil) { best, trial in
            guard let best, let scores = trial.scores else { return best ?? trial }
            return scores.isBetter(than: best.scores) ? trial : best
        }
    }

    private static let csvColumns = [
        "rung", "rate_factor", "trained_from", "steps", "image_size", "val_loss", "val_accuracy",
        "val_macro_f1", "seconds", "diverged", "seed",
    ]

    static func csv(_ trials: [Trial]) -> Data {
        func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "" }
        let rows = trials.map { trial in
            [
                trial.rung.map(String.init) ?? "", String(format: "%.4g", trial.rateFactor),
                trial.depth.rawValue,
                "\(trial.steps)",
                "\(trial.imageSize)", number(trial.validationLoss), number(trial.validationAccuracy),
                number(trial.validationMacroF1), String(format: "%.2f", trial.seconds),
                trial.scores == nil ? "1" : "0", trial.seed.map { "\($0)" } ?? "",
            ]
        }
        return Data((([csvColumns] + rows).map(CSV.line).joined(separator: "\n") + "\n").utf8)
    }
}

/// Rates and depth that a trial tries.
package struct Candidate: Codable, Hashable, Sendable {
    package let rateFactor: Double
    package let depth: ResNet18.Stage

    package init(rateFactor: Double, depth: ResNet18.Stage) {
        self.rateFactor = rateFactor
        self.depth = depth
    }
}

extension TaskSearch {
    /// All pairs, the recipe's own rates and the shallowest depth first.
    ///
    /// - Parameter fallback: depth where the search has none.
    package func candidates(depth fallback: ResNet18.Stage) -> [Candidate] {
        (depths.isEmpty ? [fallback] : depths).flatMap { depth in
            rateFactors.map { Candidate(rateFactor: $0, depth: depth) }
        }
    }

    /// What is taken where nothing could be tried: the middle factor, trained as deep as the search goes.
    package func middle(depth fallback: ResNet18.Stage) -> Candidate {
        let factors = rateFactors.sorted()
        return Candidate(
            rateFactor: factors.isEmpty ? 1 : factors[(factors.count - 1) / 2],
            depth: depths.min() ?? fallback)
    }

    /// The full run that comes after others: each rate at the depth of the first one, then the other depths at the
    /// best rate, then the best of all with further seeds. Rates that are no less than one that diverged are left
    /// out.
    ///
    /// - Parameters:
    ///   - done: full runs, in their order.
    ///   - seeds: runs of what is best; with 1 the first run is the only one.
    package func nextFullRun(after done: [Trial], seeds: Int) -> Candidate? {
        guard seeds > 1, let first = done.first else { return nil }
        func isOpen(_ candidate: Candidate) -> Bool {
            !done.contains {
                $0.candidate == candidate
                    || $0.scores == nil && $0.depth == candidate.depth
                        && $0.rateFactor <= candidate.rateFactor
            }
        }
        let rates = rateFactors.map { Candidate(rateFactor: $0, depth: first.depth) }
        if let next = rates.first(where: isOpen) { return next }
        guard let best = Trial.best(of: done) else { return nil }
        let others = depths.map { Candidate(rateFactor: best.rateFactor, depth: $0) }
        if let next = others.first(where: isOpen) { return next }
        return done.count { $0.candidate == best.candidate } < seeds ? best.candidate : nil
    }

    /// A third of the candidates, at least one.
    package static func survivorCount(of count: Int) -> Int { max(1, (count + 2) / 3) }

    /// Candidates of the rung after one with these results: the best third, at least one; none when only one took
    /// part or all diverged.
    ///
    /// - Parameter imageCount: validation images.
    package static func survivors(of trials: [Trial], imageCount: Int) -> [Candidate] {
        guard trials.count > 1 else { return [] }
        let finite = trials.compactMap { trial in trial.scores.map { (trial, $0) } }
        let ranked = ValidationScores.ranked(finite.map(\.1), imageCount: imageCount).map { finite[$0].0 }
        return ranked.prefix(survivorCount(of: trials.count)).map(\.candidate)
    }
}
