import Foundation
import TailorCheckpoints
import TailorSupport
import TailorTensors

/// When what was reached becomes files. A checkpoint of weights and optimiser takes longer than an epoch of a few
/// dozen images, so weights worth keeping wait in memory and are written with the next checkpoint.
extension FineTuner {
    /// Weights with what is needed to use them: `classes` and `preprocessing` as JSON in the metadata.
    func saveWeights(to url: URL) throws { try write(model.stateDictionary(), to: url) }

    private func write(_ tensors: [(String, Tensor)], to url: URL) throws {
        try Safetensors.write(
            tensors, metadata: try ModelMetadata(data.classes.names, preprocessing).encoded(), to: url)
    }

    /// Takes the weights that are in the network for these files, instead of what waits for them.
    func keepWeights(for files: [URL]) throws {
        guard !files.isEmpty else { return }
        let weights = try model.stateDictionary().map { ($0.0, try $0.1.clone()) }
        for file in files { keptWeights[file] = weights }
    }

    /// Writes the weights that wait.
    func writeKeptWeights() throws {
        for (url, tensors) in keptWeights {
            try write(tensors, to: url)
            if url == folder.bestWeights, let best = state.best {
                record.best = try .init(best, weights: url)
            }
            keptWeights[url] = nil
        }
    }

    /// The tensors of a file that this run writes, as they were kept last.
    func savedTensors(_ url: URL) throws -> [String: Tensor] {
        try writeKeptWeights()
        return try Safetensors.read(url).tensors
    }

    func saveCheckpoint() throws {
        let started = ContinuousClock.now
        try requireFolder()
        try writeKeptWeights()
        state.gradientScale = fitting.scaler?.state
        var reached = state
        reached.secondsBefore = seconds
        try checkpoints.save(state: reached, identity: identity, fitting: fitting)
        checkpointSaved = (at: .now, took: ContinuousClock.now - started)
    }

    /// Saves a checkpoint, unless that would cost more than a twentieth of the time since the last one: a run that
    /// is killed loses at most that. Resumed from an older checkpoint it goes through the same epochs again.
    func saveCheckpointIfDue() throws {
        if let checkpointSaved, ContinuousClock.now - checkpointSaved.at < checkpointSaved.took * 20 {
            return
        }
        try saveCheckpoint()
    }
}
