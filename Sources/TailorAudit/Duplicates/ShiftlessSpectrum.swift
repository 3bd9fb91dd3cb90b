import Foundation
import TailorSupport

/// Amplitudes of an image's low frequencies, which neither a shift nor mirroring changes, nor, once all images are
/// made comparable, a change of contrast.
enum ShiftlessSpectrum {
    private static let side = ImageMeasurement.thumbnailSide / 2
    private static let kept = 8
    /// Length of a spectrum: the mean is left out.
    static let count = kept * kept - 1
    private static let transform = FourierTransform(side: side)

    /// Square roots of the amplitudes of a thumbnail; those of mirrored frequencies are added.
    static func values(of thumbnail: Data) -> [Float] {
        guard let transform else { return [Float](repeating: 0, count: count) }
        let small = GreyImage(thumbnail).resized(to: side)
        let mean = small.values.reduce(0, +) / Float(small.values.count)
        var square = FourierTransform.Square(side: side)
        for y in 0..<side {
            for x in 0..<side {
                // Edges that jump from one side to the other would outweigh the picture.
                let window = min(1, Float(min(x + 1, side - x)) / 4) * min(1, Float(min(y + 1, side - y)) / 4)
                square.real[y * side + x] = (small.values[y * side + x] - mean) * window
            }
        }
        transform.forward(&square)
        func amplitude(_ u: Int, _ v: Int) -> Float {
            let index = (u + side) % side * side + v
            return
                (square.real[index] * square.real[index] + square.imaginary[index] * square.imaginary[index])
                .squareRoot()
        }
        return (1...count).map { index in
            let (u, v) = (index / kept, index % kept)
            return (amplitude(u, v) + amplitude(-u, v)).squareRoot()
        }
    }

    /// Spectra in a row, each scaled to its own sum and relative to the mean of all.
    static func standardized(_ spectra: [[Float]]) -> [Float] {
        var scaled = spectra.map { spectrum in
            let sum = max(spectrum.reduce(0, +), 1e-6)
            return spectrum.map { $0 / sum }
        }
        for column in 0..<count {
            let mean = max(scaled.reduce(0) { $0 + $1[column] } / Float(max(scaled.count, 1)), 1e-9)
            for row in scaled.indices { scaled[row][column] = scaled[row][column] / mean - 1 }
        }
        return Array(scaled.joined())
    }
}
