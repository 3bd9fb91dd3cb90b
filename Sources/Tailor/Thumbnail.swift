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
}
