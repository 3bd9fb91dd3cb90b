import Foundation
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport

/// Sets of images that must not be divided between training and test: copies, and images of one subject.
package struct InseparableImages: Sendable {
    /// Sets of two or more indices of the source's images.
    package let sets: [[Int]]

    /// Reads every file of the source once; boxes of one image share its sets. Unreadable files belong to no
    /// set. `progress` is called from several threads. Throws `ContentHashError`.
    package init(
        in source: SplitSource, workers: Int, progress: (@Sendable (DatasetAudit.Progress) -> Void)? = nil
    ) throws {
        let images = Dictionary(grouping: source.images.indices) { source.images[$0].path }
        let paths = images.keys.sorted()
        let samples = paths.map { Sample(root: source.root, relativePath: $0, label: 0) }
        let measurements = try ImagePass(workers: workers).measure(samples) {
            progress?(.init(step: "comparing", done: $0, total: paths.count))
        }.map(\.value)
        let readable = paths.indices.filter { measurements[$0] != nil }
        let search = DuplicateSearch(
            readable.compactMap { measurements[$0] }, neighbours: nil, workers: workers)
        sets = search.inseparable(places: readable, count: paths.count)
            .map { $0.flatMap { images[paths[$0]] ?? [] } }
    }

    /// Note for the user; nil when there are no sets.
    package var note: String? {
        guard !sets.isEmpty else { return nil }
        return
            "\(counted(sets.count, "set")) of copies, or pictures of one subject, (\(sets.reduce(0) { $0 + $1.count }) images) "
            + "kept on one side each"
    }
}
