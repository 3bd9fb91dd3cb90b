import Foundation
import TailorCheckpoints
import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorResNet
import TailorSupport
import TailorTensors

/// The best model of a run, ready to classify.
public struct TrainedModel {
    public let folder: RunFolder
    public let record: RunRecord
    package let runner: ModelRunner

    public var classes: ClassList { ClassList(names: record.classes) }
    public var temperature: Double { record.calibration?.temperature ?? 1 }

    /// Loads `best.safetensors` as `run.json` describes it.
    ///
    /// Throws ``RunError`` when the folder is no run, has no model yet, or the weights are not those that
    /// the run recorded.
    public init(_ folder: RunFolder, device: Device = .cpu, workers: Int = 2) throws {
        let record = try RunRecord.read(from: folder)
        guard FileManager.default.fileExists(atPath: folder.bestWeights.path) else {
            throw RunError.damagedCheckpoint(
                folder.url.path, reason: "best.safetensors is missing; was no epoch finished?")
        }
        // A run that is still under way rewrites both files one after the other.
        if record.status == .finished, let expected = record.best?.sha256 {
            let actual = try ContentHash.sha256(contentsOf: folder.bestWeights)
            guard actual == expected else {
                throw RunError.damagedCheckpoint(
                    folder.bestWeights.path,
                    reason: "SHA-256 \(actual), expected \(expected) as run.json says")
            }
        }
        let model = try ResNet18(classCount: record.classes.count, seed: 0)
        try model.load(Safetensors.read(folder.bestWeights).tensors, replacingHead: false)
        try model.move(to: device)
        self.folder = folder
        self.record = record
        runner = ModelRunner(
            // In 32 bits, whatever it was trained in: bfloat16 moves probabilities by up to 0.3, and the model file
            // is compared with this.
            model: model, device: device, autocast: nil, preprocessing: record.preprocessing, workers: workers
        )
    }
}
