import Foundation

/// Perceptual hash: 63 signs of an image's low frequencies, for each of its eight orientations.
///
/// It distinguishes most images, while re-encoding, resizing and a change of brightness flip only a few bits
/// (Zauner, 2010, after Coskun and Memon's DCT hash).
package struct PerceptualHash {
    /// Hashes of the eight orientations, the upright one first.
    package let variants: [UInt64]

    private static let side = 32
    private static let kept = 8
    /// First `kept` rows of the cosine transform of `side` samples.
    private static let basis: [Float] = (0..<kept).flatMap { frequency in
        (0..<side).map { position in
            Float(cos(Double.pi * Double(2 * position + 1) * Double(frequency) / Double(2 * side)))
        }
    }

    /// Hash of nothing, for what is not compared.
    static let none = PerceptualHash(variants: [UInt64](repeating: 0, count: 8))

    private init(variants: [UInt64]) { self.variants = variants }

    /// - Parameter thumbnail: `ImageMeasurement.thumbnailSide`² bytes.
    package init(_ thumbnail: Data) {
        let coefficients = Self.coefficients(Self.halved([UInt8](thumbnail)))
        var variants: [UInt64] = []
        for isTransposed in [false, true] {
            for isFlipped in [false, true] {
                for isMirrored in [false, true] {
                    // Mirroring flips the sign of the odd frequencies of that axis.
                    var values: [Float] = []
                    for v in 0..<Self.kept {
                        for u in 0..<Self.kept where u + v > 0 {
                            let value = coefficients[isTransposed ? u * Self.kept + v : v * Self.kept + u]
                            let isNegative = (isMirrored && u % 2 == 1) != (isFlipped && v % 2 == 1)
                            values.append(isNegative ? -value : value)
                        }
                    }
                    variants.append(Self.bits(values))
                }
            }
        }
        self.variants = variants
    }

    /// Hamming distance, 0…63, for the best of the eight orientations.
    package func distance(to other: PerceptualHash) -> Int {
        var least = 64
        for variant in other.variants { least = min(least, (variants[0] ^ variant).nonzeroBitCount) }
        return least
    }

    private static func bits(_ values: [Float]) -> UInt64 {
        let median = values.sorted()[values.count / 2]
        var bits: UInt64 = 0
        for value in values { bits = bits << 1 | (value > median ? 1 : 0) }
        return bits
    }

    private static func halved(_ thumbnail: [UInt8]) -> [Float] {
        let full = 2 * side
        return (0..<side * side).map { index in
            let corner = 2 * (index / side) * full + 2 * (index % side)
            return Float(thumbnail[corner]) + Float(thumbnail[corner + 1])
                + Float(thumbnail[corner + full]) + Float(thumbnail[corner + full + 1])
        }
    }

    /// Cosine coefficients `[kept, kept]`, vertical frequency first.
    private static func coefficients(_ image: [Float]) -> [Float] {
        var rows = [Float](repeating: 0, count: side * kept)
        for y in 0..<side {
            for u in 0..<kept {
                var sum: Float = 0
                for x in 0..<side { sum += image[y * side + x] * basis[u * side + x] }
                rows[y * kept + u] = sum
            }
        }
        var result = [Float](repeating: 0, count: kept * kept)
        for v in 0..<kept {
            for u in 0..<kept {
                var sum: Float = 0
                for y in 0..<side { sum += rows[y * kept + u] * basis[v * side + y] }
                result[v * kept + u] = sum
            }
        }
        return result
    }
}
