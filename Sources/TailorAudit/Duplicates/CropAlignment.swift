/// Alignment of an image with another of which it may be a crop.
///
/// The crop is tried at several sizes and all positions; the score is the normalised correlation after
/// high-pass filtering, −1…1.
package struct CropAlignment {
    /// Side lengths of the crop relative to the whole.
    private static let scales: [Float] = [1, 0.975, 0.95, 0.925, 0.9, 0.875, 0.85, 0.825, 0.8]
    private static let radius = 3

    private let coarse: GreyImage
    private let fine: GreyImage
    private let coarseWhole: GreyImage
    private let fineWhole: GreyImage

    package init(_ image: GreyImage) {
        fine = image
        coarse = image.resized(to: image.side / 2)
        fineWhole = fine.highPassed(radius: Self.radius)
        coarseWhole = coarse.highPassed(radius: Self.radius)
    }

    /// How one image fits into another.
    package struct Fit {
        /// Correlation, −1…1.
        package fileprivate(set) var score: Float = -1
        /// Sides of the part relative to the whole's.
        package fileprivate(set) var scale: Float = 1
        /// Whether the other image is the part.
        package fileprivate(set) var otherIsPart = true
    }

    /// Best fit with another image, either of which may be the crop.
    ///
    /// - Parameter coarseThreshold: below this score at half the resolution, the full one is not tried.
    package func fit(with other: CropAlignment, coarseThreshold: Float = 0.5) -> Fit {
        let rough = Self.better(
            Self.best(part: other.coarse, in: coarseWhole), Self.best(part: coarse, in: other.coarseWhole))
        guard rough.score >= coarseThreshold else { return rough }
        return Self.better(
            Self.best(part: other.fine, in: fineWhole), Self.best(part: fine, in: other.fineWhole))
    }

    private static func better(_ first: Fit, _ second: Fit) -> Fit {
        guard second.score > first.score else { return first }
        return Fit(score: second.score, scale: second.scale, otherIsPart: false)
    }

    private static func best(part: GreyImage, in whole: GreyImage) -> Fit {
        var best = Fit()
        var tried = 0
        for scale in scales {
            let side = Int((Float(whole.side) * scale).rounded())
            guard side != tried else { continue }
            tried = side
            let pattern = part.resized(to: side).highPassed(radius: radius).normalized
            let places = whole.side - side
            for top in 0...places {
                for left in 0...places {
                    let score = correlation(pattern, whole, left: left, top: top)
                    if score > best.score { best = Fit(score: score, scale: Float(side) / Float(whole.side)) }
                }
            }
        }
        return best
    }

    private static func correlation(_ pattern: GreyImage, _ whole: GreyImage, left: Int, top: Int)
        -> Float
    {
        pattern.values.withUnsafeBufferPointer { pattern in
            whole.values.withUnsafeBufferPointer { values in
                let side = Int(Double(pattern.count).squareRoot())
                var product: Float = 0
                var sum: Float = 0
                var squares: Float = 0
                for y in 0..<side {
                    let row = UnsafeBufferPointer(
                        rebasing: values[(top + y) * whole.side + left..<(top + y) * whole.side + left + side]
                    )
                    let mine = UnsafeBufferPointer(rebasing: pattern[y * side..<(y + 1) * side])
                    var sums = (SIMD8<Float>.zero, SIMD8<Float>.zero, SIMD8<Float>.zero)
                    var x = 0
                    while x + 8 <= side {
                        let a = UnsafeRawPointer(row.baseAddress! + x).loadUnaligned(as: SIMD8<Float>.self)
                        let b = UnsafeRawPointer(mine.baseAddress! + x).loadUnaligned(as: SIMD8<Float>.self)
                        sums.0 += a * b
                        sums.1 += a
                        sums.2 += a * a
                        x += 8
                    }
                    while x < side {
                        product += row[x] * mine[x]
                        sum += row[x]
                        squares += row[x] * row[x]
                        x += 1
                    }
                    product += sums.0.sum()
                    sum += sums.1.sum()
                    squares += sums.2.sum()
                }
                let count = Float(side * side)
                let variance = squares - sum * sum / count
                return variance > 1 ? product / variance.squareRoot() : 0
            }
        }
    }
}
