import TailorSupport

/// Search for duplicates: hashes of bytes and pixels, ``CopySearch`` by thumbnails, ``SmallImageSearch``, and
/// ``CropSearch`` among neighbours in features.
struct DuplicateSearch {
    /// Contrast in grey levels below which a thumbnail is not compared.
    static let blankContrast: Float = 3

    private(set) var pairs: [DuplicatePair] = []
    /// Whether crops that were resized can be told: false if the images resemble each other too much.
    private(set) var seesResizedCrops = true
    /// Claims of crops that were too many to be looked into.
    private(set) var omittedClaims = 0

    /// Searches for duplicates.
    ///
    /// - Parameters:
    ///   - pictures: the images themselves, to verify what thumbnails claim; nil believes those.
    ///   - neighbours: for each image, others with similar backbone features, as candidates for crops, which are
    ///     looked for with `pictures` only.
    ///   - boundary: number of images at the beginning that are compared with those after them only; nil
    ///     compares all with all.
    ///   - progress: called from several threads with what is done, how much of it, and of how much.
    init(
        _ images: [ImageSignature], pictures: VerifiedPictures?, neighbours: [[Int]]? = nil,
        boundary: Int? = nil, workers: Int,
        progress: (@Sendable (DatasetAudit.Progress) -> Void)? = nil
    ) {
        var found: Set<ImagePair> = []
        addIdentical(images, by: \.sha256, kind: .bytes, found: &found)
        addIdentical(images, by: \.pixelHash, kind: .pixels, found: &found)
        func report(_ step: String, _ total: Int) -> (@Sendable (Int) -> Void)? {
            guard let progress else { return nil }
            return { done in progress(DatasetAudit.Progress(step: step, done: done, total: total)) }
        }
        // Small images first: where these are versions of one picture, thumbnails know no more than a likeness.
        let small = SmallImageSearch(images, boundary: boundary)
        let likely = small.candidates(
            neighbours: neighbours, workers: workers, progress: report("small images", images.count))
        let versions = small.pairs(likely.subtracting(found).sorted(), workers: workers)
        add(versions.filter { $0.kind != .lookalike }, found: &found)
        add(
            CopySearch.pairs(
                images, boundary: boundary, pictures: pictures, workers: workers,
                progress: report("comparing", images.count)),
            found: &found)
        add(versions, found: &found)
        if let pictures, let neighbours {
            let candidates = Set(
                neighbours.enumerated().flatMap { index, others in
                    others.filter { $0 != index && !(small.isSmall[$0] && small.isSmall[index]) }
                        .map { ImagePair(index, $0) }
                }
            ).subtracting(found).sorted()
            let search = CropSearch(
                images, candidates: candidates, pictures: pictures, workers: workers,
                progress: report("crops", 1000))
            add(search.pairs, found: &found)
            omittedClaims = search.omitted
            seesResizedCrops = search.seesThumbnails
        }
        pairs.sort { ($0.kind, $0.first, $0.second) < ($1.kind, $1.first, $1.second) }
    }

    private mutating func add(_ more: [DuplicatePair], found: inout Set<ImagePair>) {
        for pair in more where found.insert(ImagePair(pair.first, pair.second)).inserted {
            pairs.append(pair)
        }
    }

    private mutating func addIdentical(
        _ images: [ImageSignature], by key: KeyPath<ImageSignature, String>, kind: DuplicatePair.Kind,
        found: inout Set<ImagePair>
    ) {
        var first: [String: Int] = [:]
        for (index, image) in images.enumerated() where !image[keyPath: key].isEmpty {
            guard let earlier = first[image[keyPath: key]] else {
                first[image[keyPath: key]] = index
                continue
            }
            add([DuplicatePair(first: earlier, second: index, kind: kind, score: 1)], found: &found)
        }
    }

    /// Subset of at most `count` indices, evenly spaced.
    static func spread(_ indices: [Int], count: Int) -> [Int] {
        guard indices.count > count else { return indices }
        return (0..<count).map { indices[$0 * indices.count / count] }
    }
}
