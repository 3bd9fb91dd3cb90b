import TailorDatasets
import TailorImages
import TailorSplitting
import TailorSupport

/// Duplicate checks that training performs by itself, on training and validation images only.
package struct TrainingAudit: Sendable {
    private let search: DuplicateSearch
    /// Group of each image; nil when groups were not requested.
    private let groups: [String?]?

    /// Compares the images of a training run. Images of one group belong together; nil for no groups.
    package init(_ images: [ScreenedImage], groups found: ImageGroups? = nil, workers: Int) {
        search = DuplicateSearch(
            images.map(\.measurement.signature),
            pictures: VerifiedPictures(of: images.map(\.sample), decoder: ImageDecoder()), workers: workers)
        groups = found.map { found in images.map { found.group(of: $0.path) } }
        inseparable = search.inseparable(places: Array(images.indices), count: images.count, groups: groups)
    }

    /// Sets of indices of images that must stay in one split: copies, images of one subject, groups.
    package let inseparable: [[Int]]

    /// Names of the groups in byte order; empty when groups were not requested.
    package var groupNames: [String] {
        Set((groups ?? []).compactMap { $0 }).sorted { PathKey($0) < PathKey($1) }
    }

    /// Finds copies across splits and across classes, once the validation set is known.
    ///
    /// - Parameter dataset: same images in the same order.
    package func findings(in dataset: ScreenedDataset) -> [Finding] {
        let names = groups.map { groups in zip(groups, dataset.images).map { $0 ?? $1.path } }
        return LeakChecks(
            images: dataset.images, classes: dataset.classes.names, search: search, groups: names
        ).findings
    }
}
