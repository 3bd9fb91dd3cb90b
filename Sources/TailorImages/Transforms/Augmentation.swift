import Foundation
import TailorSupport

/// Random changes to training images, with torchvision's parameters, meaning and order:
/// `RandomResizedCrop`, `RandomHorizontalFlip`, `RandomVerticalFlip`, `RandomRotation` (bilinear, fill
/// black; torchvision's own default interpolation is nearest), `ColorJitter`.
public struct Augmentation: Codable, Sendable, Hashable {
    /// Random crop on or off; without it the short side is resized and the centre cut out, as in evaluation.
    public var randomCrop: Bool
    /// Share of the image's area that the crop takes; within 0...1, above 0.
    public var cropScale: ClosedRange<Double>
    /// Width over height of the crop, drawn evenly in its logarithm; above 0.
    public var cropRatio: ClosedRange<Double>
    /// Probability of a flip, 0...1.
    public var horizontalFlip: Double
    /// Probability of a flip, 0...1.
    public var verticalFlip: Double
    /// Largest angle in degrees, 0...180; drawn from -rotationDegrees...rotationDegrees.
    public var rotationDegrees: Double
    /// Strength, 0 or more; the factor is drawn from max(0, 1 − brightness)...1 + brightness.
    public var brightness: Double
    /// Strength, 0 or more; drawn as `brightness`.
    public var contrast: Double
    /// Strength, 0 or more; drawn as `brightness`.
    public var saturation: Double
    /// Largest hue shift, 0...0.5 of the colour circle; drawn from -hue...hue.
    public var hue: Double

    /// Creates an augmentation that by default changes nothing.
    public init(
        randomCrop: Bool = false, cropScale: ClosedRange<Double> = 0.08...1,
        cropRatio: ClosedRange<Double> = 3.0 / 4...4.0 / 3, horizontalFlip: Double = 0,
        verticalFlip: Double = 0, rotationDegrees: Double = 0, brightness: Double = 0, contrast: Double = 0,
        saturation: Double = 0, hue: Double = 0
    ) {
        self.randomCrop = randomCrop
        self.cropScale = cropScale
        self.cropRatio = cropRatio
        self.horizontalFlip = horizontalFlip
        self.verticalFlip = verticalFlip
        self.rotationDegrees = rotationDegrees
        self.brightness = brightness
        self.contrast = contrast
        self.saturation = saturation
        self.hue = hue
    }

    /// Moderate changes for photographs: crops of 35 % to 100 %, horizontal flips, brightness ± 20 %.
    public static let standard = Augmentation(
        randomCrop: true, cropScale: 0.35...1, horizontalFlip: 0.5, brightness: 0.2)
    /// Flips only, for inspection with a fixed camera, where scale and brightness are evidence and a small
    /// defect must stay in the image. (On ELPV, random crops cost more in a short run than
    /// they give.)
    public static let inspection = Augmentation(horizontalFlip: 0.5, verticalFlip: 0.5)
    /// The tutorial's augmentation to the letter: `RandomResizedCrop(224)` with torchvision's defaults (8 %
    /// to 100 %), `RandomHorizontalFlip()`, `ColorJitter(brightness=0.2)`.
    public static let guide = Augmentation(
        randomCrop: true, cropScale: 0.08...1, horizontalFlip: 0.5, brightness: 0.2)
    /// No augmentation: the evaluation transform.
    public static let none = Augmentation()

    private static let presets: [(name: String, value: Augmentation)] = [
        ("standard", standard), ("inspection", inspection), ("guide", guide), ("none", none),
    ]

    /// Names that `preset(named:)` accepts.
    public static var presetNames: [String] { presets.map(\.name) }

    /// Finds a preset by its name. Throws `ImageError.invalidArgument` that lists the names if there is no
    /// such preset.
    public static func preset(named name: String) throws -> Augmentation {
        guard let preset = presets.first(where: { $0.name == name }) else {
            throw ImageError.invalidArgument(
                "augmentation: expected one of \(presetNames.joined(separator: ", ")), got \(name.printable)")
        }
        return preset.value
    }

    /// True if nothing is random, so that the result is the evaluation transform's.
    public var isIdentity: Bool {
        !randomCrop && horizontalFlip <= 0 && verticalFlip <= 0 && rotationDegrees == 0 && !changesColor
    }

    private var changesColor: Bool { brightness > 0 || contrast > 0 || saturation > 0 || hue > 0 }

    /// Throws `ImageError.invalidArgument` that names the first parameter out of range.
    public func validate() throws {
        func check(_ name: String, _ value: Double, _ range: ClosedRange<Double>) throws {
            guard range.contains(value) else {
                throw ImageError.invalidArgument(
                    "\(name): expected \(range.lowerBound) to \(range.upperBound), got \(value)")
            }
        }
        guard cropScale.lowerBound > 0, cropScale.upperBound <= 1 else {
            throw ImageError.invalidArgument(
                "crop scale: expected above 0 to 1, got \(cropScale.lowerBound) to \(cropScale.upperBound)")
        }
        guard cropRatio.lowerBound > 0, cropRatio.upperBound.isFinite else {
            throw ImageError.invalidArgument(
                "crop ratio: expected above 0, got \(cropRatio.lowerBound) to \(cropRatio.upperBound)")
        }
        try check("horizontal flip probability", horizontalFlip, 0...1)
        try check("vertical flip probability", verticalFlip, 0...1)
        try check("rotation in degrees", rotationDegrees, Self.rotations)
        try check("brightness", brightness, Self.colorFactors)
        try check("contrast", contrast, Self.colorFactors)
        try check("saturation", saturation, Self.colorFactors)
        try check("hue", hue, Self.hues)
    }

    /// Range of `rotationDegrees`.
    package static let rotations = 0.0...180
    /// Range of `brightness`, `contrast` and `saturation`. torchvision has no upper bound; beyond this one
    /// the images are plain white.
    package static let colorFactors = 0.0...100
    /// Range of `hue`.
    package static let hues = 0.0...0.5

    /// A random version of the image, `size` × `size` pixels; the same generator gives the same one.
    ///
    /// - Throws: `ImageError.invalidArgument` as `validate` does, or for the size.
    public func apply(
        to image: RGBImage, size: Int, using generator: inout SeededGenerator
    ) throws -> RGBImage {
        try apply(to: image, preprocessing: Preprocessing(imageSize: size), using: &generator)
    }

    /// A random version of the image at the size of `preprocessing`, which also resizes and fits where there
    /// is no random crop.
    public func apply(
        to image: RGBImage, preprocessing: Preprocessing, using generator: inout SeededGenerator
    ) throws -> RGBImage {
        try validate()
        let size = preprocessing.imageSize
        var result: RGBImage
        if randomCrop {
            guard (1...4096).contains(size) else {
                throw ImageError.invalidArgument("image size: expected 1 to 4096 pixels, got \(size)")
            }
            let crop = cropRectangle(width: image.width, height: image.height, using: &generator)
            result = try PillowResampling.resize(image, crop: crop, width: size, height: size)
        } else {
            result = try preprocessing.resizedAndCropped(image)
        }
        if horizontalFlip > 0, generator.chance(horizontalFlip) { result = try result.flippedHorizontally() }
        if verticalFlip > 0, generator.chance(verticalFlip) { result = try result.flippedVertically() }
        if rotationDegrees > 0 {
            result = try result.rotated(byDegrees: generator.uniform(-rotationDegrees...rotationDegrees))
        }
        return try jitter(result, using: &generator)
    }

    /// torchvision's `RandomResizedCrop.get_params`: ten tries, then the largest central crop whose
    /// ratio is allowed.
    package func cropRectangle(
        width: Int, height: Int, using generator: inout SeededGenerator
    ) -> PixelRect {
        let area = Double(width) * Double(height)
        let logRatio = log(cropRatio.lowerBound)...log(cropRatio.upperBound)
        for _ in 0..<10 {
            let target = area * generator.uniform(cropScale)
            let ratio = exp(generator.uniform(logRatio))
            let cropWidth = (target * ratio).squareRoot().rounded(.toNearestOrEven)
            let cropHeight = (target / ratio).squareRoot().rounded(.toNearestOrEven)
            if cropWidth > 0, cropWidth <= Double(width), cropHeight > 0, cropHeight <= Double(height) {
                let top = generator.integer(below: height - Int(cropHeight) + 1)
                let left = generator.integer(below: width - Int(cropWidth) + 1)
                return PixelRect(left: left, top: top, width: Int(cropWidth), height: Int(cropHeight))
            }
        }
        let ratio = Double(width) / Double(height)
        func side(_ value: Double, atMost limit: Int) -> Int {
            max(1, Int(min(Double(limit), value.rounded(.toNearestOrEven))))
        }
        let (cropWidth, cropHeight) =
            if ratio < cropRatio.lowerBound {
                (width, side(Double(width) / cropRatio.lowerBound, atMost: height))
            } else if ratio > cropRatio.upperBound {
                (side(Double(height) * cropRatio.upperBound, atMost: width), height)
            } else {
                (width, height)
            }
        return PixelRect(
            left: (width - cropWidth) / 2, top: (height - cropHeight) / 2, width: cropWidth,
            height: cropHeight)
    }

    /// torchvision's `ColorJitter`: each change once, in random order.
    private func jitter(_ image: RGBImage, using generator: inout SeededGenerator) throws -> RGBImage {
        guard changesColor else { return image }
        func factors(_ strength: Double) -> ClosedRange<Double> { max(0, 1 - strength)...1 + strength }
        var changes: [(RGBImage) throws -> RGBImage] = []
        if brightness > 0 {
            let factor = generator.uniform(factors(brightness))
            changes.append { try $0.adjustingBrightness(factor) }
        }
        if contrast > 0 {
            let factor = generator.uniform(factors(contrast))
            changes.append { try $0.adjustingContrast(factor) }
        }
        if saturation > 0 {
            let factor = generator.uniform(factors(saturation))
            changes.append { try $0.adjustingSaturation(factor) }
        }
        if hue > 0 {
            let turn = generator.uniform(-hue...hue)
            changes.append { try $0.adjustingHue(turn) }
        }
        generator.shuffle(&changes)
        return try changes.reduce(image) { try $1($0) }
    }
}
