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

    /// The image with a long side of at most `longSide` pixels. Throws `ImageError` for an invalid image.
    static func scaled(_ image: RGBImage, longSide: Int) throws -> RGBImage {
        let long = max(image.width, image.height)
        guard long > longSide else { return image }
        func side(_ length: Int) -> Int {
            max(1, Int((Double(length) * Double(longSide) / Double(long)).rounded()))
        }
        return try PillowResampling.resize(image, width: side(image.width), height: side(image.height))
    }
}
