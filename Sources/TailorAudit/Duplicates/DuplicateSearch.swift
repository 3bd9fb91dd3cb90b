import Foundation
import TailorDatasets
import TailorSupport

/// Pair of images of a dataset that show the same.
package struct DuplicatePair: Sendable, Hashable {
    package enum Kind: Int, Sendable, CaseIterable, Comparable {
        /// Identical files.
        case bytes
        /// Different files with identical pixels.
        case pixels
        /// Same image re-encoded, resized, brightened, rotated or mirrored.
        case copy
        /// Crop of the other image (or of a copy of it).
        case crop
        /// Same subject twice, such as sister wafers or consecutive frames, but not the same image.
        case sibling

        package static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    }

    /// Smaller index of the two; `second` is the larger.
    package let first: Int
    package let second: Int
    package let kind: Kind
    /// Correlation after removing low frequencies and the dataset's common structure, 0…1; for `crop` the low
    /// frequencies only.
    package let score: Float
}

/// Search for duplicates in three steps: hashes of bytes and pixels, candidates by perceptual hash, and a
/// comparison of 64-pixel thumbnails that decides.
///
/// There are two criteria, because images of one product line resemble each other more than a cropped copy
/// resembles its original: copies must agree as a whole (`raw`), and without the dataset's common structure
/// (`residual`). Thresholds were measured, see `Documentation/Checks.md`.
struct DuplicateSearch {
    /// Maximum Hamming distance of perceptual hashes, of 63 bits.
    static let hashDistance = 10
    /// Radius of the high-pass filter in pixels of a thumbnail. A smaller one would leave only noise of
    /// smooth images.
    static let radius = 2
    static let copyRaw: Float = 0.9985
    static let copyResidual: Float = 0.75
    static let certainResidual: Float = 0.985
    static let siblingResidual: Float = 0.8
    static let cropScore: Float = 0.78
    /// Contrast in grey levels below which a thumbnail is not compared.
    static let blankContrast: Float = 3

    private(set) var pairs: [DuplicatePair] = []
    /// Whether crops can be detected: false if the images resemble each other too much.
    private(set) var seesCrops = true

    /// Searches for duplicates.
    ///
    /// - Parameters:
    ///   - neighbours: for each image, others with similar backbone features, as candidates for crops.
    ///   - boundary: number of images at the beginning that are compared with those after them only; nil
    ///     compares all with all.
    init(_ images: [ImageSignature], neighbours: [[Int]]? = nil, boundary: Int? = nil, workers: Int) {
        var found: Set<Pair> = []
        addIdentical(images, by: \.sha256, kind: .bytes, found: &found)
        addIdentical(images, by: \.pixelHash, kind: .pixels, found: &found)
        addSimilar(images, boundary: boundary, workers: workers, found: &found)
        if let neighbours { addCrops(images, neighbours: neighbours, workers: workers, found: &found) }
        pairs.sort { ($0.kind, $0.first, $0.second) < ($1.kind, $1.first, $1.second) }
    }

    private struct Pair: Hashable {
        let first: Int
        let second: Int

        init(_ a: Int, _ b: Int) {
            first = min(a, b)
            second = max(a, b)
        }
    }

    private mutating func addIdentical(
        _ images: [ImageSignature], by key: KeyPath<ImageSignature, String>, kind: DuplicatePair.Kind,
        found: inout Set<Pair>
    ) {
        var first: [String: Int] = [:]
        for (index, image) in images.enumerated() where !image[keyPath: key].isEmpty {
            guard let earlier = first[image[keyPath: key]] else {
                first[image[keyPath: key]] = index
                continue
            }
            if found.insert(Pair(earlier, index)).inserted {
                pairs.append(DuplicatePair(first: earlier, second: index, kind: kind, score: 1))
            }
        }
    }

    private mutating func addSimilar(
        _ images: [ImageSignature], boundary: Int?, workers: Int, found: inout Set<Pair>
    ) {
        let thumbnails = images.map(\.thumbnail)
        let isBlank = images.map { $0.contrast < Self.blankContrast }
        let usable = images.indices.filter { !isBlank[$0] }
        if let boundary,
            usable.first.map({ $0 >= boundary }) ?? true || usable.last.map({ $0 < boundary }) ?? true
        {
            return
        }
        let hashes = ParallelMap.run(images.count, workers: workers, name: "copies") {
            isBlank[$0] ? PerceptualHash.none : PerceptualHash(thumbnails[$0])
        }
        let structure = CommonStructure(
            Self.distinctGrains(Self.spread(usable, count: 500), thumbnails, hashes, workers: workers))
        let residuals = ParallelMap.run(images.count, workers: workers, name: "copies") {
            isBlank[$0]
                ? GreyImage(side: 0, values: [])
                : structure.residual(of: Self.grain(GreyImage(thumbnails[$0])))
        }
        let rows = ParallelMap.run(images.count, workers: workers, name: "copies") {
            index -> [DuplicatePair] in
            guard !isBlank[index] else { return [] }
            let raw = GreyImage(thumbnails[index]).normalized
            var pairs: [DuplicatePair] = []
            let start = boundary.map { index < $0 ? $0 : images.count } ?? index + 1
            for other in start..<images.count where !isBlank[other] {
                // Upright first, since nearly all copies are.
                for variant in 0..<8 {
                    let bits = hashes[index].variants[0] ^ hashes[other].variants[variant]
                    guard bits.nonzeroBitCount <= Self.hashDistance else { continue }
                    let turned = GreyImage(thumbnails[other]).variant(variant)
                    var residual = dot(residuals[index].values, residuals[other].values)
                    if variant != 0 {
                        // In both orientations: the common structure does not fit a rotated image.
                        let back = GreyImage(thumbnails[index]).variant(Self.inverse[variant])
                        residual = min(
                            dot(residuals[index].values, structure.residual(of: Self.grain(turned)).values),
                            dot(structure.residual(of: Self.grain(back)).values, residuals[other].values))
                    }
                    guard residual >= Self.copyResidual else { continue }
                    let agreement = dot(raw.values, turned.normalized.values)
                    let isCopy =
                        agreement >= Self.copyRaw
                        || (residual >= Self.certainResidual && agreement >= 0.95)
                    guard isCopy || residual >= Self.siblingResidual else { continue }
                    pairs.append(
                        DuplicatePair(
                            first: index, second: other, kind: isCopy ? .copy : .sibling, score: residual))
                    break
                }
            }
            return pairs
        }
        for pair in rows.joined() where found.insert(Pair(pair.first, pair.second)).inserted {
            pairs.append(pair)
        }
    }

    private mutating func addCrops(
        _ images: [ImageSignature], neighbours: [[Int]], workers: Int, found: inout Set<Pair>
    ) {
        let thumbnails = images.map(\.thumbnail)
        let candidates = Set(
            neighbours.enumerated().flatMap { index, others in
                others.filter { $0 != index }.map { Pair(index, $0) }
            }
        ).subtracting(found).sorted { ($0.first, $0.second) < ($1.first, $1.second) }
            .filter {
                images[$0.first].contrast >= Self.blankContrast
                    && images[$0.second].contrast >= Self.blankContrast
            }
        // Scores of unrelated images: each with the one a third of the way on.
        let sample = Self.spread(Array(images.indices), count: 40)
        let chance = ParallelMap.run(sample.count, workers: workers, name: "copies") { number -> Float in
            let (a, b) = (sample[number], sample[(number + sample.count / 3 + 1) % sample.count])
            return CropAlignment(GreyImage(thumbnails[a])).score(
                with: CropAlignment(GreyImage(thumbnails[b])), coarseThreshold: -1)
        }.sorted()
        let usual = chance.isEmpty ? 0 : chance[chance.count * 9 / 10]
        seesCrops = usual + 0.3 <= Self.cropScore
        guard seesCrops else { return }
        let scores = ParallelMap.run(candidates.count, workers: workers, name: "copies") { number -> Float in
            let pair = candidates[number]
            let first = CropAlignment(GreyImage(thumbnails[pair.first]))
            let second = GreyImage(thumbnails[pair.second])
            return max(
                first.score(with: CropAlignment(second)), first.score(with: CropAlignment(second.variant(1))))
        }
        for (pair, score) in zip(candidates, scores) where score >= Self.cropScore {
            found.insert(pair)
            pairs.append(DuplicatePair(first: pair.first, second: pair.second, kind: .crop, score: score))
        }
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
        image.highPassed(radius: Self.radius).normalized
    }

    /// Inverse of each of the eight orientations.
    private static let inverse = [0, 1, 2, 3, 4, 6, 5, 7]

    /// Subset of at most `count` indices, evenly spaced.
    private static func spread(_ indices: [Int], count: Int) -> [Int] {
        guard indices.count > count else { return indices }
        return (0..<count).map { indices[$0 * indices.count / count] }
    }

    /// Sets of images that must stay in one part of a split: copies, groups, and images of one subject.
    ///
    /// The latter are joined in order of similarity only while a set stays under a tenth of all images;
    /// otherwise chains of similar images would make a split impossible.
    ///
    /// - Parameters:
    ///   - places: index among the `count` images for each image of this search.
    ///   - groups: group of each of the `count` images.
    func inseparable(places: [Int], count: Int, groups: [String?]? = nil) -> [[Int]] {
        var sets = DisjointSets(count: count)
        for pair in pairs where pair.kind != .sibling { sets.join(places[pair.first], places[pair.second]) }
        var first: [String: Int] = [:]
        for (index, group) in (groups ?? []).enumerated() {
            guard let group else { continue }
            if let earlier = first[group] { sets.join(earlier, index) } else { first[group] = index }
        }
        let limit = max(2, count / 10)
        for pair in pairs.filter({ $0.kind == .sibling }).sorted(by: { $0.score > $1.score }) {
            let (a, b) = (places[pair.first], places[pair.second])
            if sets.size(of: a) + sets.size(of: b) <= limit { sets.join(a, b) }
        }
        return sets.clusters()
    }

    /// Clusters of images connected by pairs of these kinds.
    func clusters(_ kinds: Set<DuplicatePair.Kind>, count: Int) -> [[Int]] {
        var sets = DisjointSets(count: count)
        for pair in pairs where kinds.contains(pair.kind) { sets.join(pair.first, pair.second) }
        return sets.clusters()
    }
}
