import Foundation
import TailorSupport

/// Files of one run. A contract: other tools read them.
public struct RunFolder: Sendable, Hashable {
    public let url: URL

    public init(_ url: URL) { self.url = url }

    public var record: URL { url.appending(path: "run.json") }
    public var recipe: URL { url.appending(path: "recipe.json") }
    public var metrics: URL { url.appending(path: "metrics.csv") }
    /// Runs that found rates and depth.
    public var trials: URL { url.appending(path: "trials.csv") }
    public var datasetFiles: URL { url.appending(path: "dataset.csv") }
    /// Thumbnails of the files that `datasetFiles` lists.
    public var datasetThumbnails: URL { url.appending(path: "dataset_thumbnails.pgm") }
    public var bestWeights: URL { url.appending(path: "best.safetensors") }
    public var lastWeights: URL { url.appending(path: "last.safetensors") }
    public var validationPredictions: URL { url.appending(path: "predictions_val.csv") }
    /// Answers of models that did not see the image in training.
    public var foldPredictions: URL { url.appending(path: "predictions_folds.csv") }
    /// Runs of a cross-validation under way.
    public var folds: URL { url.appending(path: "folds", directoryHint: .isDirectory) }
    public var report: URL { url.appending(path: "report.html") }
    public var checkpoint: URL { url.appending(path: "checkpoint", directoryHint: .isDirectory) }
    /// Event files for TensorBoard.
    public var tensorboard: URL { url.appending(path: "tensorboard", directoryHint: .isDirectory) }
    public var test: URL { url.appending(path: "test", directoryHint: .isDirectory) }

    /// Test images that were left out, and why.
    public var leftOutOfTest: URL { test.appending(path: "left_out.csv") }

    /// Results of the exported model, in the form of those in `test`.
    public var exportedTest: URL { test.appending(path: "exported", directoryHint: .isDirectory) }

    /// Whether a file or folder of this name within the folder is one that a run writes, or has begun to write.
    public func isOwn(_ name: String) -> Bool {
        let own = [
            record, recipe, metrics, trials, datasetFiles, datasetThumbnails, bestWeights, lastWeights,
            validationPredictions, foldPredictions, folds, report, checkpoint, tensorboard,
        ].map(\.lastPathComponent)
        return own.contains(name) || isPassing(name)
    }

    /// Whether a file of this name is there only while a run writes.
    private func isPassing(_ name: String) -> Bool {
        name == FolderLock.fileName
            || TemporaryFiles.isTemporary(name)
    }

    public var hasRecord: Bool { FileManager.default.fileExists(atPath: record.path) }

    /// Record of the run that a checkpoint here continues; nil without a checkpoint or a readable record.
    public var recordOfCheckpoint: RunRecord? {
        CheckpointStore(folder: self).exists ? try? RunRecord.read(from: self) : nil
    }

    /// Checks that a run can be written here, and leaves nothing.
    ///
    /// Throws ``RunError`` when a run is there already, when there is none to resume, when something that is
    /// no folder stands in the way, and when nothing can be written.
    public func checkUsable(resume: Bool) throws {
        if !resume, hasRecord { throw RunError.alreadyExists(url.path) }
        if resume, !hasRecord, !FileManager.default.fileExists(atPath: checkpoint.path) {
            throw RunError.nothingToResume(url.path)
        }
        var ancestor = url.absoluteURL.standardizedFileURL
        var facts = stat()
        while stat(ancestor.path, &facts) != 0 {
            // A link to nothing: no folder can be made of this name.
            guard lstat(ancestor.path, &facts) != 0 else { throw RunError.notAFolder(ancestor.path) }
            guard ancestor.path != "/" else { return }
            ancestor.deleteLastPathComponent()
        }
        guard facts.st_mode & S_IFMT == S_IFDIR else { throw RunError.notAFolder(ancestor.path) }
        do {
            try TemporaryFiles.checkWritable(ancestor.path, for: url.path)
        } catch let error as FileError {
            throw RunError.cannotCreate(url.path, reason: error.reason)
        }
        if !resume, let name = foreignNames.first { throw RunError.wouldReplace(url.path, name: name) }
    }

    /// Entries with names that a run writes; without a record they are not a run's.
    private var foreignNames: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []
        return names.filter { isOwn($0) && !isPassing($0) }.sorted()
    }

    /// Creates the folder and those above it.
    public func create() throws {
        do {
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        } catch {
            throw RunError.cannotCreate(url.path, reason: FileError.reason(of: error))
        }
    }
}

extension RunFolder {
    /// What tells this folder from another of the same name.
    struct Identity: Equatable {
        let device: UInt64
        let number: UInt64
    }

    /// Nil where there is no folder.
    var identity: Identity? {
        var facts = stat()
        guard stat(url.path, &facts) == 0 else { return nil }
        return Identity(
            device: UInt64(truncatingIfNeeded: facts.st_dev), number: UInt64(truncatingIfNeeded: facts.st_ino)
        )
    }

    /// Throws ``RunError/lost(_:name:)`` unless the files that others start from are there, and the best weights are those
    /// that the record names.
    func requireResult(_ record: RunRecord) throws {
        for file in [datasetFiles, recipe, metrics, validationPredictions]
        where !FileManager.default.fileExists(atPath: file.path) {
            throw RunError.lost(url.path, name: file.lastPathComponent)
        }
        let found = try? ContentHash.sha256(contentsOf: bestWeights)
        guard let best = record.best, found == best.sha256 else {
            throw RunError.lost(url.path, name: bestWeights.lastPathComponent)
        }
    }
}

/// Fault of a run folder, or of the wish to use it.
public enum RunError: CategorizedError {
    case cannotCreate(String, reason: String)
    case notARun(String)
    case notAFolder(String)
    case alreadyExists(String)
    case wouldReplace(String, name: String)
    case newerSchema(String, found: Int, supported: Int)
    case nothingToResume(String)
    case changedSinceCheckpoint(String, differences: [String])
    case damagedCheckpoint(String, reason: String)
    case damagedFileList(String, reason: String)
    case changedSinceTraining(String)
    case notFinished(String, status: RunRecord.Status)
    case lost(String, name: String)
    case notFinite(what: String, step: Int, learningRate: Double, lastGood: String)

    public var category: ErrorCategory {
        switch self {
        case .notFinite, .cannotCreate, .lost: .work
        default: .input
        }
    }

    public var description: String {
        switch self {
        case .cannotCreate(let path, let reason): "\(path): cannot create the run folder: \(reason)"
        case .notARun(let path): "\(path): not a run folder (no run.json in it)"
        case .notAFolder(let path): "\(path): exists and is no folder; give another --output"
        case .alreadyExists(let path):
            "\(path): already holds a run; give another --output, or --resume to continue it"
        case .wouldReplace(let path, let name):
            "\(path): holds \(name.printable), which a run would write over, and no run; give another --output"
        case .newerSchema(let path, let found, let supported):
            "\(path): written by a newer version (schema \(found), this program reads up to \(supported))"
        case .nothingToResume(let path): "\(path): no checkpoint to resume from; start without --resume"
        case .changedSinceCheckpoint(let path, let differences):
            "\(path): cannot resume, this is no longer the same run: " + differences.joined(separator: "; ")
        case .damagedCheckpoint(let path, let reason): "\(path): no usable checkpoint: \(reason)"
        case .damagedFileList(let path, let reason): "\(path): not a list of the run's images: \(reason)"
        case .changedSinceTraining(let path):
            "\(path): not the image that the run was trained with; its content has changed since"
        case .notFinished(let path, let status):
            "\(path): this run did not finish (its status is \"\(status.rawValue)\"): its test images stay closed "
                + "until it does; continue it with train --resume, or test the best model so far with "
                + "--unfinished"
        case .lost(let path, let name):
            "\(path): \(name) is missing or no longer what the run wrote: something else changed the folder meanwhile"
        case .notFinite(let what, let step, let rate, let lastGood):
            "training stopped at step \(step): \(what) is not finite (head learning rate \(rate)); "
                + "\(lastGood); try a lower --lr"
        }
    }
}
