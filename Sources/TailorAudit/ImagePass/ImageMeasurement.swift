import Foundation
import TailorImages
import TailorSupport

/// Measurements from one reading of an image file: all that an audit needs except backbone features.
public struct ImageMeasurement: Codable, Sendable, Hashable {
    /// Side of ``thumbnail`` in pixels.
    public static let thumbnailSide = 64

    /// SHA-256 of the file's bytes, in hexadecimal.
    public var sha256: String
    /// SHA-256 of size and pixels of the upright image, equal for losslessly re-encoded copies.
    public var pixelHash: String
    public var fileBytes: Int
    public var facts: ImageFacts
    /// Mean of red, green, blue, 0…255.
    public var mean: [Float]
    /// Standard deviation of red, green, blue over the pixels, 0…255.
    public var deviation: [Float]
    /// Mean difference between the largest and the smallest of a pixel's channels, 0…255; 0 is grey.
    public var colorfulness: Float
    /// Share of the pixels with a luminance of at most 2; `whiteShare` of at least 253.
    public var blackShare: Float
    public var whiteShare: Float
    /// Mean luminance, 0…255, in a border of a sixteenth of each side; `borderDeviation` is its standard
    /// deviation.
    public var borderMean: Float
    public var borderDeviation: Float
    /// Thumbnail: luminance of the whole image squashed to a square, row-major, 0…255; `thumbnailSide`²
    /// bytes.
    public var thumbnail: Data

    /// Width of the upright image in pixels.
    public var width: Int { facts.uprightWidth }
    public var height: Int { facts.uprightHeight }
    /// Standard deviation of the luminance, 0…255.
    public var contrast: Float { signature.contrast }

    /// What tells whether two images are copies.
    package var signature: ImageSignature {
        ImageSignature(
            sha256: sha256, pixelHash: pixelHash, thumbnail: thumbnail,
            size: .init(width: width, height: height))
    }
}

extension ImageMeasurement {
    /// Measures a file from its bytes, upright image and header.
    ///
    /// Throws `ImageError`; `ContentHashError`, which is not the image's fault.
    package init(_ data: Data, image: RGBImage, facts: ImageFacts) throws {
        let small = try PillowResampling.resize(
            image, width: 2 * Self.thumbnailSide, height: 2 * Self.thumbnailSide)
        let statistics = PixelStatistics(small)
        self.init(
            sha256: try ContentHash.sha256(data), pixelHash: try image.contentHash(), fileBytes: data.count,
            facts: facts,
            mean: statistics.mean, deviation: statistics.deviation, colorfulness: statistics.colorfulness,
            blackShare: statistics.blackShare, whiteShare: statistics.whiteShare,
            borderMean: statistics.borderMean, borderDeviation: statistics.borderDeviation,
            thumbnail: statistics.thumbnail)
    }
}
