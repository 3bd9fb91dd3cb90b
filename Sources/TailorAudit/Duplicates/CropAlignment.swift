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
    package struct Fit: Sendable {
        /// Correlation, −1…1.
        package fileprivate(set) var score: Float = -1
        /// Sides of the part relative to the whole's.
        package fileprivate(set) var scale: Float = 1
        /// Whether the other image is the part.
        package fileprivate(set) var otherIsPart = true
        /// Corner of the part in the whole, pixels of the resolution it was found at.
        fileprivate var left = 0
        fileprivate var top = 0
    }

    /// Best fit with another image, either of which may be the crop.
    ///
    /// - Parameter coarseThreshold: below this score at half the resolution, the full one is not tried.
    package func fit(with other: CropAlignment, coarseThreshold: Float = 0.5) -> Fit {
        let rough = (
            other: Self.best(part: other.coarse, in: coarseWhole),
            this: Self.best(part: coarse, in: other.coarseWhole)
        )
        guard max(rough.other.score, rough.this.score) >= coarseThreshold else {
            return Self.better(rough.other, rough.this)
        }
        func fine(_ rough: Fit, _ part: GreyImage, _ whole: GreyImage) -> Fit {
            rough.score >= coarseThreshold ? Self.best(part: part, in: whole, near: rough) : Fit()
        }
        return Self.better(
            fine(rough.other, other.fine, fineWhole), fine(rough.this, self.fine, other.fineWhole))
    }

    private static func better(_ first: Fit, _ second: Fit) -> Fit {
        guard second.score > first.score else { return first }
        return Fit(score: second.score, scale: second.scale, otherIsPart: false)
    }

    /// - Parameter rough: fit at half the resolution, in whose surroundings alone is looked; nil looks everywhere.
    private static func best(part: GreyImage, in whole: GreyImage, near rough: Fit? = nil) -> Fit {
        var best = Fit()
        var tried = 0
        for scale in scales where rough.map({ abs($0.scale - scale) < 0.04 }) ?? true {
            let side = Int((Float(whole.side) * scale).rounded())
            guard side != tried else { continue }
            tried = side
            let pattern = part.resized(to: side).highPassed(radius: radius).normalized
            let places = whole.side - side
            func range(_ corner: Int?) -> ClosedRange<Int> {
                guard let corner else { return 0...places }
                let first = max(0, min(places, 2 * corner - 3))
                return first...max(first, min(places, 2 * corner + 4))
            }
            for top in range(rough?.top) {
                for left in range(rough?.left) {
                    let score = correlation(pattern, whole, left: left, top: top)
                    guard score > best.score else { continue }
                    best = Fit(
                        score: score, scale: Float(side) / Float(whole.side), left: left, top: top)
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
