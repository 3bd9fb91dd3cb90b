import Foundation
import TailorSupport

/// Tasks about doubtful images of a dataset.
///
/// That an image should be left out, or is unclear, is a choice of a control of its own, so that no class can be taken
/// for it.
extension LabelStudioTask {
    package static let decisionName = "decision"

    /// - Parameters:
    ///   - imageURL: what comes before a path to make a URL that Label Studio can open.
    ///   - suggestion: class that it looks like, with its probability; nil where there is none.
    ///   - excludes: whether it should rather be left out.
    package init(
        path: String, sha256: String, label: String, why: String, imageURL: String,
        suggestion: (name: String, probability: Double?)?, excludes: Bool
    ) {
        let prediction =
            excludes
            ? Prediction(LabelDecision.Verdict.exclude.rawValue, control: Self.decisionName, score: nil)
            : suggestion.map { Prediction($0.name, score: $0.probability) }
        self.init(
            imageURL: imageURL, path: path,
            facts: ["path": path, "sha256": sha256, "label": label, "why": why],
            predictions: prediction.map { [$0] } ?? [])
    }

    /// Labelling interface of a project for these tasks.
    package static func reviewInterface(classes: [String]) -> String {
        interface(
            classes: classes, facts: ["why"],
            decisions: (decisionName, [LabelDecision.Verdict.exclude, .unsure].map(\.rawValue)))
    }
}
