import TailorImages
import TailorSupport

/// From a decoded image to the network's input: augmented for training, or as in evaluation.
public struct SampleTransform: Sendable {
    public let preprocessing: Preprocessing
    /// Nil, or one that changes nothing: the evaluation transform.
    public let augmentation: Augmentation?
    /// Side of the square that comes out, in pixels.
    public let size: Int
    private let evaluation: Preprocessing

    /// - Parameter trainSize: the side when it is not the preprocessing's own; the short side that is
    ///   resized to changes in proportion.
    public init(preprocessing: Preprocessing, augmentation: Augmentation? = nil, trainSize: Int? = nil) {
        self.preprocessing = preprocessing
        self.augmentation = augmentation.flatMap { $0.isIdentity ? nil : $0 }
        size = trainSize ?? preprocessing.imageSize
        evaluation = preprocessing.scaled(toImageSize: size)
    }

    /// Numbers in one transformed image.
    public var elementCount: Int { size * size * 3 }

    /// Throws `ImageError.invalidArgument` that names the first parameter out of range. To be called once
    /// before `apply`; `BatchLoader` does.
    public func validate() throws {
        try evaluation.validate()
        try augmentation?.validate()
    }

    /// Writes `[size, size, 3]`, normalised; `output` holds `elementCount` numbers.
    public func apply(
        to image: RGBImage, using generator: inout SeededGenerator,
        into output: UnsafeMutableBufferPointer<Float>
    ) throws {
        if let augmentation {
            let augmented = try augmentation.apply(
                to: image, preprocessing: evaluation, using: &generator)
            evaluation.normalize(augmented, into: output)
        } else {
            evaluation.normalize(try evaluation.resizedAndCropped(image), into: output)
        }
    }
}
