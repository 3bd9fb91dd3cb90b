import TailorEvaluation
import TailorSupport

/// What features tell about the labels of training and validation images.
package struct LabelAudit {
    /// Images whose label is doubtful, the most doubtful first.
    package let suspects: [LabelSuspect]
    /// Out-of-fold answers about all images, in their order.
    package let answers: [PredictionRow]
    package let finding: Finding?

    /// Suspects, from the first, for which neighbours are looked up: as many as anybody looks through.
    private static let neighbourLimit = 2000
    private static let neighbourCount = 5

    /// - Parameters:
    ///   - features: a row an image.
    ///   - places: number of each image among all.
    ///   - groups: a number an image, the same for copies of one.
    /// - Returns: nil where there is nothing to tell apart.
    package init?(
        _ features: FeatureMatrix, images: [ScreenedImage], places: [Int], groups: [Int], classes: [String],
        workers: Int, progress: (@Sendable (Int) -> Void)? = nil
    ) {
        let labels = images.map(\.label)
        let rows = KernelRows(features)
        guard
            let probabilities = Self.probabilities(
                rows, labels: labels, groups: groups, classCount: classes.count, workers: workers,
                progress: progress)
        else { return nil }
        let checks = LabelChecks(
            probabilities: probabilities, labels: labels, groups: groups, classCount: classes.count)
        finding = checks.finding(images: images, classes: classes)
        let found = checks.suspects
        let neighbours = ParallelMap.run(
            min(found.count, Self.neighbourLimit), workers: workers, name: "neighbours"
        ) { number in
            let group = groups[found[number].index]
            return rows.nearest(Self.neighbourCount, to: found[number].index) { groups[$0] != group }
        }
        suspects = found.enumerated().map { number, suspect in
            let row = probabilities[suspect.index]
            return LabelSuspect(
                image: places[suspect.index], suggestion: suspect.suggestion,
                labelProbability: row[labels[suspect.index]],
                suggestionProbability: row[suspect.suggestion], score: suspect.score,
                neighbours: number < neighbours.count ? neighbours[number].map { places[$0] } : [])
        }
        answers = zip(images, probabilities).map { image, row in
            PredictionRow(
                path: image.path, label: image.label,
                predicted: row.argmax ?? 0, probabilities: row)
        }
    }

    /// Probabilities `[images][classes]`, those of an image fitted without it and its copies of the same label; nil
    /// with fewer than two classes that have images, or where the features allow no fit.
    package static func probabilities(
        _ rows: KernelRows, labels: [Int], groups: [Int], classCount: Int, workers: Int,
        progress: (@Sendable (Int) -> Void)? = nil
    ) -> [[Double]]? {
        guard Set(labels).count >= 2, labels.count == rows.rows.count, labels.count == groups.count,
            let scores = KernelLeastSquares(
                rows, labels: labels, groups: leftOutTogether(groups, labels: labels), classCount: classCount,
                workers: workers
            ).scores(progress: progress)
        else { return nil }
        // Scores lie within about 1 of each other, and the temperatures that are tried suit larger ones.
        let scaled = scores.map { $0.map { $0 * 32 } }
        let temperature = ShrinkageDiscriminant.bestTemperature(scaled, labels: labels)
        return scaled.map { softmax($0, temperature: temperature) }
    }

    /// Numbers that copies share if they have the same label, as they may have it from one hand. A copy under another
    /// label is a witness.
    private static func leftOutTogether(_ groups: [Int], labels: [Int]) -> [Int] {
        var numbers: [[Int]: Int] = [:]
        return zip(groups, labels).map { group, label in
            if let number = numbers[[group, label]] { return number }
            numbers[[group, label]] = numbers.count
            return numbers.count - 1
        }
    }
}
