import TailorDatasets
import TailorEvaluation
import TailorSupport

/// Check for label errors: images whose label is not the likeliest class to a classifier that has not seen them.
///
/// What they are sorted by is how unlikely the label is (self-confidence; Northcutt, Jiang and Chuang, 2021).
package struct LabelChecks {
    /// Image whose label is doubtful.
    package struct Suspect: Sendable, Hashable {
        /// Index of the image.
        package let index: Int
        /// Suggested class: the likeliest.
        package let suggestion: Int
        /// Doubt: 1 minus the out-of-fold probability of the label, 0…1.
        package let score: Double
    }

    /// Groups of images that a class needs for its labels to be judged: below, there is hardly anything to judge by.
    static let fewestGroups = 3

    /// Doubt from which on a label is surely wrong, or the picture no clear case of anything.
    private static let sure = 0.95

    /// Images with doubtful labels, the most doubtful first.
    package let suspects: [Suspect]

    /// Finds doubtful labels.
    ///
    /// - Parameters:
    ///   - probabilities: out-of-fold, `[images][classes]`.
    ///   - groups: a number an image, the same for copies of one; nil where there are none.
    package init(probabilities: [[Double]], labels: [Int], groups: [Int]? = nil, classCount: Int) {
        var groupsOfClass = [Set<Int>](repeating: [], count: classCount)
        for (image, label) in labels.enumerated() where groupsOfClass.indices.contains(label) {
            groupsOfClass[label].insert(groups?[image] ?? image)
        }
        suspects = zip(probabilities, labels).enumerated().compactMap { index, pair -> Suspect? in
            let (row, label) = pair
            guard row.indices.contains(label), groupsOfClass[label].count >= Self.fewestGroups,
                let best = row.argmax, row[best] > row[label]
            else { return nil }
            return Suspect(index: index, suggestion: best, score: 1 - row[label])
        }.sorted { ($0.score, $1.index) > ($1.score, $0.index) }
    }

    /// Finding about the suspects; nil if there are none.
    ///
    /// - Parameter images: images that the indices of `suspects` refer to.
    func finding(images: [ScreenedImage], classes: [String]) -> Finding? {
        guard !suspects.isEmpty else { return nil }
        let sure = suspects.prefix { $0.score >= Self.sure }.count
        return Finding(
            severity: sure * 200 > images.count * 3 ? .warning : .advice, area: .labels,
            code: "doubtful-labels",
            title: "\(counted(suspects.count, "image")) look like another class than their label says.",
            why:
                "A classifier that saw all other images, but not this one nor copies of it, takes another class for "
                + "likelier: wrong labels, hard cases, or pictures of both.",
            remedy: "Look through the list from the top; the first are the likeliest to be wrong.",
            items: suspects.map { suspect in
                let image = images[suspect.index]
                return .init(
                    paths: [image.path],
                    note: "labelled \(classes[image.label].printable), looks like "
                        + "\(classes[suspect.suggestion].printable) (doubt \(percent(suspect.score)))"
                )
            })
    }
}
