import Foundation
import TailorFineTuning
import TailorInference
import TailorModelFile
import TailorSupport

extension TestEvaluation.ExportedModel {
    /// Loads a model file that was exported from this run.
    ///
    /// Throws ``DeploymentError/otherRun(path:reason:)`` for the file of another run, `ModelFileError`,
    /// `ClassifierError`, `ContentHashError`.
    public init(contentsOf url: URL, of trained: TrainedModel, threads: Int) throws {
        let file = try ModelFile(contentsOf: url)
        let record = trained.record
        guard file.description.classes == record.classes,
            file.description.dataset?.fingerprint == record.dataset.fingerprint
        else {
            throw DeploymentError.otherRun(
                path: url.relativePath,
                reason: "its classes or training images are not those of \(trained.folder.url.relativePath)")
        }
        if let exported = file.description.network, let best = record.best?.sha256, exported != best {
            throw DeploymentError.otherRun(
                path: url.relativePath,
                reason: "its weights (SHA-256 \(exported.prefix(8))…) are not those of "
                    + "\(trained.folder.url.relativePath) (\(best.prefix(8))…), though trained on the same images; "
                    + "export that run again")
        }
        let classifier = try Classifier(
            file, name: url.relativePath, options: .init(mode: .throughput, threads: threads))
        self.init(
            name: classifier.arithmetic, sha256: try ContentHash.sha256(file.bytes),
            temperature: file.description.calibration.temperature,
            rule: file.description.decision.cost.map { cost in
                "Figures are of the most probable class; the model file answers \(cost.positive) from probability "
                    + String(format: "%.3f on.", cost.threshold)
            }
        ) { try classifier.logits(files: $0) }
    }
}
