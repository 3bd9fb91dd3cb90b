import Foundation
import TailorEvaluation

/// Probe for shortcuts: whether technical properties of the images predict the class.
///
/// A classifier on a few trivial statistics, cross-validated: if file size or the colour of the border
/// predicts the class, a network will learn that instead of the content.
struct ShortcutProbe {
    enum Clue: String, CaseIterable {
        case size = "picture size"
        case file = "file size for its pixels"
        case border = "border"
        case exposure = "brightness and contrast"
        case color = "mean colour"

        func values(_ image: ImageMeasurement) -> [Float] {
            let area = Float(image.width * image.height)
            switch self {
            case .size: return [log(area), log(Float(image.width) / Float(image.height))]
            case .file: return [log(Float(image.fileBytes) / area)]
            case .border: return [image.borderMean, image.borderDeviation]
            case .exposure: return [image.mean.reduce(0, +), image.deviation.reduce(0, +), image.blackShare]
            case .color:
                // Independent of brightness.
                let sum = max(image.mean.reduce(0, +), 1)
                return [image.mean[0] / sum, image.mean[1] / sum, image.colorfulness]
            }
        }
    }

    /// Balanced accuracy of one clue, with chance level and its standard error.
    struct Result: Hashable {
        let clue: Clue
        let accuracy: Double
        let chance: Double
        let error: Double

        /// Whether the accuracy exceeds chance significantly and by enough to matter.
        var isTelling: Bool { accuracy > chance + max(3 * error, 0.3 * (1 - chance)) }
    }

    let results: [Result]

    /// Telling clues that stem from the collection, not the subject: image size, and the border if it tells
    /// more than the overall brightness.
    var technical: [Clue] {
        let exposure = results.first { $0.clue == .exposure }
        return results.filter { result in
            guard result.isTelling else { return false }
            switch result.clue {
            case .size: return true
            case .border: return result.accuracy > (exposure?.accuracy ?? 0) + 0.1
            case .file, .exposure, .color: return false
            }
        }.map(\.clue)
    }

    /// Measures each clue; no results when a class has too few images.
    init(_ images: [ImageMeasurement], labels: [Int], groups: [Int]?, classCount: Int) {
        let counts = (0..<classCount).map { label in labels.filter { $0 == label }.count }
        let chance = 1 / Double(max(classCount, 1))
        // Standard error of a mean of recalls at chance level.
        let error =
            counts.reduce(0) { $0 + chance * (1 - chance) / Double(max($1, 1)) }.squareRoot() * chance
        results = Clue.allCases.compactMap { clue in
            let rows = images.map { clue.values($0) }
            guard let features = Self.standardized(rows),
                let probabilities = ShrinkageDiscriminant.crossValidated(
                    features, labels: labels, groups: groups, classCount: classCount)
            else { return nil }
            return Result(
                clue: clue, accuracy: balancedAccuracy(probabilities, labels: labels, classCount: classCount),
                chance: chance, error: error)
        }
    }

    /// Columns standardised to mean 0 and deviation 1, with their squares, since a class may lie in the
    /// middle. Nil when nothing varies.
    private static func standardized(_ rows: [[Float]]) -> FeatureMatrix? {
        guard let width = rows.first?.count else { return nil }
        var columns: [[Float]] = []
        for index in 0..<width {
            let column = rows.map { $0[index] }
            let mean = column.reduce(0, +) / Float(column.count)
            let deviation =
                (column.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(column.count)).squareRoot()
            guard deviation > 1e-4 * max(1, abs(mean)) else { continue }
            let standard = column.map { max(-4, min(4, ($0 - mean) / deviation)) }
            columns.append(standard)
            columns.append(standard.map { $0 * $0 })
        }
        guard !columns.isEmpty else { return nil }
        return FeatureMatrix(
            values: rows.indices.flatMap { row in columns.map { $0[row] } }, dimension: columns.count)
    }
}
