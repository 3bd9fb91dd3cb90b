import Foundation
import TailorImages
import TailorSupport

/// What one reading of a file yields: everything that an audit needs of an image but trunk features.
public struct ImageMeasurement: Codable, Sendable, Hashable {
    /// Side of ``thumbnail``, pixels.
    public static let thumbnailSide = 64

    /// Of the file, in hexadecimal.
    public var sha256: String
    /// Of size and pixels of the upright picture: equal for losslessly re-encoded copies.
    public var pixelHash: String
    public var fileBytes: Int
    public var facts: ImageFacts
    /// Mean of red, green, blue, 0…255.
    public var mean: [Float]
    /// Standard deviation of red, green, blue over the pixels, 0…255.
    public var deviation: [Float]
    /// Mean difference between the largest and the smallest of a pixel's channels, 0…255; 0 is grey.
    public var colorfulness: Float
    /// Shares of the pixels with a luminance of at most 2, and of at least 253.
    public var blackShare: Float
    public var whiteShare: Float
    /// Mean and standard deviation of the luminance in a border of a sixteenth of each side, 0…255.
    public var borderMean: Float
    public var borderDeviation: Float
    /// Luminance of the whole picture squashed to a square, row by row, 0…255; `thumbnailSide`² bytes.
    public var thumbnail: Data

    /// Upright, in pixels.
    public var width: Int { facts.uprightWidth }
    public var height: Int { facts.uprightHeight }
    /// Standard deviation of the luminance, 0…255.
    public var contrast: Float {
        // Of the thumbnail: single dead pixels and noise do not make a blank picture a picture.
        let values = thumbnail.map(Float.init)
        let mean = values.reduce(0, +) / Float(max(values.count, 1))
        let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (sum / Float(max(values.count, 1))).squareRoot()
    }
}

extension ImageMeasurement {
    /// Measures a file of which bytes, upright image and header are at hand.
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
