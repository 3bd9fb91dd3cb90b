import TailorSupport

/// Search for versions of one picture among small images: shifted by a few pixels, recoloured, recompressed, mirrored.
///
/// A thumbnail holds all that such an image has, and a shift by two pixels, nothing to a photograph, changes most bits
/// of its hash. Candidates are neighbours by ``ShiftlessSpectrum``, and by features where there are any;
/// ``SmallImageComparison`` decides.
struct SmallImageSearch {
    /// Longest side of a small image, pixels.
    static let longestSide = 96
    private static let neighbourCount = 6

    let isSmall: [Bool]
    private let images: [ImageSignature]

    /// - Parameter boundary: as that of ``DuplicateSearch``; with one nothing is small, because of the images before it
    ///   no size is known.
    init(_ images: [ImageSignature], boundary: Int?) {
        self.images = images
        isSmall = images.map { image in
            guard boundary == nil, let size = image.size else { return false }
            return max(size.width, size.height) <= Self.longestSide
                && image.contrast >= DuplicateSearch.blankContrast
        }
    }

    /// Pairs worth comparing; `neighbours` are those by features.
    func candidates(
        neighbours: [[Int]]?, workers: Int, progress: (@Sendable (Int) -> Void)? = nil
    ) -> Set<ImagePair> {
        let small = isSmall.indices.filter { isSmall[$0] }
        guard small.count > 1 else { return [] }
        var candidates: Set<ImagePair> = []
        for index in small {
            for other in neighbours?[index] ?? [] where other != index && isSmall[other] {
                candidates.insert(ImagePair(index, other))
            }
        }
        let spectra = ParallelMap.run(small.count, workers: workers, name: "small images") {
            ShiftlessSpectrum.values(of: images[small[$0]].thumbnail)
        }
        let nearest = NearestRows(ShiftlessSpectrum.standardized(spectra), dimension: ShiftlessSpectrum.count)
            .neighbours(Self.neighbourCount, workers: workers, progress: progress)
        for (place, others) in nearest.enumerated() {
            for other in others { candidates.insert(ImagePair(small[place], small[other])) }
        }
        return candidates
    }

    /// Those of the candidates that show one picture.
    func pairs(_ candidates: [ImagePair], workers: Int) -> [DuplicatePair] {
        guard !candidates.isEmpty else { return [] }
        let halves = ParallelMap.run(images.count, workers: workers, name: "small images") {
            isSmall[$0] ? SmallImageComparison.half(of: picture($0)) : GreyImage(side: 0, values: [])
        }
        return ParallelMap.run(candidates.count, workers: workers, name: "small images") { number in
            let pair = candidates[number]
            guard
                let found = SmallImageComparison.compare(
                    halves[pair.first], halves[pair.second],
                    full: { (picture(pair.first), picture(pair.second)) })
            else { return nil }
            let kind: DuplicatePair.Kind =
                found.isCertain ? (found.isShifted ? .crop : .copy) : .lookalike
            return DuplicatePair(first: pair.first, second: pair.second, kind: kind, score: found.score)
        }.compactMap { (pair: DuplicatePair?) in pair }
    }

    /// The image at about the size it has, its sides alike and a multiple of 8.
    private func picture(_ index: Int) -> GreyImage {
        let size = images[index].size.map { min($0.width, $0.height) } ?? 0
        let side = max(24, min(ImageMeasurement.thumbnailSide, size / 8 * 8))
        return GreyImage(images[index].thumbnail).resized(to: side)
    }
}
