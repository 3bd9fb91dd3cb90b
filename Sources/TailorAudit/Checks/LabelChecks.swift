import TailorDatasets
import TailorSupport

/// Check for label errors by confident learning (Northcutt, Jiang and Chuang, 2021) on features.
package struct LabelChecks {
    /// Image whose label is doubtful.
    package struct Suspect: Hashable {
        /// Index of the image.
        package let index: Int
        /// Suggested class.
        package let suggestion: Int
        /// Out-of-fold probability of the suggestion minus that of the label, 0…1.
        package let margin: Double
    }

    /// Images with doubtful labels, the most doubtful first.
    package let suspects: [Suspect]

    /// Finds doubtful labels.
    ///
    /// - Parameters:
    ///   - probabilities: out-of-fold, `[images][classes]`.
    package init(probabilities: [[Double]], labels: [Int], classCount: Int) {
        // Threshold of a class: mean probability of the class among the images labelled so.
        var sums = [Double](repeating: 0, count: classCount)
        var counts = [Double](repeating: 0, count: classCount)
        for (row, label) in zip(probabilities, labels) {
            sums[label] += row[label]
            counts[label] += 1
        }
        let thresholds = zip(sums, counts).map { $1 > 0 ? $0 / $1 : 2 }
        suspects = zip(probabilities, labels).enumerated().compactMap { index, pair -> Suspect? in
            let (row, label) = pair
            guard let best = row.indices.max(by: { row[$0] < row[$1] }), best != label,
                row[best] >= thresholds[best]
            else { return nil }
            return Suspect(index: index, suggestion: best, margin: row[best] - row[label])
        }.sorted { ($0.margin, $1.index) > ($1.margin, $0.index) }
    }

    /// Finding about the suspects; nil if there are none.
    ///
    /// - Parameter images: images that the indices of `suspects` refer to.
    func finding(images: [ScreenedImage], classes: [String]) -> Finding? {
        guard !suspects.isEmpty else { return nil }
        let sure = suspects.prefix { $0.margin >= 0.9 }.count
        return Finding(
            severity: sure * 100 > images.count ? .warning : .advice, area: .labels, code: "doubtful-labels",
            title: "\(counted(suspects.count, "image")) look like another class than their label says.",
            why:
                "A classifier that did not see the image is surer of another class than it usually is of its "
                + "own: wrong labels, hard cases, or pictures of both.",
            remedy: "Look through the list from the top; the first are the likeliest to be wrong.",
            items: suspects.map { suspect in
                let image = images[suspect.index]
                return .init(
                    paths: [image.path],
                    note: "labelled \(classes[image.label].printable), looks like "
                        + "\(classes[suspect.suggestion].printable) (margin \(percent(suspect.margin)))"
                )
            })
    }
}
