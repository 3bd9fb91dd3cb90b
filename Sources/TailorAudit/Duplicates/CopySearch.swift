import Foundation
import TailorSupport

/// Search for copies and siblings: candidates by perceptual hash, and a comparison of 64-pixel thumbnails that
/// decides.
///
/// There are two criteria, because images of one product line resemble each other more than a cropped copy
/// resembles its original: copies must agree as a whole (`raw`), and without the dataset's common structure
/// (`residual`). Thresholds were measured, see `Documentation/Checks.md`.
enum CopySearch {
    /// Maximum Hamming distance of perceptual hashes, of 63 bits.
    private static let hashDistance = 10
    /// Radius of the high-pass filter in pixels of a thumbnail. A smaller one would leave only noise of
    /// smooth images.
    private static let radius = 2
    private static let copyRaw: Float = 0.9985
    private static let copyResidual: Float = 0.75
    private static let certainResidual: Float = 0.985
    private static let siblingResidual: Float = 0.8

    /// Pairs of copies and siblings; parameters as those of ``DuplicateSearch``.
    static func pairs(
        _ images: [ImageSignature], boundary: Int?, pictures: VerifiedPictures?, workers: Int,
        progress: (@Sendable (Int) -> Void)? = nil
    ) -> [DuplicatePair] {
        let claims = claims(images, boundary: boundary, workers: workers, progress: progress)
        guard let pictures else { return claims.map(\.pair) }
        return ParallelMap.run(claims.count, workers: workers, name: "copies") {
            verified(claims[$0], images, pictures)
        }
    }

    private struct Claim {
        let pair: DuplicatePair
        /// Orientation of the second image.
        let variant: Int
    }

    /// The pair of a claim: a copy of which the thumbnails alone do not make certain must agree block by block, else
    /// it is a likeness. Two discs of one size, each in the middle of its picture, have thumbnails like copies.
    private static func verified(
        _ claim: Claim, _ images: [ImageSignature], _ pictures: VerifiedPictures
    ) -> DuplicatePair {
        let pair = claim.pair
        guard pair.kind == .copy, pair.score < certainResidual,
            [pair.first, pair.second].allSatisfy({ isLarge(images[$0]) })
        else { return pair }
        if let first = pictures[pair.first], let second = pictures[pair.second]?.variant(claim.variant) {
            // Whichever has less detail is fitted into the other.
            let firstIsSmaller = first.width * first.height < second.width * second.height
            let verification = CropVerification(
                whole: firstIsSmaller ? second : first, part: firstIsSmaller ? first : second)
            if verification.score(.relative(1)) != nil { return pair }
        }
        return DuplicatePair(first: pair.first, second: pair.second, kind: .lookalike, score: pair.score)
    }

    /// Whether an image is large enough to be looked at block by block.
    private static func isLarge(_ image: ImageSignature) -> Bool {
        image.size.map { min($0.width, $0.height) >= CropVerification.leastSide } ?? false
    }

    private static func claims(
        _ images: [ImageSignature], boundary: Int?, workers: Int, progress: (@Sendable (Int) -> Void)?
    ) -> [Claim] {
        let thumbnails = images.map(\.thumbnail)
        let isBlank = images.map { $0.contrast < DuplicateSearch.blankContrast }
        let usable = images.indices.filter { !isBlank[$0] }
        if let boundary,
            usable.first.map({ $0 >= boundary }) ?? true || usable.last.map({ $0 < boundary }) ?? true
        {
            return []
        }
        let hashes = ParallelMap.run(images.count, workers: workers, name: "copies") {
            isBlank[$0] ? PerceptualHash.none : PerceptualHash(thumbnails[$0])
        }
        let structure = CommonStructure(
            distinctGrains(
                DuplicateSearch.spread(usable, count: 500), thumbnails, hashes, workers: workers))
        let residuals = ParallelMap.run(images.count, workers: workers, name: "copies") {
            isBlank[$0]
                ? GreyImage(side: 0, values: [])
                : structure.residual(of: grain(GreyImage(thumbnails[$0])))
        }
        // The eight orientations side by side, compared at once.
        let variants = hashes.map { hash in
            var all = SIMD8<UInt64>.zero
            for (index, bits) in hash.variants.enumerated() { all[index] = bits }
            return all
        }
        let rows = ParallelMap.run(images.count, workers: workers, name: "copies", progress: progress) {
            index -> [Claim] in
            guard !isBlank[index] else { return [] }
            let raw = GreyImage(thumbnails[index]).normalized
            let upright = SIMD8<UInt64>(repeating: variants[index][0])
            let farthest = SIMD8<UInt64>(repeating: UInt64(hashDistance))
            var claims: [Claim] = []
            let start = boundary.map { index < $0 ? $0 : images.count } ?? index + 1
            for other in start..<images.count {
                let near = (upright ^ variants[other]).nonzeroBitCount .<= farthest
                guard any(near), !isBlank[other] else { continue }
                // Upright first, since nearly all copies are.
                for variant in 0..<8 where near[variant] {
                    let turned = GreyImage(thumbnails[other]).variant(variant)
                    var residual = dot(residuals[index].values, residuals[other].values)
                    if variant != 0 {
                        // In both orientations: the common structure does not fit a rotated image.
                        let back = GreyImage(thumbnails[index]).variant(inverse[variant])
                        residual = min(
                            dot(residuals[index].values, structure.residual(of: grain(turned)).values),
                            dot(structure.residual(of: grain(back)).values, residuals[other].values))
                    }
                    guard residual >= copyResidual else { continue }
                    let agreement = dot(raw.values, turned.normalized.values)
                    let isCopy =
                        agreement >= copyRaw || (residual >= certainResidual && agreement >= 0.95)
                    guard isCopy || residual >= siblingResidual else { continue }
                    let pair = DuplicatePair(
                        first: index, second: other, kind: isCopy ? .copy : .sibling, score: residual)
                    claims.append(Claim(pair: pair, variant: variant))
                    break
                }
            }
            return claims
        }
        return Array(rows.joined())
    }

    /// Grains of images without those of copies of an earlier one: a picture that is there many times would be
    /// taken for common structure, and its copies would no longer be found.
    private static func distinctGrains(
        _ indices: [Int], _ thumbnails: [Data], _ hashes: [PerceptualHash], workers: Int
    ) -> [GreyImage] {
        let images = ParallelMap.run(indices.count, workers: workers, name: "copies") { position in
            let image = GreyImage(thumbnails[indices[position]])
            return (raw: image.normalized.values, grain: grain(image))
        }
        var kept: [Int] = []
        for position in indices.indices {
            let hash = hashes[indices[position]].variants[0]
            let isCopy = kept.contains { earlier in
                (hash ^ hashes[indices[earlier]].variants[0]).nonzeroBitCount <= hashDistance
                    && dot(images[position].raw, images[earlier].raw) >= copyRaw
            }
            if !isCopy { kept.append(position) }
        }
        return kept.map { images[$0].grain }
    }

    /// High frequencies of a thumbnail, normalised.
    private static func grain(_ image: GreyImage) -> GreyImage {
        image.highPassed(radius: radius).normalized
    }

    /// Inverse of each of the eight orientations.
    private static let inverse = [0, 1, 2, 3, 4, 6, 5, 7]
}
