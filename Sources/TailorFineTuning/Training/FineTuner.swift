import Foundation
import TailorCheckpoints
import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorResNet
import TailorSupport
import TailorTensors

/// Fits a network to a folder of images: linear probe, then the recipe's phases; keeps the best model by
/// macro-F1 on the validation images and never touches a test image.
///
/// Not thread-safe: create and run it on one thread (libtorch's gradient mode belongs to a thread).
public final class FineTuner {
    /// Resources of the machine; none of them changes what is computed on the CPU, apart from
    /// `threads` and `precision`, which change rounding.
    public struct Machine: Sendable {
        public var device: Device
        /// Loader threads; results do not depend on them.
        public var workers: Int
        public var resources: Resources

        public init(device: Device = .cpu, workers: Int = 2, resources: Resources = Resources()) {
            self.device = device
            self.workers = workers
            self.resources = resources
        }
    }

    public let data: TrainingData
    public let recipe: Recipe
    public let seed: UInt64
    public let machine: Machine
    public let folder: RunFolder
    /// What was said before the run; goes into its record.
    public var memoryForecast: MemoryForecast?

    let model: ResNet18
    var fitting: Fitting
    let resources: Fitting.Resources
    let isPretrained: Bool
    public let precision: TrainingPrecision
    public let classWeights: [Double]?
    let identity: RunIdentity
    let checkpoints: CheckpointStore
    var record: RunRecord
    /// The evaluation transform: the recipe's until another size is settled on.
    var preprocessing: Preprocessing
    var state: TrainingState
    /// Logits of the best model so far on the validation images; nil until this process has found one.
    var bestLogits: ScoreMatrix?
    /// Weights that wait for the next checkpoint, by the file that they will be.
    var keptWeights: [URL: [(String, Tensor)]] = [:]
    /// When this process saved a checkpoint last, and how long that took.
    var checkpointSaved: (at: ContinuousClock.Instant, took: Duration)?
    var report: (TrainingEvent) -> Void = { _ in }
    var shouldStop: () -> Bool = { false }
    private var started = ContinuousClock.now
    private var folderIdentity: RunFolder.Identity?
    /// Seconds spent on the run, earlier processes included.
    var seconds: Double { state.secondsBefore + (ContinuousClock.now - started).seconds }

    /// Throws ``RecipeError`` for a recipe that cannot be carried out and weight errors for weights that
    /// do not fit.
    ///
    /// - Parameter continued: record of a run whose checkpoint will replace the weights, which need not be
    ///   loaded then.
    public init(
        data: TrainingData, recipe: Recipe, weights: LoadedWeights?, seed: UInt64, machine: Machine,
        folder: RunFolder, continued: RunRecord? = nil
    ) throws {
        try recipe.validate()
        guard data.intensityRange == recipe.preprocessing.intensityRange else {
            throw RecipeError("the images were prepared for another intensity range than the recipe's")
        }
        let origin = continued.map(\.weights) ?? weights?.origin
        self.data = data
        self.recipe = recipe
        self.seed = seed
        self.machine = machine
        self.folder = folder
        preprocessing = recipe.preprocessing

        model = try ResNet18(classCount: data.classes.names.count, seed: seed)
        if let weights { try model.load(weights.tensors, replacingHead: true) }
        try model.move(to: machine.device)
        isPretrained = origin != nil
        precision = recipe.precision.resolved(on: machine.device)
        classWeights = try recipe.imbalance.classWeights(counts: data.trainCounts, classes: data.classes)
        resources = Fitting.Resources(
            device: machine.device, autocast: precision.autocastType, classWeights: classWeights,
            classWeightsTensor: try classWeights.map {
                try Tensor($0.map(Float.init), shape: [$0.count]).to(machine.device)
            },
            scalesGradients: precision == .float16)
        let microBatchSize = machine.resources.microBatchSize(of: recipe)
        fitting = try Fitting(recipe, of: model, resources: resources, microBatchSize: microBatchSize)
        identity = RunIdentity(
            recipe: recipe, seed: seed, classes: data.classes.names, fingerprint: data.fingerprint,
            weights: origin?.sha256 ?? "none")
        checkpoints = CheckpointStore(folder: folder)
        state = TrainingState(microBatchSize: microBatchSize)
        record = try RunRecord(
            schema: RunRecord.currentSchema, status: .running, startedAt: Date(), recipe: recipe, seed: seed,
            versions: .current, device: "\(machine.device)", deviceName: machine.device.name,
            precision: precision, threads: TorchRuntime.threadCount, workers: machine.workers,
            weights: origin, dataset: data.facts(), classes: data.classes.names,
            classWeights: classWeights, preprocessing: recipe.preprocessing, epochsRun: 0,
            stoppedEarly: false,
            warnings: data.warnings)
    }

    /// Trains to the end, or until `shouldStop` says true between two steps, and writes the run folder.
    ///
    /// - Parameters:
    ///   - resume: go on from the folder's checkpoint instead of starting.
    ///   - shouldStop: asked after every step and every batch of the probe, on the calling thread.
    ///   - report: called on the calling thread as work goes on.
    /// A new run that fails before its first result (the linear probe's or the first epoch's) and its first step
    /// leaves nothing in the folder.
    /// - Returns: the record as written to `run.json`; `status` tells whether it was finished.
    public func run(
        resume: Bool = false, shouldStop: @escaping () -> Bool = { false },
        report: @escaping (TrainingEvent) -> Void = { _ in }
    ) throws -> RunRecord {
        self.report = report
        self.shouldStop = shouldStop
        started = .now
        try folder.checkUsable(resume: resume)
        let before = FolderSnapshot(of: folder)
        try folder.create()
        let lock = try FolderLock(folder: folder.url)
        defer { lock.unlock() }
        TemporaryFiles.sweep(folder.url.path)
        folderIdentity = folder.identity
        // Again: another process may have been quicker.
        try folder.checkUsable(resume: resume)
        let isNew = !folder.hasRecord
        if resume, let finished = try finishedRecord() {
            report(.note("the run is finished: nothing to continue, nothing changed"))
            // One that was killed between its end and this.
            removePassingFiles()
            return finished
        }
        // Unowned: the fitting is its own, and a network that keeps itself would stay for each fold.
        fitting.outOfMemory = { [unowned self] in noteOutOfMemory($0) }
        do {
            try begin(resume: resume)
            let reached = try conclude(after: train)
            // Not before the record says so: a run killed in between still needs them.
            if reached.status == .finished { removePassingFiles() }
            return reached
        } catch {
            // Nothing learnt, nothing left: a mistake at the start must not block the folder's name.
            if isNew, state.history.isEmpty, state.step == 0 { before.restore() }
            throw error
        }
    }

    /// The record of this very run, if it is finished; nil if it is not. Throws
    /// ``RunError/changedSinceCheckpoint(_:differences:)`` if the folder's run was another.
    private func finishedRecord() throws -> RunRecord? {
        guard folder.hasRecord, case let earlier = try RunRecord.read(from: folder),
            earlier.status == .finished
        else { return nil }
        try requireSame(RunIdentity(of: earlier))
        try folder.requireResult(earlier)
        return earlier
    }

    private func requireSame(_ earlier: RunIdentity) throws {
        let differences = differences(from: earlier)
        guard differences.isEmpty else {
            throw RunError.changedSinceCheckpoint(folder.url.path, differences: differences)
        }
    }

    private func differences(from earlier: RunIdentity) -> [String] {
        identity.differences(from: earlier) {
            guard let list = try? RunFileList(contentsOf: folder.datasetFiles) else { return nil }
            return data.fileList.changes(since: list)
        }
    }

    private func begin(resume: Bool) throws {
        let stopped = resume ? try? RunRecord.read(from: folder) : nil
        if let stopped, stopped.status != .finished, !checkpoints.exists {
            try requireSame(RunIdentity(of: stopped))
            report(.note("the run was stopped before its first checkpoint: starting over"))
        } else if resume {
            state = try checkpoints.load(
                differences: differences, into: fitting, log: { report(.warning($0)) })
            fitting.resume(state)
            record.startedAt = stopped?.startedAt ?? record.startedAt
            record.warnings =
                (stopped?.warnings ?? []).filter { !record.warnings.contains($0) } + record.warnings
            report(.note("resuming after step \(state.step), epoch \(state.epoch)"))
            warnOfOtherPrecision(than: stopped)
        }
        try record.write(to: folder)
        try JSONFile.write(plan, to: folder.recipe)
        try data.writeFileList(to: folder)
        try AtomicFile.write(EpochRecord.csv(state.history), to: folder.metrics)
    }

    /// What suits the device is another arithmetic on another machine, and was in earlier versions.
    private func warnOfOtherPrecision(than stopped: RunRecord?) {
        guard let stopped, stopped.precision != precision else { return }
        let warning =
            "begun in \(stopped.precision.rawValue), continued in \(precision.rawValue), which --precision auto is here: "
            + "the result is not to the bit that of a run without the break"
        report(.warning(warning))
        record.warnings.append(warning)
    }

    /// Carries the work out and writes how it ended into the record.
    private func conclude(after work: () throws -> Void) throws -> RunRecord {
        func conclude(_ status: RunRecord.Status) throws -> RunRecord {
            try writeKeptWeights()
            record.status = status
            record.epochsRun = state.epoch
            record.stoppedEarly = state.stoppedEarly
            record.batchNorm = state.batchNorm
            record.batchNormMeasurements = state.batchNormMeasurements
            record.cropMeasurements = state.cropMeasurements
            record.plan = state.plan
            record.trials = allTrials.isEmpty ? nil : allTrials
            record.seeds = seedResults
            record.seconds = seconds
            record.memory = memoryUse
            record.finishedAt = Date()
            try record.write(to: folder)
            return record
        }
        do {
            try work()
            try requireFolder()
            try folder.requireResult(record)
            return try conclude(.finished)
        } catch is Interrupted {
            return try conclude(.interrupted)
        } catch {
            record.warnings.append("\(error)")
            // Another folder of the same name is none of this run's.
            if folder.identity == folderIdentity { _ = try? conclude(.failed) }
            throw error
        }
    }

    /// The recipe with everything decided that it leaves open, as soon as that is so.
    var plan: Recipe { state.plan ?? recipe }

    /// Throws ``RunError/lost(_:name:)`` if the folder was moved away, before anything is written into another one.
    func requireFolder() throws {
        guard folder.identity == folderIdentity else {
            throw RunError.lost(folder.url.path, name: "the run folder itself")
        }
    }

    /// Warns of passes that hold fewer images from now on.
    func noteOutOfMemory(_ microBatchSize: Int) {
        state.microBatchSize = microBatchSize
        let text =
            "out of memory on \(machine.device): going on with \(counted(microBatchSize, "image")) a pass"
        record.warnings.append(text)
        report(.warning(text))
    }

    private var memoryUse: RunRecord.MemoryUse {
        let gpu = machine.device.kind == .cuda ? try? TorchRuntime.cudaDevice(machine.device.index) : nil
        return RunRecord.MemoryUse(
            peak: ProcessMemory.peak, forecast: memoryForecast?.hostPeak.hostBytes, gpuPeak: gpu?.peakMemory,
            gpuForecast: gpu == nil ? nil : memoryForecast?.gpuPeak.gpuBytes)
    }

    var autocast: DType? { precision.autocastType }

    var runner: ModelRunner {
        ModelRunner(
            model: model, device: machine.device, autocast: autocast, preprocessing: recipe.preprocessing,
            workers: machine.workers, batchSize: machine.resources.evaluationBatchSize,
            statisticsBatchSize: Machine.Resources.statisticsBatchSize, prefetch: machine.resources.prefetch,
            cache: data.cache)
    }
}

extension Duration {
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
