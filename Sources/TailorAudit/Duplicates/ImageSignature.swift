import Foundation

/// What tells whether two images are copies: hashes, and a thumbnail.
package struct ImageSignature: Sendable, Hashable {
    /// SHA-256 of the file's bytes, in hexadecimal.
    package let sha256: String
    /// SHA-256 of size and pixels of the upright image; empty if unknown.
    package let pixelHash: String
    /// See ``ImageMeasurement/thumbnail``; empty if unknown, and the image is then compared by its hashes alone.
    package let thumbnail: Data
    /// Size of the upright image; nil if unknown.
    package let size: Size?

    /// Width and height in pixels.
    package struct Size: Sendable, Hashable {
        package let width: Int
        package let height: Int

        package init(width: Int, height: Int) { (self.width, self.height) = (width, height) }
    }

    package init(sha256: String, pixelHash: String, thumbnail: Data, size: Size? = nil) {
        self.size = size
        self.sha256 = sha256
        self.pixelHash = pixelHash
        self.thumbnail = thumbnail
    }

    /// Standard deviation of the luminance, 0…255.
    var contrast: Float {
        // From the thumbnail, so that noise and single dead pixels do not count as contrast.
        var (sum, squares) = (0, 0)
        thumbnail.withUnsafeBytes { levels in
            for level in levels {
                sum += Int(level)
                squares += Int(level) * Int(level)
            }
        }
        let count = Double(max(thumbnail.count, 1))
        let mean = Double(sum) / count
        return Float(max(0, Double(squares) / count - mean * mean).squareRoot())
    }
}
