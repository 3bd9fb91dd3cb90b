import Foundation
import TailorDatasets
import TailorSupport

/// Two images of a dataset that show the same.
public struct DuplicatePair: Sendable, Hashable {
    public enum Kind: Int, Sendable, CaseIterable, Comparable {
        /// The same file.
        case bytes
        /// Other files, the same pixels.
        case pixels
        /// The same picture re-encoded, resized, brightened, turned or mirrored.
        case copy
        /// One is a part of the other (or of a copy of it).
        case crop
        /// The same subject twice: sister wafers, consecutive frames. Not the same picture.
        case sibling

        public static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
    }

    /// Indices of the two, the smaller first.
    public let first: Int
    public let second: Int
    public let kind: Kind
    /// Correlation of what remains without light, shade and the dataset's common structure; 0…1. For
    /// `crop` without the light and shade only.
    public let score: Float
}

/// Finds images that show the same, in three steps: hashes of bytes and pixels; a perceptual hash that
/// names candidates; and a comparison of 64-pixel thumbnails that decides.
///
/// What decides is twofold, because pictures of one product line resemble each other more than a cropped
/// copy resembles its original. Copies must agree in everything (`raw`), and in what is left once the
/// dataset's common structure is taken away (`residual`). Thresholds were measured, see
/// `Documentation/Checks.md`.
struct DuplicateSearch {
    /// Largest difference of perceptual hashes, bits of 63.
    static let hashDistance = 10
    /// Of the high-pass filter, pixels of a thumbnail. One less would leave smooth pictures nothing but noise.
    static let radius = 2
    static let copyRaw: Float = 0.9985
    static let copyResidual: Float = 0.75
    static let certainResidual: Float = 0.985
    static let siblingResidual: Float = 0.8
    static let cropScore: Float = 0.78
    /// Below this contrast (grey levels) a thumbnail has nothing to compare.
    static let blankContrast: Float = 3

    private(set) var pairs: [DuplicatePair] = []
    /// False where the pictures look so much alike that parts of them cannot be told apart.
    private(set) var seesCrops = true

    /// - Parameters:
    ///   - neighbours: for each image, others that trunk features hold for similar; candidates for crops.
    init(_ images: [ImageMeasurement], neighbours: [[Int]]?, workers: Int) {
        var found: Set<Pair> = []
        addIdentical(images, by: \.sha256, kind: .bytes, found: &found)
        addIdentical(images, by: \.pixelHash, kind: .pixels, found: &found)
        addSimilar(images, workers: workers, found: &found)
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
        _ images: [ImageMeasurement], by key: KeyPath<ImageMeasurement, String>, kind: DuplicatePair.Kind,
        found: inout Set<Pair>
    ) {
        var first: [String: Int] = [:]
        for (index, image) in images.enumerated() {
            guard let earlier = first[image[keyPath: key]] else {
                first[image[keyPath: key]] = index
                continue
            }
            if found.insert(Pair(earlier, index)).inserted {
                pairs.append(DuplicatePair(first: earlier, second: index, kind: kind, score: 1))
            }
        }
    }

    private mutating func addSimilar(_ images: [ImageMeasurement], workers: Int, found: inout Set<Pair>) {
        let thumbnails = images.map(\.thumbnail)
        let isBlank = images.map { $0.contrast < Self.blankContrast }
        let hashes = ParallelMap.run(images.count, workers: workers, name: "copies") {
            PerceptualHash(thumbnails[$0])
        }
        let sample = Self.spread(images.indices.filter { !isBlank[$0] }, count: 500)
        let structure = CommonStructure(
            ParallelMap.run(sample.count, workers: workers, name: "copies") {
                Self.grain(GreyPicture(thumbnails[sample[$0]]))
            })
        let residuals = ParallelMap.run(images.count, workers: workers, name: "copies") {
            structure.residual(of: Self.grain(GreyPicture(thumbnails[$0])))
        }
        let rows = ParallelMap.run(images.count, workers: workers, name: "copies") {
            index -> [DuplicatePair] in
            guard !isBlank[index] else { return [] }
            let raw = GreyPicture(thumbnails[index]).normalized
            var pairs: [DuplicatePair] = []
            for other in images.indices[(index + 1)...] where !isBlank[other] {
                // The upright way first: that is what nearly all are.
                for variant in 0..<8 {
                    let bits = hashes[index].variants[0] ^ hashes[other].variants[variant]
                    guard bits.nonzeroBitCount <= Self.hashDistance else { continue }
                    let turned = GreyPicture(thumbnails[other]).variant(variant)
                    var residual = dot(residuals[index].values, residuals[other].values)
                    if variant != 0 {
                        // In both frames: in that of a turned picture nothing common is taken away.
                        let back = GreyPicture(thumbnails[index]).variant(Self.inverse[variant])
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
        _ images: [ImageMeasurement], neighbours: [[Int]], workers: Int, found: inout Set<Pair>
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
        // How high unrelated pictures of this dataset score: each with the one a third of the way on.
        let sample = Self.spread(Array(images.indices), count: 40)
        let chance = ParallelMap.run(sample.count, workers: workers, name: "copies") { number -> Float in
            let (a, b) = (sample[number], sample[(number + sample.count / 3 + 1) % sample.count])
            return CropAlignment(GreyPicture(thumbnails[a])).score(
                with: CropAlignment(GreyPicture(thumbnails[b])), hopeless: -1)
        }.sorted()
        let usual = chance.isEmpty ? 0 : chance[chance.count * 9 / 10]
        seesCrops = usual + 0.3 <= Self.cropScore
        guard seesCrops else { return }
        let scores = ParallelMap.run(candidates.count, workers: workers, name: "copies") { number -> Float in
            let pair = candidates[number]
            let first = CropAlignment(GreyPicture(thumbnails[pair.first]))
            let second = GreyPicture(thumbnails[pair.second])
            return max(
                first.score(with: CropAlignment(second)), first.score(with: CropAlignment(second.variant(1))))
        }
        for (pair, score) in zip(candidates, scores) where score >= Self.cropScore {
            found.insert(pair)
            pairs.append(DuplicatePair(first: pair.first, second: pair.second, kind: .crop, score: score))
        }
    }

    /// The finest band of a thumbnail, normalised.
    private static func grain(_ picture: GreyPicture) -> GreyPicture {
        picture.highPassed(radius: Self.radius).normalized
    }

    /// Which of the eight ways undoes each.
    private static let inverse = [0, 1, 2, 3, 4, 6, 5, 7]

    /// At most `count` of them, evenly from first to last.
    private static func spread(_ indices: [Int], count: Int) -> [Int] {
        guard indices.count > count else { return indices }
        return (0..<count).map { indices[$0 * indices.count / count] }
    }

    /// Sets of images that must not be divided between what teaches and what examines: copies, groups, and
    /// pictures of one subject.
    ///
    /// The last, from the most alike on, only while a set stays under a tenth of all images: chains of
    /// look-alikes would else make a division impossible.
    ///
    /// - Parameters:
    ///   - places: for each image of this search, its index among `count`.
    ///   - groups: of each of the `count`.
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

    /// Sets of images that belong together by pairs of these kinds.
    func clusters(_ kinds: Set<DuplicatePair.Kind>, count: Int) -> [[Int]] {
        var sets = DisjointSets(count: count)
        for pair in pairs where kinds.contains(pair.kind) { sets.join(pair.first, pair.second) }
        return sets.clusters()
    }
}
