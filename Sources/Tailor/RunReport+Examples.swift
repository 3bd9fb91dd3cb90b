import Foundation
import TailorDatasets
import TailorEvaluation
import TailorFineTuning
import TailorReports

extension RunReport {
    private static let mistakeCount = 12
    private static let unsureCount = 6
    private static let examplesPerClass = 2
    /// Most classes of which examples are shown.
    private static let classCount = 12

    /// Picks images that tell the most, of the test if there was one, else of the validation, and draws where in them
    /// the answers were seen. What cannot be read is shown without a picture.
    static func exampleGroups(
        _ folder: RunFolder, _ record: RunRecord, test: TestEvaluation?, validation: ModelEvaluation?
    ) -> [ExampleGroup] {
        let shown: (evaluation: ModelEvaluation, samples: [Sample])
        if let test {
            shown = (test.evaluation, test.samples)
        } else if let validation, let samples = try? record.validationSamples(folder),
            samples.count == validation.labels.count
        {
            shown = (validation, samples)
        } else {
            return []
        }
        let evaluation = shown.evaluation
        func confidence(_ index: Int) -> Double {
            evaluation.probabilities[index, evaluation.predictions[index]]
        }
        let all = evaluation.labels.indices
        let isRight = all.map { evaluation.predictions[$0] == evaluation.labels[$0] }
        let wrong = all.filter { !isRight[$0] }.sorted { confidence($0) > confidence($1) }
        let right = all.filter { isRight[$0] }.sorted { confidence($0) < confidence($1) }
        let unsure = right.prefix(unsureCount)
        let typical = record.classes.indices.prefix(classCount).flatMap { label in
            // From the middle of what it got right: neither the easiest nor the hardest.
            let own = right.filter { evaluation.labels[$0] == label && !unsure.contains($0) }
            let start = max(0, (own.count - examplesPerClass) / 2)
            return own.dropFirst(start).prefix(examplesPerClass)
        }
        let picked = Array(wrong.prefix(mistakeCount)) + unsure + typical
        let pictures = RunHeatMaps.pictures(
            of: picked.map { (shown.samples[$0], evaluation.predictions[$0]) },
            by: (try? TrainedModel(folder))?.runner)
        let examples = zip(picked, pictures).map { index, picture in
            Example(
                path: shown.samples[index].relativePath, label: record.classes[evaluation.labels[index]],
                predicted: record.classes[evaluation.predictions[index]], probability: confidence(index),
                thumbnail: picture.image, heatMap: picture.map?.jpeg)
        }
        let mistakes = min(wrong.count, mistakeCount)
        return [
            ExampleGroup(
                title: "Surest mistakes",
                note:
                    "Wrong with the most confidence: look here for wrong labels before blaming the model.",
                examples: Array(examples[..<mistakes])),
            ExampleGroup(
                title: "Least sure, and right",
                note: "Right with the least confidence: what lies near the border between two classes.",
                examples: Array(examples[mistakes..<mistakes + unsure.count])),
            ExampleGroup(
                title: "Two of each class",
                note:
                    "From the middle of what it got right. Does it look at the thing itself, or at what happens to be "
                    + "there with it?",
                examples: Array(examples[(mistakes + unsure.count)...])),
        ]
    }
}

extension RunRecord {
    /// The samples of `predictions_val.csv`, in its order.
    fileprivate func validationSamples(_ folder: RunFolder) throws -> [Sample] {
        let images = try RunImages(folder, record: self)
        let known = Dictionary(
            (images.validation + images.train).map { ($0.relativePath, $0) },
            uniquingKeysWith: { first, _ in first })
        return try validationPaths(folder).compactMap { known[$0] }
    }
}
