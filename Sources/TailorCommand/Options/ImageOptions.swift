import ArgumentParser
import Tailor

/// Size, geometry and augmentation of the images.
struct ImageOptions: ParsableArguments {
    @Option(help: "Side of the image that the network is evaluated on, in pixels. Default 224.")
    var imageSize: Int?

    @Option(help: "Side of the training crops. Default: the recipe's, in proportion to --image-size.")
    var trainImageSize: Int?

    @Option(help: "Short side before the crop. Default: --image-size (256 is torchvision's).")
    var resize: Int?

    @Option(help: "What to do with images that are not square: crop, pad or squash.")
    var fit: Preprocessing.Fit?

    @Option(help: "standard, inspection (a fixed camera: flips only), guide, or none.")
    var augment: String?

    @Option(help: ArgumentHelp("Share of the area that a random crop shows.", valueName: "low:high"))
    var cropScale: String?

    @Option(help: ArgumentHelp("Width to height of a random crop.", valueName: "low:high"))
    var cropRatio: String?

    @Option(help: "Probability of mirroring left to right.")
    var horizontalFlip: Double?

    @Option(help: "Probability of mirroring top to bottom.")
    var verticalFlip: Double?

    @Option(help: "Largest random rotation either way, in degrees.")
    var rotation: Double?

    @Option(help: "Random brightness factor 1 ± this.")
    var brightness: Double?

    @Option(help: "Random contrast factor 1 ± this.")
    var contrast: Double?

    @Option(help: "Random saturation factor 1 ± this.")
    var saturation: Double?

    @Option(help: "Random hue shift ± this, in turns of the colour circle (at most 0.5).")
    var hue: Double?

    func apply(to recipe: inout Recipe) throws {
        if let imageSize {
            recipe.trainImageSize = recipe.trainImageSize * imageSize / max(recipe.preprocessing.imageSize, 1)
            recipe.preprocessing = recipe.preprocessing.scaled(toImageSize: imageSize)
        }
        if let resize { recipe.preprocessing.resizeShortSide = resize }
        if let fit { recipe.preprocessing.fit = fit }
        if let trainImageSize { recipe.trainImageSize = trainImageSize }
        if let augment { recipe.augmentation = try Augmentation.preset(named: augment) }
        if cropScale != nil || cropRatio != nil { recipe.augmentation.randomCrop = true }
        if let cropScale { recipe.augmentation.cropScale = try Self.range(cropScale, flag: "--crop-scale") }
        if let cropRatio { recipe.augmentation.cropRatio = try Self.range(cropRatio, flag: "--crop-ratio") }
        if let horizontalFlip { recipe.augmentation.horizontalFlip = horizontalFlip }
        if let verticalFlip { recipe.augmentation.verticalFlip = verticalFlip }
        if let rotation { recipe.augmentation.rotationDegrees = rotation }
        if let brightness { recipe.augmentation.brightness = brightness }
        if let contrast { recipe.augmentation.contrast = contrast }
        if let saturation { recipe.augmentation.saturation = saturation }
        if let hue { recipe.augmentation.hue = hue }
    }

    private static func range(_ text: String, flag: String) throws -> ClosedRange<Double> {
        let parts = text.split(separator: ":").compactMap { Double($0) }
        guard parts.count == 2, parts[0] > 0, parts[0] <= parts[1], parts[1].isFinite else {
            throw ValidationError("\(flag) \(text): expected LOW:HIGH with 0 < LOW ≤ HIGH")
        }
        return parts[0]...parts[1]
    }
}

extension Preprocessing.Fit: ExpressibleByArgument {}
