import Foundation

/// What tells whether two images are copies: hashes, and a thumbnail.
package struct ImageSignature: Sendable, Hashable {
    /// SHA-256 of the file's bytes, in hexadecimal.
    package let sha256: String
    /// SHA-256 of size and pixels of the upright image; empty if unknown.
    package let pixelHash: String
    /// See ``ImageMeasurement/thumbnail``; empty if unknown, and the image is then compared by its hashes alone.
    package let thumbnail: Data

    package init(sha256: String, pixelHash: String, thumbnail: Data) {
        self.sha256 = sha256
        self.pixelHash = pixelHash
        self.thumbnail = thumbnail
    }

    /// Standard deviation of the luminance, 0…255.
    var contrast: Float {
        // From the thumbnail, so that noise and single dead pixels do not count as contrast.
        let values = thumbnail.map(Float.init)
        let mean = values.reduce(0, +) / Float(max(values.count, 1))
        let sum = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (sum / Float(max(values.count, 1))).squareRoot()
    }
}
