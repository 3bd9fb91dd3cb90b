/// Verification that one image is a part of another, by their pixels at a higher resolution than thumbnails have.
///
/// The claim must hold block by block in what is left of both images once they are whitened. Stripes, discs, brushed
/// metal and cloth agree with others of their kind as thumbnails; here only the picture itself does.
struct CropVerification {
    /// How large the part is in the whole.
    enum Size {
        /// Pixel for pixel: nothing was resized.
        case native
        /// Sides relative to the whole's.
        case relative(Float)
    }

    /// Short and long side in pixels at most, at which a pair is compared.
    private struct Resolution {
        let shortSide: Int
        let longSide: Int
    }

    private static let sifting = Resolution(shortSide: 96, longSide: 192)
    /// Fits a transform of 256 pixels, at a quarter of the cost of `full`, where most parts are as evident.
    private static let reduced = Resolution(shortSide: 128, longSide: 232)
    private static let full = Resolution(shortSide: 256, longSide: 420)
    /// Height of the correlation, in standard deviations, from which a pair is worth comparing.
    private static let siftingPeak: Float = 9
    private static let peak: Float = 8
    /// Smallest side, pixels, of which enough blocks can be made.
    static let leastSide = 48
    /// Contrast in grey levels below which an image shows nothing.
    private static let contrast: Float = 0.7

    let whole: VerifiedPicture
    let part: VerifiedPicture

    init(whole: VerifiedPicture, part: VerifiedPicture) {
        (self.whole, self.part) = (whole, part)
    }

    /// The smaller image as a part of the larger one; nil if neither is smaller on both sides.
    init?(_ first: VerifiedPicture, _ second: VerifiedPicture) {
        if first.width <= second.width, first.height <= second.height {
            self.init(whole: second, part: first)
        } else if second.width <= first.width, second.height <= first.height {
            self.init(whole: first, part: second)
        } else {
            return nil
        }
    }

    /// Whether the part, pixel for pixel, is plausibly cut from the whole; nothing else is looked for.
    var isPlausible: Bool {
        guard part.width <= whole.width, part.height <= whole.height,
            10 * part.width >= 7 * whole.width, 10 * part.height >= 7 * whole.height
        else { return false }
        return isPlausible(.native)
    }

    /// First look, at a small fraction of the cost of the second.
    private func isPlausible(_ size: Size) -> Bool {
        guard let images = images(size, at: Self.sifting),
            let correlation = PhaseCorrelation(images.part, in: images.whole, margin: 2)
        else { return false }
        return correlation.peak >= Self.siftingPeak
    }

    /// Share of blocks that agree, 0…1; nil if the images do not show the same.
    ///
    /// - Parameter isSifted: whether the first look was taken already.
    func score(_ size: Size, isSifted: Bool = false) -> Float? {
        guard isSifted || isPlausible(size) else { return nil }
        let (score, blocks) = look(size, at: Self.reduced, where: { $0.isEvident })
        if score != nil || blocks?.isHopeless == true { return score }
        return look(size, at: Self.full, where: { $0.isSame }).score
    }

    /// Score if it holds, and the blocks that were compared last, if any were.
    private func look(
        _ size: Size, at resolution: Resolution, where holds: (BlockAgreement) -> Bool
    ) -> (score: Float?, blocks: BlockAgreement?) {
        var last: BlockAgreement?
        guard var images = images(size, at: resolution),
            min(images.part.width, images.part.height) >= Self.leastSide,
            images.part.contrast >= Self.contrast, images.whole.contrast >= Self.contrast
        else { return (nil, nil) }
        for _ in 0..<3 {
            let margin = min(images.part.width, images.part.height) / 6
            guard let correlation = PhaseCorrelation(images.part, in: images.whole, margin: margin),
                correlation.peak >= Self.peak
            else { break }
            let blocks = BlockAgreement(
                correlation, part: images.part, whole: (images.whole.width, images.whole.height))
            if holds(blocks) { return (blocks.share, blocks) }
            last = blocks
            guard let scale = Self.scale(blocks.displacements) else { break }
            let width = Int((Float(images.part.width) * scale.x).rounded())
            let height = Int((Float(images.part.height) * scale.y).rounded())
            guard (width, height) != (images.part.width, images.part.height),
                min(width, height) >= Self.leastSide, max(width, height) <= 2 * resolution.longSide
            else { break }
            images.part = part.luminance.resized(width: width, height: height)
        }
        return (nil, last)
    }

    /// Both images at one scale, the whole with at most these sides; nil if the part would vanish or outgrow it.
    private func images(_ size: Size, at resolution: Resolution) -> (whole: Luminance, part: Luminance)? {
        let share = min(
            1, Float(resolution.shortSide) / Float(min(whole.width, whole.height)),
            Float(resolution.longSide) / Float(max(whole.width, whole.height)))
        let (width, height) = (Float(whole.width) * share, Float(whole.height) * share)
        let sides: (Float, Float) =
            switch size {
            case .native: (Float(part.width) * share, Float(part.height) * share)
            case .relative(let side): (width * side, height * side)
            }
        let limits = 8...Float(2 * resolution.longSide)
        guard [width, height, sides.0, sides.1].allSatisfy({ limits.contains($0) }) else { return nil }
        return (
            whole.luminance.resized(width: Int(width.rounded()), height: Int(height.rounded())),
            part.luminance.resized(width: Int(sides.0.rounded()), height: Int(sides.1.rounded()))
        )
    }

    /// By how much the part must be stretched for its blocks to fit; nil if they do not say.
    private static func scale(_ displacements: [BlockAgreement.Displacement]) -> (x: Float, y: Float)? {
        guard displacements.count >= 6 else { return nil }
        let x = slope(displacements.map { ($0.x, $0.right) })
        let y = slope(displacements.map { ($0.y, $0.down) })
        guard let x, let y else { return nil }
        return (1 + x, 1 + y)
    }

    /// Slope of a line through points, the median over all pairs (Theil, 1950; Sen, 1968).
    private static func slope(_ points: [(Float, Float)]) -> Float? {
        var slopes: [Float] = []
        for (index, first) in points.enumerated() {
            for second in points[..<index] where abs(first.0 - second.0) > 4 {
                slopes.append((first.1 - second.1) / (first.0 - second.0))
            }
        }
        return slopes.isEmpty ? nil : slopes.sorted()[slopes.count / 2]
    }
}
