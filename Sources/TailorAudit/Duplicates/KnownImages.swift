import TailorSupport

/// Search for images among those of which only signatures are left.
package struct KnownImages: Sendable {
    private let signatures: [ImageSignature]

    package init(_ signatures: [ImageSignature]) { self.signatures = signatures }

    /// A known image that another image is, or is a version of.
    package struct Match: Sendable, Hashable {
        /// Index of the known image.
        package let known: Int
        package let kind: DuplicatePair.Kind

        package init(known: Int, kind: DuplicatePair.Kind) {
            self.known = known
            self.kind = kind
        }
    }

    /// For each image the known one that it shows: the same file or pixels, or re-encoded, resized, brightened,
    /// rotated or mirrored; else one that seems to show the same subject (`sibling`).
    package func matches(of images: [ImageSignature], workers: Int) -> [Match?] {
        let boundary = signatures.count
        let search = DuplicateSearch(signatures + images, pictures: nil, boundary: boundary, workers: workers)
        var matches = [Match?](repeating: nil, count: images.count)
        // The nearest kinds come first.
        for pair in search.pairs
        where pair.first < boundary && pair.second >= boundary
            && (matches[pair.second - boundary] == nil
                || (matches[pair.second - boundary]?.kind == .sibling && pair.kind != .sibling))
        {
            matches[pair.second - boundary] = Match(known: pair.first, kind: pair.kind)
        }
        return matches
    }
}
