import Foundation
import TailorImages

/// Statistics of a square image of twice ``ImageMeasurement/thumbnailSide``; units as in
/// ``ImageMeasurement``.
struct PixelStatistics {
    private(set) var mean: [Float] = []
    private(set) var deviation: [Float] = []
    private(set) var colorfulness: Float = 0
    private(set) var blackShare: Float = 0
    private(set) var whiteShare: Float = 0
    private(set) var borderMean: Float = 0
    private(set) var borderDeviation: Float = 0
    private(set) var thumbnail = Data()

    init(_ image: RGBImage) {
        let luminance = image.pixels.withUnsafeBufferPointer { takeColors($0) }
        takeBorder(luminance, side: image.width)
        thumbnail = Self.halved(luminance, side: image.width)
    }

    /// Luminance of every pixel by ITU-R 601, as Pillow's mode L.
    private mutating func takeColors(_ pixels: UnsafeBufferPointer<UInt8>) -> [Float] {
        var sums: SIMD3<Float> = .zero
        var squares: SIMD3<Float> = .zero
        var spread: Float = 0
        var (black, white) = (0, 0)
        var luminance = [Float](repeating: 0, count: pixels.count / 3)
        for index in luminance.indices {
            let pixel = SIMD3(
                Float(pixels[3 * index]), Float(pixels[3 * index + 1]), Float(pixels[3 * index + 2]))
            sums += pixel
            squares += pixel * pixel
            spread += pixel.max() - pixel.min()
            let value = (pixel * SIMD3(0.299, 0.587, 0.114)).sum()
            luminance[index] = value
            if value <= 2 { black += 1 }
            if value >= 253 { white += 1 }
        }
        let count = Float(max(luminance.count, 1))
        let means = sums / count
        let variances = squares / count - means * means
        mean = (0..<3).map { means[$0] }
        deviation = (0..<3).map { max(0, variances[$0]).squareRoot() }
        colorfulness = spread / count
        blackShare = Float(black) / count
        whiteShare = Float(white) / count
        return luminance
    }

    private mutating func takeBorder(_ luminance: [Float], side: Int) {
        let border = max(1, side / 16)
        let inner = border..<side - border
        var (sum, squares): (Float, Float) = (0, 0)
        var count: Float = 0
        for y in 0..<side {
            for x in 0..<side where !inner.contains(y) || !inner.contains(x) {
                let value = luminance[y * side + x]
                sum += value
                squares += value * value
                count += 1
            }
        }
        borderMean = sum / max(count, 1)
        borderDeviation = max(0, squares / max(count, 1) - borderMean * borderMean).squareRoot()
    }

    private static func halved(_ luminance: [Float], side: Int) -> Data {
        var result = Data(capacity: side * side / 4)
        for y in stride(from: 0, to: side - 1, by: 2) {
            for x in stride(from: 0, to: side - 1, by: 2) {
                let corner = y * side + x
                let sum =
                    luminance[corner] + luminance[corner + 1] + luminance[corner + side]
                    + luminance[corner + side + 1]
                result.append(UInt8(min(255, max(0, (sum / 4).rounded()))))
            }
        }
        return result
    }
}
