import TailorDatasets
import TailorSupport

/// The part of an audit that training does by itself: copies within what it may see. Never of test images.
public struct TrainingAudit: Sendable {
    private let search: DuplicateSearch
    /// One for each image; nil when groups were not asked for.
    private let groups: [String?]?

    /// Compares the images of a training run. `grouping`: the group of a path; images of one group belong together.
    public init(
        _ images: [ScreenedImage], grouping: (@Sendable (String) -> String?)? = nil, workers: Int
    ) {
        search = DuplicateSearch(images.map(\.measurement), neighbours: nil, workers: workers)
        groups = grouping.map { grouping in images.map { grouping($0.path) } }
        inseparable = search.inseparable(places: Array(images.indices), count: images.count, groups: groups)
    }

    /// Sets of indices of the images that must not be divided: copies, pictures of one subject, groups.
    public let inseparable: [[Int]]

    /// Finds copies on two sides and under two classes, once it is known which images validate.
    ///
    /// - Parameter dataset: the same images in the same order.
    public func findings(in dataset: ScreenedDataset) -> [Finding] {
        let names = groups.map { groups in zip(groups, dataset.images).map { $0 ?? $1.path } }
        return LeakChecks(
            images: dataset.images, classes: dataset.classes.names, search: search, groups: names
        ).findings
    }
}
