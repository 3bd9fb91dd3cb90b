import Foundation

/// Discrete Fourier transform of a square of complex numbers whose side is a power of two (Cooley and Tukey, 1965).
///
/// Two real squares can be transformed at once, as the real and the imaginary part of one.
package struct FourierTransform: Sendable {
    /// Square of complex numbers, `side`² values each. Pixels are row-major; frequencies lie column by column,
    /// which spares turning them around.
    package struct Square: Sendable {
        package var real: [Float]
        package var imaginary: [Float]

        package init(side: Int) {
            real = [Float](repeating: 0, count: side * side)
            imaginary = real
        }
    }

    package let side: Int
    private let cosines: [Float]
    private let sines: [Float]

    /// Creates a transform; nil unless `side` is a power of two of 8 to 4096.
    package init?(side: Int) {
        guard (8...4096).contains(side), side.nonzeroBitCount == 1 else { return nil }
        self.side = side
        let angles = (0..<side / 2).map { 2 * Double.pi * Double($0) / Double(side) }
        cosines = angles.map { Float(cos($0)) }
        sines = angles.map { Float(-sin($0)) }
    }

    /// Transforms pixels to frequencies in place.
    package func forward(_ square: inout Square) {
        precondition(square.real.count == side * side && square.imaginary.count == side * side)
        square.real.withUnsafeMutableBufferPointer { real in
            square.imaginary.withUnsafeMutableBufferPointer { imaginary in
                guard let real = real.baseAddress, let imaginary = imaginary.baseAddress else { return }
                transformColumns(real, imaginary)
                transpose(real)
                transpose(imaginary)
                transformColumns(real, imaginary)
            }
        }
    }

    /// Transforms frequencies back to pixels in place, times `side`².
    package func backward(_ square: inout Square) {
        // The inverse is the transform with real and imaginary parts exchanged.
        swap(&square.real, &square.imaginary)
        forward(&square)
        swap(&square.real, &square.imaginary)
    }

    /// Place of the negative of the frequency at `index`.
    package func opposite(_ index: Int) -> Int {
        let (a, b) = (index / side, index % side)
        return (side - a) % side * side + (side - b) % side
    }

    /// All columns at once, so that the inner loop runs along a row.
    private func transformColumns(
        _ real: UnsafeMutablePointer<Float>, _ imaginary: UnsafeMutablePointer<Float>
    ) {
        let bits = side.trailingZeroBitCount
        for row in 0..<side {
            var reversed = 0
            for bit in 0..<bits where row >> bit & 1 == 1 { reversed |= 1 << (bits - 1 - bit) }
            guard reversed > row else { continue }
            for x in 0..<side {
                swap(&real[row * side + x], &real[reversed * side + x])
                swap(&imaginary[row * side + x], &imaginary[reversed * side + x])
            }
        }
        var half = 1
        while half < side {
            let step = side / (2 * half)
            for start in stride(from: 0, to: side, by: 2 * half) {
                for offset in 0..<half {
                    let (upper, lower) = ((start + offset) * side, (start + offset + half) * side)
                    butterflies(
                        real + upper, imaginary + upper, real + lower, imaginary + lower,
                        cosine: cosines[offset * step], sine: sines[offset * step])
                }
            }
            half *= 2
        }
    }

    private func butterflies(
        _ upperReal: UnsafeMutablePointer<Float>, _ upperImaginary: UnsafeMutablePointer<Float>,
        _ lowerReal: UnsafeMutablePointer<Float>, _ lowerImaginary: UnsafeMutablePointer<Float>,
        cosine: Float, sine: Float
    ) {
        func load(_ pointer: UnsafeMutablePointer<Float>, _ x: Int) -> SIMD8<Float> {
            UnsafeRawPointer(pointer + x).loadUnaligned(as: SIMD8<Float>.self)
        }
        func store(_ value: SIMD8<Float>, _ pointer: UnsafeMutablePointer<Float>, _ x: Int) {
            UnsafeMutableRawPointer(pointer + x).storeBytes(of: value, as: SIMD8<Float>.self)
        }
        for x in stride(from: 0, to: side, by: 8) {
            let (a, b) = (load(lowerReal, x), load(lowerImaginary, x))
            let (real, imaginary) = (a * cosine - b * sine, a * sine + b * cosine)
            let (c, d) = (load(upperReal, x), load(upperImaginary, x))
            store(c + real, upperReal, x)
            store(d + imaginary, upperImaginary, x)
            store(c - real, lowerReal, x)
            store(d - imaginary, lowerImaginary, x)
        }
    }

    private func transpose(_ values: UnsafeMutablePointer<Float>) {
        // Tiles that stay in the cache.
        let tile = 8
        for top in stride(from: 0, to: side, by: tile) {
            for left in stride(from: top, to: side, by: tile) {
                for y in top..<top + tile {
                    for x in max(left, y + 1)..<max(left + tile, y + 1) {
                        swap(&values[y * side + x], &values[x * side + y])
                    }
                }
            }
        }
    }
}
