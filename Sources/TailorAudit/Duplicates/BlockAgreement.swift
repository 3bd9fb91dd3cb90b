/// How far two whitened images agree block by block at a place that is claimed for one in the other.
///
/// A block agrees if it fits there and nowhere near: a straight edge fits anywhere along itself, a period after each
/// of its lengths, and neither counts (after Shi and Tomasi, 1994: a point can be followed where two directions hold
/// it).
struct BlockAgreement {
    /// A block's centre in the part and how far from the claimed place it fits, pixels.
    struct Displacement {
        let x: Float
        let y: Float
        let right: Float
        let down: Float
    }

    /// Blocks compared, and those that agree.
    private(set) var count = 0
    private(set) var agreeing = 0
    /// Blocks with strong structure in two directions, and those that agree.
    private(set) var textured = 0
    private(set) var texturedAgreeing = 0
    /// Displacements of the blocks that fit somewhere near, at one place only.
    private(set) var displacements: [Displacement] = []
    private var rows: Set<Int> = []
    private var columns: Set<Int> = []

    /// Share of the blocks that agree, 0…1.
    var share: Float { count > 0 ? Float(agreeing) / Float(count) : 0 }

    /// Whether the images show the same there: a third of all blocks, from all over the part, and three quarters of
    /// those with strong structure.
    var isSame: Bool {
        agreeing >= 6 && agreeing * 3 >= count && rows.count >= 3 && columns.count >= 3
            && texturedAgreeing * 4 >= textured * 3
    }

    /// Whether it is the same beyond doubt: three quarters of the blocks agree, where there are many.
    var isEvident: Bool { isSame && agreeing >= 16 && agreeing * 4 >= count * 3 }

    /// Whether so few of many blocks agree that more pixels will not change it.
    var isHopeless: Bool { count >= 12 && agreeing * 12 < count }

    private static let reach = 5
    /// Correlation above that of unrelated noise, in standard deviations.
    private static let significance: Float = 4.5
    /// Correlation elsewhere, as a share of the best, from which a block fits in more than one place.
    private static let ambiguity: Float = 0.6
    /// Smaller eigenvalue of the structure tensor from which structure is strong, squared grey levels a pixel.
    private static let strength: Float = 30

    /// - Parameters:
    ///   - part: luminance of the part before whitening.
    ///   - whole: size of the whole in pixels.
    init(_ correlation: PhaseCorrelation, part: Luminance, whole: (width: Int, height: Int)) {
        let energies = SummedSquares(correlation.whole, side: correlation.side)
        let columnCount = max(3, min(6, part.width / 16))
        let rowCount = max(3, min(6, part.height / 16))
        for row in 0..<rowCount {
            let (top, bottom) = (row * part.height / rowCount, (row + 1) * part.height / rowCount)
            for column in 0..<columnCount {
                let (left, right) = (
                    column * part.width / columnCount, (column + 1) * part.width / columnCount
                )
                let inside = correlation.left + left >= 0 && correlation.top + top >= 0
                guard inside, correlation.left + right <= whole.width,
                    correlation.top + bottom <= whole.height,
                    right - left >= 8, bottom - top >= 8
                else { continue }
                let isTextured =
                    Self.smallerEigenvalue(part, left..<right, top..<bottom) >= Self.strength
                count += 1
                if isTextured { textured += 1 }
                guard let fit = Self.fit(correlation, energies, left..<right, top..<bottom, whole: whole)
                else {
                    continue
                }
                displacements.append(
                    Displacement(
                        x: Float(left + right) / 2, y: Float(top + bottom) / 2, right: Float(fit.right),
                        down: Float(fit.down)))
                guard abs(fit.right) <= 1, abs(fit.down) <= 1 else { continue }
                agreeing += 1
                if isTextured { texturedAgreeing += 1 }
                rows.insert(row)
                columns.insert(column)
            }
        }
    }

    /// Displacement at which a block fits; nil if it fits nowhere near, or in several places.
    private static func fit(
        _ correlation: PhaseCorrelation, _ energies: SummedSquares, _ columns: Range<Int>,
        _ rows: Range<Int>, whole: (width: Int, height: Int)
    ) -> (right: Int, down: Int)? {
        let energy = product(
            correlation.part, correlation.part, side: correlation.side, columns, rows,
            left: columns.lowerBound, top: rows.lowerBound)
        var scores: [(score: Float, right: Int, down: Int)] = []
        for down in -reach...reach {
            let top = correlation.top + rows.lowerBound + down
            guard top >= 0, top + rows.count <= whole.height else { continue }
            for right in -reach...reach {
                let left = correlation.left + columns.lowerBound + right
                guard left >= 0, left + columns.count <= whole.width else { continue }
                let product = product(
                    correlation.part, correlation.whole, side: correlation.side, columns, rows, left: left,
                    top: top)
                let energies =
                    energy * energies.sum(left..<left + columns.count, top..<top + rows.count)
                scores.append((energies > 0 ? product / energies.squareRoot() : 0, right, down))
            }
        }
        guard let best = scores.max(by: { $0.score < $1.score }) else { return nil }
        let chance = significance / Float(columns.count * rows.count).squareRoot()
        let isAlone = scores.allSatisfy {
            max(abs($0.right - best.right), abs($0.down - best.down)) <= 2
                || $0.score < ambiguity * best.score
        }
        return best.score > chance && isAlone ? (best.right, best.down) : nil
    }

    /// Sum of the products of a block of one image with the pixels of another from `left`, `top` on.
    private static func product(
        _ part: [Float], _ whole: [Float], side: Int, _ columns: Range<Int>, _ rows: Range<Int>, left: Int,
        top: Int
    ) -> Float {
        part.withUnsafeBufferPointer { part in
            whole.withUnsafeBufferPointer { whole in
                var sums = (SIMD8<Float>.zero, SIMD8<Float>.zero)
                var rest: Float = 0
                for row in 0..<rows.count {
                    let mine = part.baseAddress! + (rows.lowerBound + row) * side + columns.lowerBound
                    let theirs = whole.baseAddress! + (top + row) * side + left
                    func load(_ pointer: UnsafePointer<Float>, _ x: Int) -> SIMD8<Float> {
                        UnsafeRawPointer(pointer + x).loadUnaligned(as: SIMD8<Float>.self)
                    }
                    var x = 0
                    while x + 16 <= columns.count {
                        sums.0 += load(mine, x) * load(theirs, x)
                        sums.1 += load(mine, x + 8) * load(theirs, x + 8)
                        x += 16
                    }
                    if x + 8 <= columns.count {
                        sums.0 += load(mine, x) * load(theirs, x)
                        x += 8
                    }
                    while x < columns.count {
                        rest += mine[x] * theirs[x]
                        x += 1
                    }
                }
                return (sums.0 + sums.1).sum() + rest
            }
        }
    }

    /// Smaller eigenvalue of the mean structure tensor of a block, squared grey levels a pixel.
    private static func smallerEigenvalue(_ image: Luminance, _ columns: Range<Int>, _ rows: Range<Int>)
        -> Float
    {
        var (xx, xy, yy): (Float, Float, Float) = (0, 0, 0)
        var count: Float = 0
        for y in max(rows.lowerBound, 1)..<min(rows.upperBound, image.height - 1) {
            for x in max(columns.lowerBound, 1)..<min(columns.upperBound, image.width - 1) {
                let place = y * image.width + x
                let across = (image.values[place + 1] - image.values[place - 1]) / 2
                let down = (image.values[place + image.width] - image.values[place - image.width]) / 2
                xx += across * across
                xy += across * down
                yy += down * down
                count += 1
            }
        }
        let (half, difference) = ((xx + yy) / 2, (xx - yy) / 2)
        return (half - (difference * difference + xy * xy).squareRoot()) / max(count, 1)
    }
}
