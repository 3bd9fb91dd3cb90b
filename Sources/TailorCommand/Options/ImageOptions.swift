import Tailor
import TailorArguments

/// Size, geometry and augmentation of the images.
struct ImageOptions: ArgumentGroup {
    @Option(
        completion: .words(["auto"]), shown: "\(Recipe.standard.preprocessing.imageSize)",
        help:
            "Side of the image that the network is evaluated on; auto tries the model on larger ones, too, once it is "
            + "trained.")
    var imageSize: ImageSide?

    @Option(
        placeholder: "pixels", bounds: .within(RecipeLimits.imageSize),
        shown: "the recipe's, in proportion to --image-size",
        help: "Side of the training crops.")
    var trainImageSize: Int?

    @Option(
        placeholder: "pixels", shown: "--image-size; 256 is torchvision's",
        help: "Short side before the crop.")
    var resize: Int?

    @Option(
        shown: Recipe.standard.preprocessing.fit.rawValue,
        help: "What to do with images that are not square.")
    var fit: Preprocessing.Fit?

    @Option(
        shown: "0:65535", help: "Samples of 16-bit images that become black and white; stored in the model.")
    var intensityRange: IntensityRange?

    @Option(
        shown: "standard",
        help: "Random changes to training images; inspection is for a fixed camera and only flips.")
    var augment: NamedAugmentation?

    @Option(shown: text(\.cropScale), help: "Share of the area that a random crop shows.")
    var cropScale: NumberRange?

    @Option(shown: text(\.cropRatio), help: "Width to height of a random crop.")
    var cropRatio: NumberRange?

    @Option(
        placeholder: "probability", bounds: .within(0...1), shown: text(\.horizontalFlip),
        help: "Probability of mirroring left to right.")
    var horizontalFlip: Double?

    @Option(
        placeholder: "probability", bounds: .within(0...1), shown: text(\.verticalFlip),
        help: "Probability of mirroring top to bottom.")
    var verticalFlip: Double?

    @Option(
        placeholder: "degrees", bounds: .within(Augmentation.rotations), shown: text(\.rotationDegrees),
        help: "Largest random rotation either way.")
    var rotation: Double?

    @Option(
        bounds: .within(Augmentation.colorFactors), shown: text(\.brightness),
        help: "Random brightness factor 1 ± this.")
    var brightness: Double?

    @Option(
        bounds: .within(Augmentation.colorFactors), shown: text(\.contrast),
        help: "Random contrast factor 1 ± this.")
    var contrast: Double?

    @Option(
        bounds: .within(Augmentation.colorFactors), shown: text(\.saturation),
        help: "Random saturation factor 1 ± this.")
    var saturation: Double?

    @Option(
        placeholder: "turns", bounds: .within(Augmentation.hues), shown: text(\.hue),
        help: "Random hue shift ± this, in turns of the colour circle.")
    var hue: Double?

    func apply(to recipe: inout Recipe) {
        if case .automatic? = imageSize { recipe.searchesImageSize = true }
        if case .pixels(let imageSize)? = imageSize {
            recipe.trainImageSize = recipe.trainImageSize * imageSize / max(recipe.preprocessing.imageSize, 1)
            recipe.preprocessing = recipe.preprocessing.scaled(toImageSize: imageSize)
        }
        if let resize { recipe.preprocessing.resizeShortSide = resize }
        if let fit { recipe.preprocessing.fit = fit }
        if let intensityRange { recipe.preprocessing.intensityRange = intensityRange }
        if let trainImageSize { recipe.trainImageSize = trainImageSize }
        if let augment { recipe.augmentation = augment.value }
        if augment != nil || cropScale != nil { recipe.search?.leastCropScales = [] }
        if cropScale != nil || cropRatio != nil { recipe.augmentation.randomCrop = true }
        if let cropScale { recipe.augmentation.cropScale = cropScale.range }
        if let cropRatio { recipe.augmentation.cropRatio = cropRatio.range }
        if let horizontalFlip { recipe.augmentation.horizontalFlip = horizontalFlip }
        if let verticalFlip { recipe.augmentation.verticalFlip = verticalFlip }
        if let rotation { recipe.augmentation.rotationDegrees = rotation }
        if let brightness { recipe.augmentation.brightness = brightness }
        if let contrast { recipe.augmentation.contrast = contrast }
        if let saturation { recipe.augmentation.saturation = saturation }
        if let hue { recipe.augmentation.hue = hue }
    }

    private static func text(_ path: KeyPath<Augmentation, Double>) -> String {
        Recipe.standard.augmentation[keyPath: path].argumentText
    }

    private static func text(_ path: KeyPath<Augmentation, ClosedRange<Double>>) -> String {
        NumberRange(Recipe.standard.augmentation[keyPath: path]).argumentText
    }
}

extension Preprocessing.Fit: ArgumentValue {}

/// `auto`, or a number of pixels.
enum ImageSide: ArgumentValue {
    case automatic
    case pixels(Int)

    init(argument text: String) throws(ValueProblem) {
        if text == "auto" {
            self = .automatic
        } else if let pixels = Int(text), RecipeLimits.imageSize.contains(pixels) {
            self = .pixels(pixels)
        } else {
            let range = RecipeLimits.imageSize
            throw ValueProblem(
                expected: "auto, or a whole number of \(range.lowerBound) to \(range.upperBound)")
        }
    }

    var argumentText: String {
        switch self {
        case .automatic: "auto"
        case .pixels(let pixels): "\(pixels)"
        }
    }
    static var placeholder: String { "pixels|auto" }
}

/// `LOW:HIGH`, two samples of 16 bits.
extension IntensityRange: ArgumentValue {
    package init(argument text: String) throws(ValueProblem) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, let low = parts[0], let high = parts[1],
            let range = try? IntensityRange(low: low, high: high)
        else {
            throw ValueProblem(expected: "LOW:HIGH, whole numbers with 0 ≤ LOW < HIGH ≤ 65535")
        }
        self = range
    }

    package var argumentText: String { "\(low):\(high)" }
    package static var placeholder: String { "low:high" }
}

/// Augmentation chosen by its name.
struct NamedAugmentation: ArgumentValue {
    let argumentText: String
    let value: Augmentation

    init(argument text: String) throws(ValueProblem) {
        guard let value = try? Augmentation.preset(named: text) else {
            throw ValueProblem.oneOf(Self.choices)
        }
        argumentText = text
        self.value = value
    }

    static var choices: [String] { Augmentation.presetNames }
    static var placeholder: String { choices.joined(separator: "|") }
}

/// `LOW:HIGH`, two numbers above 0.
struct NumberRange: ArgumentValue {
    let range: ClosedRange<Double>

    init(_ range: ClosedRange<Double>) { self.range = range }

    init(argument text: String) throws(ValueProblem) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 2, let low = parts[0], let high = parts[1], low > 0, low <= high, high.isFinite
        else {
            throw ValueProblem(expected: "LOW:HIGH with 0 < LOW ≤ HIGH")
        }
        range = low...high
    }

    /// Range rounded to four decimals: 4:3 has no end.
    var argumentText: String {
        [range.lowerBound, range.upperBound].map { (($0 * 1e4).rounded() / 1e4).argumentText }
            .joined(separator: ":")
    }
    static var placeholder: String { "low:high" }
}
