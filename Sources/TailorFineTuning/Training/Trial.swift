import Foundation
import TailorResNet
import TailorSupport

/// A short run of the search: what was tried, and what it gave on the validation images. Row of `trials.csv`.
public struct Trial: Codable, Sendable, Hashable {
    /// Round of the successive halving, from 0.
    public var rung: Int
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

    package init(
        rung: Int, rateFactor: Double, depth: ResNet18.Stage, steps: Int, imageSize: Int,
        validationLoss: Double?, validationAccuracy: Double?, validationMacroF1: Double?, seconds: Double
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
    }

    /// Nil when the run diverged: loss or outputs became infinite or NaN.
    var scores: ValidationScores? {
        guard let validationLoss, let validationAccuracy, let validationMacroF1 else { return nil }
        return ValidationScores(
            loss: validationLoss, accuracy: validationAccuracy, macroF1: validationMacroF1)
    }

    private static let csvColumns = [
        "rung", "rate_factor", "trained_from", "steps", "image_size", "val_loss", "val_accuracy",
        "val_macro_f1",
        "seconds", "diverged",
    ]

    static func csv(_ trials: [Trial]) -> Data {
        func number(_ value: Double?) -> String { value.map { String(format: "%.6f", $0) } ?? "" }
        let rows = trials.map { trial in
            [
                "\(trial.rung)", String(format: "%.4g", trial.rateFactor), trial.depth.rawValue,
                "\(trial.steps)",
                "\(trial.imageSize)", number(trial.validationLoss), number(trial.validationAccuracy),
                number(trial.validationMacroF1), String(format: "%.2f", trial.seconds),
                trial.scores == nil ? "1" : "0",
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

    /// A third of the candidates, at least one.
    package static func survivorCount(of count: Int) -> Int { max(1, (count + 2) / 3) }

    /// Candidates of the rung after one with these results: the best third, at least one; none when only one took
    /// part or all diverged. Those whose macro-F1 is within noise of the highest are ranked by loss, which chance
    /// moves less, the others by macro-F1; the order in which they were tried breaks ties.
    ///
    /// - Parameter imageCount: validation images.
    package static func survivors(of trials: [Trial], imageCount: Int) -> [Candidate] {
        guard trials.count > 1 else { return [] }
        let finite = trials.enumerated().compactMap { index, trial in
            trial.scores.map { (index: index, trial: trial, scores: $0) }
        }
        guard let top = finite.max(by: { $0.scores.macroF1 < $1.scores.macroF1 })?.scores else { return [] }
        // Of the images that one model misses, another on its level misses as many, give or take the root.
        let noise = ((1 - top.accuracy) / Double(max(imageCount, 1))).squareRoot()
        let ranked = finite.sorted { a, b in
            let (isNear, isOtherNear) = (
                a.scores.macroF1 >= top.macroF1 - noise, b.scores.macroF1 >= top.macroF1 - noise
            )
            if isNear != isOtherNear { return isNear }
            if isNear, a.scores.loss != b.scores.loss { return a.scores.loss < b.scores.loss }
            if !isNear, a.scores.macroF1 != b.scores.macroF1 { return a.scores.macroF1 > b.scores.macroF1 }
            return a.index < b.index
        }
        return ranked.prefix(survivorCount(of: trials.count)).map {
            Candidate(rateFactor: $0.trial.rateFactor, depth: $0.trial.depth)
        }
    }
}
