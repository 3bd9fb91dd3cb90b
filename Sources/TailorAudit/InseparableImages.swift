import Foundation
import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport

/// Sets of images that must not be divided between training and test: copies, and images of one subject.
package struct InseparableImages: Sendable {
    /// Source with the images that can be read.
    package let source: SplitSource
    /// Sets of two or more indices of the source's images.
    package let sets: [[Int]]
    /// Warnings on the range of 16-bit images.
    package let warnings: [String]

    /// Reads every file of the source once; boxes of one image share its sets. `progress` is called from
    /// several threads.
    ///
    /// - Parameters:
    ///   - skipsProblems: whether to leave out files that cannot be read, with a warning.
    ///   - features: source of features; without it, parts of pictures and further exposures are not looked for.
    /// - Throws: `SplitError.problems`, `DatasetError.classesLost`, `ContentHashError`, and what `features` throws.
    package init(
        in source: SplitSource, skipsProblems: Bool = false, intensityRange: IntensityRange? = nil,
        workers: Int, features: DatasetAudit.FeatureSource? = nil,
        progress: (@Sendable (DatasetAudit.Progress) -> Void)? = nil
    ) throws {
        let paths = Set(source.images.map { PathKey($0.path) }).sorted().map(\.path)
        let samples = paths.map { Sample(root: source.root, relativePath: $0, label: 0) }
        let decoded = DecodedImageCache(byteBudget: features == nil ? 0 : DecodedImageCache.defaultByteBudget)
        let outcomes = try ImagePass(
            workers: workers, intensityRange: intensityRange, cache: decoded
        ).measure(samples) {
            progress?(.init(step: "comparing", done: $0, total: paths.count))
        }
        let readable = try source.leavingOut(outcomes.compactMap(\.problem), skipping: skipsProblems)
        self.source = readable
        warnings = NarrowRange(outcomes.compactMap { $0.value?.facts }, given: intensityRange).warnings
        let images = Dictionary(grouping: readable.images.indices) { PathKey(readable.images[$0].path) }
        let kept = paths.indices.filter { outcomes[$0].value != nil }
        let keptSamples = kept.map { samples[$0] }
        let matrix = kept.isEmpty ? nil : try features.map { try $0(keptSamples, decoded) }
        let search = DuplicateSearch(
            outcomes.compactMap(\.value?.signature),
            pictures: VerifiedPictures(
                of: keptSamples, decoded: decoded, decoder: ImageDecoder(intensityRange: intensityRange)),
            neighbours: matrix?.neighbours(DatasetAudit.neighbourCount, workers: workers), workers: workers,
            progress: features == nil ? nil : progress)
        sets = search.inseparable(places: Array(kept.indices), count: kept.count)
            .map { $0.flatMap { images[PathKey(paths[kept[$0]])] ?? [] } }
    }

    /// Note for the user; nil when there are no sets.
    package var note: String? {
        guard !sets.isEmpty else { return nil }
        let total = sets.reduce(0) { $0 + $1.count }
        return
            "\(counted(sets.count, "set")) of copies, or pictures of one subject, (\(counted(total, "image"))) "
            + "kept on one side each"
    }
}
