import Foundation
import TailorCheckpoints
import TailorEvaluation
import TailorImages
import TailorResNet
import TailorSupport
import TailorTensors

/// How the kept model does with larger images than it was trained for; part of `run.json`.
public struct ImageSizeMeasurement: Codable, Sendable, Hashable {
    /// Side of the evaluated square, pixels.
    public var imageSize: Int
    public var validationMacroF1: Double
    public var validationLoss: Double
}

extension FineTuner {
    /// Sides beside the recipe's that are tried: random crops show things larger than the evaluation transform does
    /// (Touvron et al., 2019, "Fixing the train-test resolution discrepancy").
    private static let sideFactors = [1.15, 1.29]

    /// The largest side that is tried, pixels.
    static func largestSide(of recipe: Recipe) -> Int {
        larger(recipe.preprocessing.imageSize).max() ?? recipe.preprocessing.imageSize
    }

    /// Sides beside the recipe's, multiples of 16.
    private static func larger(_ side: Int) -> [Int] {
        sideFactors.map { Int((Double(side) * $0 / 16).rounded()) * 16 }
    }

    /// Measures the kept model on larger validation images and settles on the smallest side whose macro-F1 is within
    /// noise of the best. Rewrites the kept weights, which name their preprocessing, where that changes it.
    func settleImageSize() throws {
        guard recipe.searchesImageSize, let best = state.best else { return }
        try model.load(savedTensors(folder.bestWeights), replacingHead: false)
        let side = recipe.preprocessing.imageSize
        var sides = [side]
        for larger in Self.larger(side) where !sides.contains(larger) { sides.append(larger) }
        let labels = data.validation.map(\.label)
        var found: [(preprocessing: Preprocessing, logits: ScoreMatrix, scores: ValidationScores)] = []
        for side in sides {
            var runner = runner
            runner.preprocessing = recipe.preprocessing.scaled(toImageSize: side)
            let logits = try runner.logits(data.validation) {
                self.report(
                    .pass(name: "\(side) pixels", done: $0, total: self.data.validation.count))
                try self.throwIfStopped()
            }
            found.append((runner.preprocessing, logits, try scores(of: logits)))
        }
        guard var taken = found.first,
            let top = found.max(by: { $1.scores.isBetter(than: $0.scores) })
        else { return }
        for candidate in found.reversed() {
            let noise = Self.noise(candidate.logits, top.logits, labels: labels)
            if candidate.scores.macroF1 >= top.scores.macroF1 - noise { taken = candidate }
        }
        record.imageSizes = found.map {
            ImageSizeMeasurement(
                imageSize: $0.preprocessing.imageSize, validationMacroF1: $0.scores.macroF1,
                validationLoss: $0.scores.loss)
        }
        let list = found.map { String(format: "%d: %.3f", $0.preprocessing.imageSize, $0.scores.macroF1) }
        report(
            .note(
                "image size \(taken.preprocessing.imageSize) (macro-F1 at \(list.listed()); the smallest within "
                    + "noise of the best)"))
        bestLogits = taken.logits
        guard taken.preprocessing != recipe.preprocessing else { return }
        preprocessing = taken.preprocessing
        record.preprocessing = taken.preprocessing
        try saveWeights(to: folder.bestWeights)
        var row = best
        row.validationLoss = taken.scores.loss
        row.validationAccuracy = taken.scores.accuracy
        row.validationMacroF1 = taken.scores.macroF1
        record.best = try .init(row, weights: folder.bestWeights)
    }
}
