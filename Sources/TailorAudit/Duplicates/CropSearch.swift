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

/// Search for crops among candidates by ``CropVerification``: first pixel for pixel, then as thumbnails claim.
///
/// A claim that holds is a crop. One that does not, though the thumbnails agree as those of crops do, is a hint.
/// Where unrelated thumbnails of the dataset agree nearly as well, they claim nothing.
struct CropSearch {
    /// Score of thumbnails that crops have, and the least one that is looked into.
    static let score: Float = 0.78
    static let leastScore: Float = 0.6
    /// Claims of thumbnails that are looked into in any case, and per image of the dataset.
    private static let (leastLimit, limitPerImage) = (2000, 1)

    private(set) var pairs: [DuplicatePair] = []
    /// Whether thumbnails can tell crops: false if unrelated ones resemble each other too much.
    private(set) var seesThumbnails = true
    /// Claims beyond the limit, which were not looked into.
    private(set) var omitted = 0

    /// - Parameters:
    ///   - progress: called from several threads with the share that is done, of 1000.
    init(
        _ images: [ImageSignature], candidates: [ImagePair],
        pictures: VerifiedPictures, workers: Int, progress: (@Sendable (Int) -> Void)? = nil
    ) {
        let usual = Self.usualScore(images, workers: workers)
        seesThumbnails = usual + 0.3 <= Self.score
        let claiming = CropClaiming(images: images, pictures: pictures, seesThumbnails: seesThumbnails)
        var sets = DisjointSets(count: images.count)
        // The steps take these shares of the time.
        func report(_ shares: ClosedRange<Int>, of total: Int) -> @Sendable (Int) -> Void {
            { done in progress?(shares.lowerBound + shares.count * min(done, total) / max(total, 1)) }
        }
        let looks = Self.rounds(
            of: candidates.map { CropClaim(pair: $0) }, &sets, workers, report(0...500, of: candidates.count),
            look: claiming.firstLook)
        pairs = looks.compactMap(\.crop)
        let rest = looks.map(\.claim).filter {
            sets.root(of: $0.pair.first) != sets.root(of: $0.pair.second)
        }
        let claims = ParallelMap.run(
            rest.count, workers: workers, name: "copies", progress: report(501...700, of: rest.count)
        ) { claiming.byThumbnails(rest[$0]) }
        .filter { $0.score >= Self.leastScore }
        .sorted { ($0.score, $1.pair) > ($1.score, $0.pair) }
        let limit = max(Self.leastLimit, Self.limitPerImage * images.count)
        omitted = max(0, claims.count - limit)
        let chosen = Array(claims.prefix(limit))
        pairs += Self.rounds(
            of: chosen, &sets, workers, report(701...1000, of: chosen.count), look: claiming.secondLook
        ).compactMap { $0.crop ?? $0.hint }
    }

    /// Looks into claims round by round: what pairs that hold connect already need not hold by itself, and in a set
    /// of many versions nearly all pairs are of that kind.
    private static func rounds(
        of claims: [CropClaim], _ sets: inout DisjointSets, _ workers: Int,
        _ progress: @escaping @Sendable (Int) -> Void, look: @escaping @Sendable (CropClaim) -> CropLook
    ) -> [CropLook] {
        var looks: [CropLook] = []
        var waiting = claims
        while !waiting.isEmpty {
            let (round, rest) = Self.round(of: waiting, &sets)
            let done = claims.count - rest.count - round.count
            let report: @Sendable (Int) -> Void = { progress(done + $0) }
            let found = ParallelMap.run(
                round.count, workers: workers, name: "copies", progress: report
            ) { look(round[$0]) }
            for pair in found.compactMap(\.crop) { sets.join(pair.first, pair.second) }
            looks += found
            waiting = rest
        }
        return looks
    }

    /// Fewest claims of a round, for all threads to have work; beyond, one for each set of images that is connected.
    private static let fewestAtOnce = 64

    private static func round(of claims: [CropClaim], _ sets: inout DisjointSets) -> (
        round: [CropClaim], rest: [CropClaim]
    ) {
        var taken: Set<Int> = []
        var (round, rest): ([CropClaim], [CropClaim]) = ([], [])
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
