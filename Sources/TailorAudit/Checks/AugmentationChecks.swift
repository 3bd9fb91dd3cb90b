import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorSupport

/// Checks of whether the augmentation may change the meaning of the classes.
struct AugmentationChecks {
    let augmentation: Augmentation
    let images: [ScreenedImage]
    let classes: [String]
    let greyShare: Double
    let colorIsTelling: Bool

    /// Mean correlation with the mean image above which the camera counts as fixed.
    private static let fixedCamera: Float = 0.5

    var findings: [Finding] { [jitter, crops, orientation].compactMap { $0 } }

    private var changesColor: Bool {
        augmentation.brightness > 0 || augmentation.contrast > 0 || augmentation.saturation > 0
            || augmentation.hue > 0
    }

    /// Mean correlation of the images with the mean image, −1…1: near 1 for parts in the same place before a
    /// fixed camera.
    var likeness: Float {
        let thumbnails = images.map { GreyImage($0.measurement.thumbnail).normalized }
        guard let first = thumbnails.first else { return 0 }
        var sum = [Float](repeating: 0, count: first.values.count)
        for thumbnail in thumbnails { for index in sum.indices { sum[index] += thumbnail.values[index] } }
        let mean = GreyImage(side: first.side, values: sum).normalized
        return thumbnails.reduce(0) { $0 + dot($1.values, mean.values) } / Float(thumbnails.count)
    }

    private var jitter: Finding? {
        guard changesColor, greyShare > 0.9 || colorIsTelling || likeness > Self.fixedCamera else {
            return nil
        }
        let reason =
            greyShare > 0.9
            ? "The images are grey: only their brightness carries anything, and a defect may be just that."
            : colorIsTelling
                ? "Colour or brightness differs by class; changing it at random changes the evidence."
                : "All pictures are taken alike, by a fixed camera: its light is constant, and what differs is evidence."
        return Finding(
            severity: .advice, area: .augmentation, code: "color-jitter",
            title: "The augmentation changes brightness or colour, which may carry the class here.",
            why: reason,
            remedy: "--augment inspection (flips only), or --brightness 0; compare both on validation.")
    }

    private var crops: Finding? {
        guard augmentation.randomCrop, augmentation.cropScale.lowerBound < 0.6, likeness > Self.fixedCamera
        else {
            return nil
        }
        let low = percent(augmentation.cropScale.lowerBound)
        return Finding(
            severity: .advice, area: .augmentation, code: "strong-crops",
            title:
                "Random crops show as little as \(low) of a picture, and all pictures show the same kind of part whole.",
            why: "A small defect often falls outside, and the crop is still labelled defective.",
            remedy: "--augment inspection, or --crop-scale 0.8:1.")
    }

    private var orientation: Finding? {
        let flips = [
            (augmentation.horizontalFlip > 0, 1, "mirrors left to right", "--horizontal-flip 0"),
            (
                augmentation.verticalFlip > 0 || augmentation.rotationDegrees > 90, 2, "turns top to bottom",
                "--vertical-flip 0"
            ),
        ]
        let confusing = flips.filter { $0.0 && confuses(variant: $0.1) }
        guard !confusing.isEmpty else { return nil }
        return Finding(
            severity: .warning, area: .augmentation, code: "flip-changes-class",
            title:
                "The augmentation \(confusing.map(\.2).joined(separator: " and ")), which makes one class look like another.",
            why: "Mirrored, the mean picture of a class resembles another class more than its own: left and "
                + "right, or up and down, seem to be what tells them apart.",
            remedy: confusing.map(\.3).joined(separator: " "))
    }

    /// Whether the classes are separable by their mean images but confused once mirrored.
    private func confuses(variant: Int) -> Bool {
        let thumbnails = images.map { GreyImage($0.measurement.thumbnail).resized(to: 16).normalized }
        guard let length = thumbnails.first?.values.count else { return false }
        var sums = classes.map { _ in [Float](repeating: 0, count: length) }
        for (image, thumbnail) in zip(images, thumbnails) {
            for index in 0..<length { sums[image.label][index] += thumbnail.values[index] }
        }
        func accuracy(_ turn: Int) -> Double {
            let votes = zip(images, thumbnails).map { image, thumbnail -> [Double] in
                let shown = thumbnail.variant(turn)
                return sums.indices.map { label in
                    var sum = sums[label]
                    // Leave-one-out: the image's own share is removed from its class mean.
                    if label == image.label {
                        for index in 0..<length { sum[index] -= thumbnail.values[index] }
                    }
                    return Double(dot(GreyImage(side: 16, values: sum).normalized.values, shown.values))
                }
            }
            return balancedAccuracy(votes, labels: images.map(\.label), classCount: classes.count)
        }
        let chance = 1 / Double(max(classes.count, 1))
        return accuracy(0) > chance + 0.4 * (1 - chance) && accuracy(variant) < 0.7 * chance
    }
}
