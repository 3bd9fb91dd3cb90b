/// Comparison of two small images at every shift by a few pixels, mirrored too.
///
/// They show one picture if, without low frequencies, they agree at one shift and at no other (a straight edge or a
/// period agrees at many), as a whole and block by block. Correlation leaves brightness and contrast out of account.
enum SmallImageComparison {
    struct Match {
        /// Correlation after high-pass filtering, 0…1.
        let score: Float
        let isShifted: Bool
        /// Whether it is certain; else they only look alike, as two hands before a wall do.
        let isCertain: Bool
    }

    private static let radius = 2
    /// Largest shift, in pixels of the halved images.
    private static let reach = 3
    private static let halfScore: Float = 0.5
    private static let score: Float = 0.7
    private static let rawScore: Float = 0.85
    /// What makes it certain: either both of these (a recompressed picture loses its finest detail), or the third
    /// (a recoloured one its lights and shades).
    private static let (certainScore, certainRawScore): (Float, Float) = (0.8, 0.97)
    private static let sureScore: Float = 0.9
    /// Blocks that show something, of 16: one finger before a wall is not enough.
    private static let certainBlocks = 9
    /// Score at another shift, as a share of the best, from which the picture agrees with itself; more is allowed
    /// where two pictures agree to the last detail, or without any shift: a finger seldom comes to lie on another.
    private static let (ambiguity, closeAmbiguity): (Float, Float) = (0.6, 0.85)
    private static let (closeScore, closeRawScore): (Float, Float) = (0.97, 0.99)
    private static let blockScore: Float = 0.5
    /// Contrast of a block in grey levels, high-pass filtered, from which it is compared.
    private static let blockContrast: Float = 1.5

    /// Filtered image of half the side, for a first look.
    static func half(of image: GreyImage) -> GreyImage {
        image.resized(to: image.side / 2).highPassed(radius: radius)
    }

    /// Compares two images; `full` gives them only if their halves agree.
    static func compare(
        _ first: GreyImage, _ second: GreyImage, full: () -> (GreyImage, GreyImage)
    ) -> Match? {
        let side = min(first.side, second.side)
        let (a, b) = (first.resized(to: side), second.resized(to: side))
        let isMirrored: Bool
        let (upright, mirrored) = (
            Shifts(a, b, reach: reach).best.score, Shifts(a, b.variant(1), reach: reach).best.score
        )
        guard max(upright, mirrored) >= halfScore else { return nil }
        isMirrored = mirrored > upright
        var (one, other) = full()
        let fullSide = min(one.side, other.side)
        one = one.resized(to: fullSide)
        other = other.resized(to: fullSide).variant(isMirrored ? 1 : 0)
        return match(one, other)
    }

    private static func match(_ first: GreyImage, _ second: GreyImage) -> Match? {
        let (a, b) = (first.highPassed(radius: radius), second.highPassed(radius: radius))
        let shifts = Shifts(a, b, reach: 2 * reach + 1)
        let best = shifts.best
        let raw = Shifts.correlation(first, second, x: best.x, y: best.y)
        let isShifted = best.x != 0 || best.y != 0
        let isClose =
            (best.score >= closeScore && raw >= closeRawScore) || (!isShifted && raw >= certainRawScore)
        let limit = (isClose ? closeAmbiguity : ambiguity) * best.score
        let isAlone = shifts.scores.allSatisfy {
            max(abs($0.x - best.x), abs($0.y - best.y)) <= 2 || $0.score < limit
        }
        guard best.score >= score, raw >= rawScore, isAlone else { return nil }
        let blocks = blocks(a, b, x: best.x, y: best.y)
        guard blocks.count >= 6, blocks.filter({ $0 >= blockScore }).count * 5 >= blocks.count * 4 else {
            return nil
        }
        let isCertain = best.score >= sureScore || (best.score >= certainScore && raw >= certainRawScore)
        return Match(
            score: best.score, isShifted: isShifted,
            isCertain: isCertain && blocks.count >= certainBlocks)
    }

    /// Correlations of those of 4 × 4 blocks of the overlap that show anything.
    private static func blocks(_ a: GreyImage, _ b: GreyImage, x: Int, y: Int) -> [Float] {
        let (width, height) = (a.side - abs(x), a.side - abs(y))
        var result: [Float] = []
        for row in 0..<4 {
            for column in 0..<4 {
                let across = column * width / 4..<(column + 1) * width / 4
                let down = row * height / 4..<(row + 1) * height / 4
                let moments = Shifts.moments(a, b, x: x, y: y, columns: across, rows: down)
                guard min(moments.firstVariance, moments.secondVariance) >= blockContrast * blockContrast
                else {
                    continue
                }
                result.append(moments.correlation)
            }
        }
        return result
    }

    /// Correlations of two images of one size at all shifts up to `reach` pixels.
    struct Shifts {
        private(set) var scores: [(score: Float, x: Int, y: Int)] = []

        var best: (score: Float, x: Int, y: Int) { scores.max { $0.score < $1.score } ?? (-1, 0, 0) }

        init(_ a: GreyImage, _ b: GreyImage, reach: Int) {
            let reach = min(reach, a.side / 4)
            for y in -reach...reach {
                for x in -reach...reach { scores.append((Self.correlation(a, b, x: x, y: y), x, y)) }
            }
        }

        /// Correlation of the overlap if `b` lies `x` pixels to the right of `a`, and `y` below, −1…1.
        static func correlation(_ a: GreyImage, _ b: GreyImage, x: Int, y: Int) -> Float {
            moments(a, b, x: x, y: y, columns: 0..<a.side - abs(x), rows: 0..<a.side - abs(y)).correlation
        }

        struct Moments {
            let firstVariance: Float
            let secondVariance: Float
            let covariance: Float

            var correlation: Float {
                let product = firstVariance * secondVariance
                return product > 1e-6 ? covariance / product.squareRoot() : 0
            }
        }

        /// Moments of a part of the overlap.
        static func moments(
            _ a: GreyImage, _ b: GreyImage, x: Int, y: Int, columns: Range<Int>, rows: Range<Int>
        ) -> Moments {
            let side = a.side
            return a.values.withUnsafeBufferPointer { first in
                b.values.withUnsafeBufferPointer { second in
                    guard let first = first.baseAddress, let second = second.baseAddress else {
                        return Moments(firstVariance: 0, secondVariance: 0, covariance: 0)
                    }
                    var sums = (
                        SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero, SIMD4<Float>.zero,
                        SIMD4<Float>.zero
                    )
                    for row in rows {
                        let one = first + (row + max(y, 0)) * side + max(x, 0)
                        let other = second + (row + max(-y, 0)) * side + max(-x, 0)
                        var column = columns.lowerBound
                        while column + 4 <= columns.upperBound {
                            let p = UnsafeRawPointer(one + column).loadUnaligned(as: SIMD4<Float>.self)
                            let q = UnsafeRawPointer(other + column).loadUnaligned(as: SIMD4<Float>.self)
                            sums.0 += p
                            sums.1 += q
                            sums.2 += p * p
                            sums.3 += q * q
                            sums.4 += p * q
                            column += 4
                        }
                        while column < columns.upperBound {
                            let (p, q) = (one[column], other[column])
                            sums.0[0] += p
                            sums.1[0] += q
                            sums.2[0] += p * p
                            sums.3[0] += q * q
                            sums.4[0] += p * q
                            column += 1
                        }
                    }
                    let count = Float(max(columns.count * rows.count, 1))
                    let (p, q) = (sums.0.sum() / count, sums.1.sum() / count)
                    return Moments(
                        firstVariance: max(0, sums.2.sum() / count - p * p),
                        secondVariance: max(0, sums.3.sum() / count - q * q),
                        covariance: sums.4.sum() / count - p * q)
                }
            }
        }
    }
}
