import TailorSupport

extension DuplicateSearch {
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
        for pair in pairs where DuplicatePair.Kind.copies.contains(pair.kind) {
            sets.join(places[pair.first], places[pair.second])
        }
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
