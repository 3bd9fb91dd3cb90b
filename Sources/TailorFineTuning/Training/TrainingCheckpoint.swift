import Foundation
import TailorCheckpoints
import TailorImages
import TailorResNet
import TailorSupport
import TailorTensors

/// State of training between two optimiser steps, apart from tensors.
struct TrainingState: Codable, Sendable {
    var phase = 0
    var epochInPhase = 0
    /// Epochs finished in all phases.
    var epoch = 0
    /// Optimiser steps done in all phases.
    var step = 0
    /// Position inside the epoch that is under way.
    var batchesDone = 0
    var imagesDone = 0
    var lossSum = 0.0
    /// Images a pass holds; falls when the device runs out of memory.
    var microBatchSize: Int
    var gradientScale: GradientScaler.State?
    var stopping = EarlyStoppingMonitor()
    var stoppedEarly = false
    var history: [EpochRecord] = []
    /// What was decided before the first phase; `nil` until then.
    var batchNorm: BatchNormStatistics?
    var batchNormMeasurements: [BatchNormMeasurement]?
    var augmentation: Augmentation?
    var cropMeasurements: [CropMeasurement]?
    var trials: [Trial]?
    /// What the full run under way tries; nil without a search.
    var candidate: Candidate?
    /// Full runs of a search that ended, and those that diverged.
    var fullRuns: [Trial]?
    /// What the search tries, and the seconds that the run had taken when that was planned.
    var trialPlan: TimePlan.Trials?
    var secondsBeforeTrials: Double?
    /// Number of the full run under way, from 0: each has another seed.
    var run: Int?
    /// Times that a full run was started again because it diverged.
    var restarts: Int?
    var timing: ShortenedRun?
    /// Seconds a forward pass needed for one image.
    var forwardSeconds: Double?
    var plan: Recipe?
    /// Seconds spent before this process, for the record.
    var secondsBefore = 0.0

    var best: EpochRecord? { history.last { $0.isBest } }
}

/// Identity of a run: what must be the same for it to go on.
struct RunIdentity: Codable, Sendable, Hashable {
    var recipe: Recipe
    var seed: UInt64
    var classes: [String]
    var fingerprint: String
    var weights: String

    /// Differences from an earlier run: option, value then, value now.
    ///
    /// - Parameter images: says which images differ, if they do.
    func differences(from other: RunIdentity, images: () -> String?) -> [String] {
        var found = recipe.differences(from: other.recipe)
        if found.count > Self.recipeLimit {
            let rest = found.count - Self.recipeLimit
            found = found.prefix(Self.recipeLimit) + ["and \(rest) more numbers of the recipe"]
        }
        if seed != other.seed { found.append("--seed \(other.seed), now \(seed)") }
        if classes != other.classes {
            found.append("classes \(other.classes.listed()), now \(classes.listed())")
        }
        if fingerprint != other.fingerprint {
            found.append("the training or validation images differ" + (images().map { ": \($0)" } ?? ""))
        }
        if weights != other.weights {
            found.append("--weights \(Self.name(of: other.weights)), now \(Self.name(of: weights))")
        }
        return found
    }

    /// Most numbers of the recipe that a message lists.
    private static let recipeLimit = 8

    private static func name(of weights: String) -> String {
        weights == "none" ? weights : "of SHA-256 \(weights.prefix(8))…"
    }
}

extension RunIdentity {
    init(of record: RunRecord) {
        self.init(
            recipe: record.recipe, seed: record.seed, classes: record.classes,
            fingerprint: record.dataset.fingerprint, weights: record.weights?.sha256 ?? "none")
    }
}

/// The `checkpoint/` folder of a run: the latest checkpoint and the one before it.
///
/// A checkpoint is two files: tensors, then the state that names them with their SHA-256. The state is
/// renamed into place last, so a process killed at any moment leaves the previous checkpoint in force.
struct CheckpointStore {
    static let schema = 1
    let folder: RunFolder

    private struct Envelope: Codable {
        var schema: Int
        var identity: RunIdentity
        var state: TrainingState
        var tensorsFile: String
        var tensorsSHA256: String
        /// SHA-256 of this envelope with an empty string here: flipped bytes in the state are found too.
        var checksum: String
    }

    private var latest: URL { folder.checkpoint.appending(path: "state.json") }
    private var previous: URL { folder.checkpoint.appending(path: "state-previous.json") }

    var exists: Bool {
        [latest, previous].contains { FileManager.default.fileExists(atPath: $0.path) }
    }

    func save(
        state: TrainingState, identity: RunIdentity, fitting: Fitting
    ) throws {
        try FileManager.default.createDirectory(at: folder.checkpoint, withIntermediateDirectories: true)
        var tensors = fitting.model.stateDictionary().map { ("model." + $0.0, $0.1) }
        for (name, tensor) in try fitting.optimizer.state().sorted(by: { $0.key < $1.key }) {
            tensors.append(("optimizer." + name, tensor))
        }
        for (name, tensor) in fitting.average?.state ?? [] { tensors.append(("average." + name, tensor)) }
        let name = unusedName(step: state.step)
        let url = folder.checkpoint.appending(path: name)
        try Safetensors.write(tensors, metadata: ["format": "tailor.checkpoint"], to: url)

        var envelope = Envelope(
            schema: Self.schema, identity: identity, state: state, tensorsFile: name,
            tensorsSHA256: try ContentHash.sha256(contentsOf: url), checksum: "")
        envelope.checksum = try ContentHash.sha256(try JSONFile.encode(envelope))
        if let current = try? Data(contentsOf: latest) {
            try AtomicFile.write(current, to: previous)
        }
        try AtomicFile.write(try JSONFile.encode(envelope), to: latest)
        removeUnreferenced()
    }

    /// The newest checkpoint that is whole. Throws when there is none, or when it belongs to another run.
    ///
    /// - Parameter differences: what tells this run from the one of a checkpoint; empty for the same.
    func load(
        differences: (RunIdentity) -> [String], into fitting: Fitting, log: (String) -> Void
    ) throws -> TrainingState {
        guard exists else { throw RunError.nothingToResume(folder.url.path) }
        var reasons: [String] = []
        for url in [latest, previous] where FileManager.default.fileExists(atPath: url.path) {
            do {
                let envelope = try read(url)
                let differences = differences(envelope.identity)
                guard differences.isEmpty else {
                    throw RunError.changedSinceCheckpoint(folder.url.path, differences: differences)
                }
                try restore(envelope, into: fitting)
                if let reason = reasons.first { log("\(reason); going back to the checkpoint before it") }
                return envelope.state
            } catch let error as RunError {
                switch error {
                case .changedSinceCheckpoint, .newerSchema: throw error
                default: reasons.append("\(error)")
                }
            } catch let error as ContentHashError {
                throw error  // Nothing is known to be damaged.
            } catch {
                reasons.append("\(error)")
            }
        }
        throw RunError.damagedCheckpoint(folder.checkpoint.path, reason: reasons.joined(separator: "; "))
    }

    private func read(_ url: URL) throws -> Envelope {
        struct SchemaOnly: Codable { var schema: Int }
        let found = try JSONFile.read(SchemaOnly.self, from: url).schema
        guard found <= Self.schema else {
            throw RunError.newerSchema(url.path, found: found, supported: Self.schema)
        }
        let envelope = try JSONFile.read(Envelope.self, from: url)
        var unsigned = envelope
        unsigned.checksum = ""
        guard try ContentHash.sha256(JSONFile.encode(unsigned)) == envelope.checksum else {
            throw RunError.damagedCheckpoint(url.path, reason: "its content does not match its checksum")
        }
        return envelope
    }

    private func restore(_ envelope: Envelope, into fitting: Fitting) throws {
        let url = folder.checkpoint.appending(
            path: URL(fileURLWithPath: envelope.tensorsFile).lastPathComponent)
        guard try ContentHash.sha256(contentsOf: url) == envelope.tensorsSHA256 else {
            throw RunError.damagedCheckpoint(url.path, reason: "its content does not match its SHA-256")
        }
        let tensors = try Safetensors.read(url).tensors
        func part(_ prefix: String) -> [String: Tensor] {
            Dictionary(
                uniqueKeysWithValues: tensors.filter { $0.key.hasPrefix(prefix) }
                    .map { (String($0.key.dropFirst(prefix.count)), $0.value) })
        }
        try fitting.model.load(part("model."), replacingHead: false)
        try fitting.optimizer.loadState(part("optimizer."))
        try fitting.average?.load(part("average."))
    }

    /// Deletes all checkpoints; failing to is harmless. The states go first: one without its tensors would be damage.
    func remove() {
        for url in [latest, previous] { try? FileManager.default.removeItem(at: url) }
        removeUnreferenced()
        TemporaryFiles.sweep(folder.checkpoint.path)
    }

    /// Tensor files that the two states name.
    private var referenced: Set<String> {
        Set([latest, previous].compactMap { try? JSONFile.read(Envelope.self, from: $0).tensorsFile })
    }

    /// A name for tensors that no state has: every full run begins at step 0, and what a state names must stay as it
    /// is until another state is in force.
    private func unusedName(step: Int) -> String {
        let taken = referenced
        var (name, number) = ("step-\(step).safetensors", 1)
        while taken.contains(name) {
            number += 1
            name = "step-\(step)-\(number).safetensors"
        }
        return name
    }

    /// Deletes tensor files that neither state names; failing to is harmless.
    private func removeUnreferenced() {
        let kept = referenced
        let files = (try? FileManager.default.contentsOfDirectory(atPath: folder.checkpoint.path)) ?? []
        for file in files
        where file.hasPrefix("step-") && file.hasSuffix(".safetensors") && !kept.contains(file) {
            try? FileManager.default.removeItem(at: folder.checkpoint.appending(path: file))
        }
    }
}
