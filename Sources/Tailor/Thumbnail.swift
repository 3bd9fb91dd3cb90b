import Foundation
import TailorImages

/// Small JPEG files for pages.
enum Thumbnail {
    /// Encodes the whole image in a square of `size` pixels; nil when the file cannot be read.
    static func jpeg(of url: URL, size: Int, intensityRange: IntensityRange?) -> Data? {
        guard let image = try? ImageDecoder(intensityRange: intensityRange).decode(contentsOf: url) else {
            return nil
        }
        return jpeg(of: image, size: size)
    }

    static func jpeg(of image: RGBImage, size: Int) -> Data? {
        try? Preprocessing(imageSize: size, fit: .pad).resizedAndCropped(image).jpegData(quality: 80)
    }

    /// Encodes the whole image in its own proportions, shrunk until its longer side has at most so many pixels; nil
    /// when the file cannot be read.
    static func whole(of url: URL, longestSide: Int, intensityRange: IntensityRange?) -> Data? {
        guard let image = try? ImageDecoder(intensityRange: intensityRange).decode(contentsOf: url) else {
            return nil
        }
        return try? scaled(image, longestSide: longestSide).jpegData(quality: 82)
    }

    /// The image in its own proportions, shrunk until its longer side has at most so many pixels. Throws `ImageError`
    /// for an invalid image.
    static func scaled(_ image: RGBImage, longestSide: Int) throws -> RGBImage {
        let scale = min(1, Double(longestSide) / Double(max(image.width, image.height)))
        func side(_ length: Int) -> Int { max(1, Int((Double(length) * scale).rounded())) }
        return try PillowResampling.resize(image, width: side(image.width), height: side(image.height))
    }
}
