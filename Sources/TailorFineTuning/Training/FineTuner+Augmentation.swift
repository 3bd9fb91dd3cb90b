import Foundation
import TailorImages
import TailorSupport
import TailorTensors

/// How the linear probe did with one strength of random crops; part of `run.json`.
public struct CropMeasurement: Codable, Sendable, Hashable {
    /// Least share of the area that a crop shows.
    public var leastCropScale: Double
    public var validationMacroF1: Double
    public var validationLoss: Double
}

extension Recipe {
    /// The recipe's augmentation, and it with other crops.
    var augmentationsToMeasure: [Augmentation] {
        guard !augmentation.isIdentity else { return [] }
        let own = augmentation
        guard own.randomCrop, let search else { return [own] }
        let others = search.leastCropScales.filter { $0 != own.cropScale.lowerBound }
        return [own]
            + others.filter { $0 <= own.cropScale.upperBound }.map {
                var other = own
                other.cropScale = $0...own.cropScale.upperBound
                return other
            }
    }
}

extension FineTuner {

    /// Fits the head to the plain images and to views by each augmentation. A head that learns from crops answers
    /// whole images well where crops keep what the class shows, and badly where they cut it off: the augmentation
    /// whose head has the least loss on the validation images is taken for fine-tuning.
    func settledAugmentation(
        _ augmentations: [Augmentation], probe: LinearProbe, plain: PlainFeatures, pass: FeaturePass
    ) throws -> MeasuredHead {
        var heads: [MeasuredHead] = []
        for augmentation in augmentations {
            var parts = [plain.train]
            for index in 0..<probe.augmentedViews {
                parts.append(
                    try features(
                        data.train, pass,
                        view: .init(
                            augmentation: augmentation, imageSize: recipe.trainImageSize, seed: seed,
                            index: index)))
            }
            heads.append(
                try bestHead(probe, train: try FeatureSet.joined(parts), validation: plain.validation))
        }
        let taken = heads.indices.min { heads[$0].leastLoss < heads[$1].leastLoss } ?? 0
        if augmentations.count > 1 {
            state.augmentation = augmentations[taken]
            state.cropMeasurements = zip(augmentations, heads).map {
                CropMeasurement(
                    leastCropScale: $0.cropScale.lowerBound, validationMacroF1: $1.scores.macroF1,
                    validationLoss: $1.leastLoss)
            }
            let list = zip(augmentations, heads).map {
                String(format: "%g: %.3f", $0.cropScale.lowerBound, $1.leastLoss)
            }
            report(
                .note(
                    String(
                        format:
                            "random crops of %g of the area and more (loss of a probe that learns from crops, ",
                        augmentations[taken].cropScale.lowerBound) + "\(list.joined(separator: ", ")))"))
        }
        return heads[taken]
    }
}
