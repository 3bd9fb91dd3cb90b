import Foundation
import TailorSupport

/// Two indices, the smaller one first.
struct ImagePair: Hashable, Comparable {
    let first: Int
    let second: Int

    init(_ a: Int, _ b: Int) {
        first = min(a, b)
        second = max(a, b)
    }

    static func < (a: ImagePair, b: ImagePair) -> Bool { (a.first, a.second) < (b.first, b.second) }
}

/// Search for crops among candidates, in two steps: claims by thumbnails and by a first look at the pixels, then
/// ``CropVerification``.
///
/// A claim that holds is a crop. One that does not, though the thumbnails agree as those of crops do, is a hint.
/// Where unrelated thumbnails of the dataset agree nearly as well, they claim nothing.
struct CropSearch {
    /// Score of thumbnails that crops have, and the least one that is looked into.
    static let score: Float = 0.78
    private static let leastScore: Float = 0.6
    /// Claims that are looked into in any case, and per image of the dataset.
    private static let (leastLimit, limitPerImage) = (2000, 1)

    private(set) var pairs: [DuplicatePair] = []
    /// Whether thumbnails can tell crops: false if unrelated ones resemble each other too much.
    private(set) var seesThumbnails = true
    /// Claims beyond the limit, which were not looked into.
    private(set) var omitted = 0

    private struct Claim {
        let pair: ImagePair
        /// Whether one is plausibly cut from the other, pixel for pixel.
        var isPlausible = false
        var fit = CropAlignment.Fit()
        var isMirrored = false
    }

    /// - Parameters:
    ///   - progress: called from several threads with the share that is done, of 1000.
    init(
        _ images: [ImageSignature], candidates: [ImagePair],
        pictures: VerifiedPictures, workers: Int, progress: (@Sendable (Int) -> Void)? = nil
    ) {
        let isBlank = images.map { $0.contrast < DuplicateSearch.blankContrast }
        let usual = Self.usualScore(images, workers: workers)
        let seesThumbnails = usual + 0.3 <= Self.score
        let total = max(candidates.count, 1)
        let claims = ParallelMap.run(
            candidates.count, workers: workers, name: "copies", progress: { progress?(500 * $0 / total) }
        ) { number -> Claim in
            var claim = Claim(pair: candidates[number])
            let (first, second) = (claim.pair.first, claim.pair.second)
            claim.isPlausible = Self.isPlausible(claim.pair, images, pictures)
            guard seesThumbnails, !isBlank[first], !isBlank[second] else { return claim }
            let alignment = CropAlignment(GreyImage(images[first].thumbnail))
            let other = GreyImage(images[second].thumbnail)
            claim.fit = alignment.fit(with: CropAlignment(other))
            let mirrored = alignment.fit(with: CropAlignment(other.variant(1)))
            if mirrored.score > claim.fit.score { (claim.fit, claim.isMirrored) = (mirrored, true) }
            return claim
        }.filter { $0.isPlausible || $0.fit.score >= Self.leastScore }
            .sorted {
                ($0.isPlausible ? 2 : $0.fit.score, $1.pair) > ($1.isPlausible ? 2 : $1.fit.score, $0.pair)
            }
        let limit = max(Self.leastLimit, Self.limitPerImage * images.count)
        omitted = max(0, claims.count - limit)
        pairs = Self.verified(Array(claims.prefix(limit)), count: images.count, pictures, workers) {
            progress?(500 + 500 * $0 / max(min(claims.count, limit), 1))
        }
        self.seesThumbnails = seesThumbnails
    }

    private static func isPlausible(
        _ pair: ImagePair, _ images: [ImageSignature], _ pictures: VerifiedPictures
    ) -> Bool {
        guard let a = images[pair.first].size, let b = images[pair.second].size else { return false }
        let firstIsPart = a.width <= b.width && a.height <= b.height
        // Before anything is read; of equal sizes neither is a part.
        guard a != b, firstIsPart || (b.width <= a.width && b.height <= a.height),
            10 * min(a.width, b.width) >= 7 * max(a.width, b.width),
            10 * min(a.height, b.height) >= 7 * max(a.height, b.height),
            min(a.width, a.height, b.width, b.height) >= CropVerification.leastSide,
            let one = pictures[pair.first], let other = pictures[pair.second]
        else { return false }
        return CropVerification(whole: firstIsPart ? other : one, part: firstIsPart ? one : other).isPlausible
    }

    /// Claims that hold, and hints, round by round: what pairs that hold connect already need not hold by itself, and
    /// in a set of many versions nearly all pairs are of that kind.
    private static func verified(
        _ claims: [Claim], count: Int, _ pictures: VerifiedPictures, _ workers: Int,
        progress: @escaping @Sendable (Int) -> Void
    ) -> [DuplicatePair] {
        var sets = DisjointSets(count: count)
        var pairs: [DuplicatePair] = []
        var waiting = claims
        while !waiting.isEmpty {
            let (round, rest) = Self.round(of: waiting, &sets)
            let done = claims.count - rest.count - round.count
            let found = ParallelMap.run(
                round.count, workers: workers, name: "copies", progress: { progress(done + $0) }
            ) { number -> DuplicatePair? in
                let claim = round[number]
                let (first, second) = (claim.pair.first, claim.pair.second)
                if let score = Self.verified(claim, pictures) {
                    return DuplicatePair(first: first, second: second, kind: .crop, score: score)
                }
                guard claim.fit.score >= Self.score else { return nil }
                return DuplicatePair(
                    first: first, second: second, kind: .lookalike, score: claim.fit.score)
            }.compactMap { $0 }
            for pair in found where pair.kind == .crop { sets.join(pair.first, pair.second) }
            pairs += found
            waiting = rest
        }
        return pairs
    }

    /// Fewest claims of a round, for all threads to have work; beyond, one for each set of images that is connected.
    private static let fewestAtOnce = 64

    private static func round(of claims: [Claim], _ sets: inout DisjointSets) -> (
        round: [Claim], rest: [Claim]
    ) {
        var taken: Set<Int> = []
        var (round, rest): ([Claim], [Claim]) = ([], [])
        for claim in claims {
            let (first, second) = (sets.root(of: claim.pair.first), sets.root(of: claim.pair.second))
            guard first != second else { continue }
            if taken.contains(first) || taken.contains(second) {
                rest.append(claim)
            } else {
                taken.formUnion([first, second])
                round.append(claim)
            }
        }
        let missing = max(0, min(fewestAtOnce - round.count, rest.count))
        round += rest.prefix(missing)
        rest.removeFirst(missing)
        return (round, rest)
    }

    private static func verified(_ claim: Claim, _ pictures: VerifiedPictures) -> Float? {
        guard let first = pictures[claim.pair.first], let second = pictures[claim.pair.second] else {
            return nil
        }
        // Cut out and not resized is the rule; thumbnails of stripes fit as well mirrored.
        let other = claim.isMirrored ? second.variant(1) : second
        if claim.isPlausible, let score = nativeScore(first, second) { return score }
        if claim.isMirrored || !claim.isPlausible, let score = nativeScore(first, other) { return score }
        guard claim.fit.score >= leastScore else { return nil }
        let isPart = claim.fit.otherIsPart
        return CropVerification(whole: isPart ? first : other, part: isPart ? other : first)
            .score(.relative(claim.fit.scale))
    }

    /// Score of the smaller image in the larger one, pixel for pixel; nil if neither is larger, or it is not in it.
    private static func nativeScore(_ first: VerifiedPicture, _ other: VerifiedPicture) -> Float? {
        let isSmaller = first.width <= other.width && first.height <= other.height
        guard isSmaller || (other.width <= first.width && other.height <= first.height) else { return nil }
        return CropVerification(whole: isSmaller ? other : first, part: isSmaller ? first : other).score(
            .native)
    }

    /// Score that one in ten pairs of unrelated images reaches: each with the one a third of the way on.
    private static func usualScore(_ images: [ImageSignature], workers: Int) -> Float {
        let sample = DuplicateSearch.spread(Array(images.indices), count: 40)
        let scores = ParallelMap.run(sample.count, workers: workers, name: "copies") { number -> Float in
            let (a, b) = (sample[number], sample[(number + sample.count / 3 + 1) % sample.count])
            return CropAlignment(GreyImage(images[a].thumbnail)).fit(
                with: CropAlignment(GreyImage(images[b].thumbnail)), coarseThreshold: -1
            ).score
        }.sorted()
        return scores.isEmpty ? 0 : scores[scores.count * 9 / 10]
    }
}
