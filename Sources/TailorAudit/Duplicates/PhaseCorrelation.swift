import TailorSupport

/// Place of one image in another by phase correlation (Kuglin and Hines, 1975): both are whitened, every frequency
/// alike, before they are compared.
///
/// A period, a straight edge or a slope lives in few frequencies and weighs next to nothing then. What is left is
/// what no second picture has: irregularities, and the grain of the photograph.
struct PhaseCorrelation {
    /// Most likely place of the part's corner in the whole, pixels.
    let left: Int
    let top: Int
    /// Height of the correlation there, in standard deviations over all places.
    let peak: Float
    /// Row length of `whole` and `part`.
    let side: Int
    /// The two images whitened, in the upper left corner of a square.
    let whole: [Float]
    let part: [Float]

    /// Grey levels of noise below which a frequency holds nothing.
    private static let noise: Float = 0.1
    /// Width in pixels of the border that fades out, because it has frequencies of its own.
    private static let fading = 8

    /// Looks for `part` at every place where at most `margin` pixels of it stick out on each side; nil when the images
    /// are larger than 4096 pixels, or no place is left.
    init?(_ part: Luminance, in whole: Luminance, margin: Int) {
        let longest = max(whole.width, whole.height, part.width, part.height) + margin
        var side = 16
        while side < longest { side *= 2 }
        let rows = -margin...max(-margin, whole.height - part.height + margin)
        let columns = -margin...max(-margin, whole.width - part.width + margin)
        guard let transform = FourierTransform(side: side) else { return nil }
        var square = FourierTransform.Square(side: side)
        Self.place(whole, in: &square.real, side: side)
        Self.place(part, in: &square.imaginary, side: side)
        transform.forward(&square)
        var product = FourierTransform.Square(side: side)
        Self.whiten(
            &square, product: &product, transform: transform,
            floors: [whole, part].map { Self.noise * Float($0.values.count).squareRoot() })
        transform.backward(&square)
        transform.backward(&product)
        var best: (value: Float, left: Int, top: Int) = (-.infinity, 0, 0)
        for top in rows {
            let row = (top + side) % side * side
            for left in columns {
                let value = product.real[row + (left + side) % side]
                if value > best.value { best = (value, left, top) }
            }
        }
        let squares = product.real.reduce(0) { $0 + $1 * $1 } / Float(side * side)
        peak = squares > 0 ? best.value / squares.squareRoot() : 0
        (left, top) = (best.left, best.top)
        self.side = side
        self.whole = square.real
        self.part = square.imaginary
    }

    private static func place(_ image: Luminance, in square: inout [Float], side: Int) {
        let mean = image.values.reduce(0, +) / Float(max(image.values.count, 1))
        func weight(_ position: Int, of length: Int) -> Float {
            min(1, Float(min(position + 1, length - position)) / Float(fading))
        }
        let columns = (0..<image.width).map { weight($0, of: image.width) }
        for y in 0..<image.height {
            let row = weight(y, of: image.height)
            for x in 0..<image.width {
                square[y * side + x] = (image.values[y * image.width + x] - mean) * row * columns[x]
            }
        }
    }

    /// Whitens the spectra of both images and multiplies the first with the conjugate of the second.
    private static func whiten(
        _ square: inout FourierTransform.Square, product: inout FourierTransform.Square,
        transform: FourierTransform, floors: [Float]
    ) {
        let count = square.real.count
        square.real.withUnsafeMutableBufferPointer { real in
            square.imaginary.withUnsafeMutableBufferPointer { imaginary in
                product.real.withUnsafeMutableBufferPointer { productReal in
                    product.imaginary.withUnsafeMutableBufferPointer { productImaginary in
                        for index in 0..<count {
                            // A real image's frequencies at opposite places are conjugate: one serves both.
                            let other = transform.opposite(index)
                            guard other >= index else { continue }
                            // The two spectra, taken apart by their symmetry.
                            var (a, b) = (
                                (real[index] + real[other]) / 2, (imaginary[index] - imaginary[other]) / 2
                            )
                            var (c, d) = (
                                (imaginary[index] + imaginary[other]) / 2, (real[other] - real[index]) / 2
                            )
                            let first = 1 / ((a * a + b * b).squareRoot() + floors[0])
                            let second = 1 / ((c * c + d * d).squareRoot() + floors[1])
                            (a, b, c, d) = (a * first, b * first, c * second, d * second)
                            productReal[index] = a * c + b * d
                            productImaginary[index] = b * c - a * d
                            real[index] = a - d
                            imaginary[index] = b + c
                            guard other > index else { continue }
                            productReal[other] = a * c + b * d
                            productImaginary[other] = a * d - b * c
                            real[other] = a + d
                            imaginary[other] = c - b
                        }
                    }
                }
            }
        }
    }
}
