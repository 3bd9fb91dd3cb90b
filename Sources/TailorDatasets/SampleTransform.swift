import TailorImages
import TailorSupport

/// Transform from a decoded image to the network's input, with augmentation for training or without for
/// evaluation.
package struct SampleTransform: Sendable {
    package let preprocessing: Preprocessing
    /// Augmentation; nil, or one that changes nothing, for the evaluation transform.
    package let augmentation: Augmentation?
    /// Side of the square output in pixels.
    package let size: Int
    private let evaluation: Preprocessing

    /// Creates a transform.
    ///
    /// - Parameter trainSize: side of the output if it differs from the preprocessing's; the resized short
    /// side is
    ///   scaled in proportion.
    package init(preprocessing: Preprocessing, augmentation: Augmentation? = nil, trainSize: Int? = nil) {
        self.preprocessing = preprocessing
        self.augmentation = augmentation.flatMap { $0.isIdentity ? nil : $0 }
        size = trainSize ?? preprocessing.imageSize
        evaluation = preprocessing.scaled(toImageSize: size)
    }

    /// Number of values in one transformed image.
    package var elementCount: Int { size * size * 3 }

    /// Checks the parameters, once before `apply`; `BatchLoader` does so. Throws `ImageError.invalidArgument`
    /// that names the first one out of range.
    package func validate() throws {
        try evaluation.validate()
        try augmentation?.validate()
    }

    /// Writes the normalised values `[size, size, 3]` to `output`, which holds `elementCount` values.
    package func apply(
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
