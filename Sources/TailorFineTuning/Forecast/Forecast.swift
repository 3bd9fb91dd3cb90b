import Foundation
import TailorDatasets
import TailorResNet
import TailorSupport
import TailorTensors

/// What a run will cost, said before it begins.
public struct Forecast: Codable, Sendable, Hashable {
    /// A limit of memory, and where it comes from.
    public struct Limit: Codable, Sendable, Hashable {
        public var bytes: Int
        /// Whether somebody set it; else it is what the machine has or a control group grants.
        public var isGiven: Bool

        public init(bytes: Int, isGiven: Bool) {
            self.bytes = bytes
            self.isGiven = isGiven
        }
    }

    public var images: ForecastImages
    public var recipe: String
    /// `cpu`, or `cuda` for any GPU.
    public var device: String
    public var precision: TrainingPrecision
    /// Whether the speed of this machine says something about the device.
    public var isForThisMachine: Bool
    public var memory: MemoryForecast
    public var hostLimit: Limit
    /// Nil where there is no GPU, or nothing is known of its memory.
    public var gpuLimit: Limit?
    /// Images of the largest batch that fits in one pass; nil where not even one does, and where a GPU's memory is not
    /// known.
    public var largestBatch: Int?
    /// Nil where no speed is known.
    public var time: TimeForecast?
    public var timeBudget: Double?
    public var disk: DiskForecast

    /// Whether the memory, of machine and GPU, suffices.
    public var fitsMemory: Bool { memory.fits(host: hostLimit.bytes, gpu: gpuLimit?.bytes) }

    /// Whether the disk has room.
    public var fitsDisk: Bool { disk.freeBytes.map { disk.peakBytes <= $0 + disk.heldBytes } ?? true }

    public var fits: Bool { fitsMemory && fitsDisk }
}

extension Forecast {
    /// When times are measured that are not known yet.
    public enum Measuring: Sendable {
        case always
        /// Only where that takes a small part of the run's time.
        case forLongRuns
    }

    /// Forecasts a run.
    ///
    /// - Parameters:
    ///   - folder: dataset; headers of some images are read, and some images where times are measured.
    ///   - setting: what the run is.
    ///   - device: of this machine, on which times are measured; nil for another machine's.
    ///   - output: where the run folder will lie.
    ///   - willMeasure: called before times are measured.
    /// - Throws: `TensorError` when measuring fails.
    public static func make(
        of folder: DatasetFolder, setting: MemoryForecast.Setting, device: Device?, host: Limit, gpu: Limit?,
        output: URL?, folds: Int? = nil, measuring: Measuring, willMeasure: @escaping () -> Void = {}
    ) throws -> Forecast {
        let recipe = setting.recipe
        return Forecast(
            images: setting.images, recipe: recipe.name, device: setting.onGPU ? "cuda" : "cpu",
            precision: setting.precision, isForThisMachine: device != nil, memory: MemoryForecast(setting),
            hostLimit: host, gpuLimit: gpu,
            largestBatch: setting.onGPU && gpu == nil
                ? nil : largestBatch(setting, host: host.bytes, gpu: gpu?.bytes),
            time: try device.flatMap {
                try RunTimer(
                    folder: folder, setting: setting, device: $0, measuring: measuring,
                    willMeasure: willMeasure
                )
                .forecast(folds: folds)
            }, timeBudget: recipe.timeBudget,
            disk: DiskForecast(recipe, images: setting.images, folder: output))
    }

    /// The largest batch of one pass that fits, however many images the dataset has.
    package static func largestBatch(_ setting: MemoryForecast.Setting, host: Int, gpu: Int?) -> Int? {
        func fits(_ batch: Int) -> Bool {
            var setting = setting
            setting.recipe.batchSize = batch
            setting.recipe.accumulationSteps = 1
            setting.resources.microBatchSize = nil
            setting.resources.cacheBytes = 0
            setting.images.epoch = max(setting.images.epoch, 8 * batch)
            return MemoryForecast(setting).fits(host: host, gpu: gpu)
        }
        guard fits(1) else { return nil }
        var (low, high) = (1, 2)
        while high < RecipeLimits.batchSize.upperBound, fits(high) { (low, high) = (high, 2 * high) }
        while high - low > 1 {
            let middle = (low + high) / 2
            if fits(middle) { low = middle } else { high = middle }
        }
        return low
    }
}

/// Speeds of a run on this machine, known or measured.
private struct RunTimer {
    let folder: DatasetFolder
    let setting: MemoryForecast.Setting
    let device: Device
    let measuring: Forecast.Measuring
    let willMeasure: () -> Void

    private var recipe: Recipe { setting.recipe }

    /// Nil where a speed is missing and not to be measured.
    func forecast(folds: Int?) throws -> TimeForecast? {
        guard let speeds = try speeds() else { return nil }
        return TimeForecast(
            recipe, images: setting.images, isPretrained: setting.isPretrained, folds: folds, speeds: speeds)
    }

    /// Floating-point operations of a forward pass over an image of 224 pixels, and a second's of a slow core.
    private static let forwardOperations = 3.6e9
    private static let slowCore = 40e9
    /// Seconds of a run that are worth some for measuring.
    private static let longRun = 120.0

    private func speeds() throws -> RunSpeeds? {
        let cache = SpeedCache()
        let statistics: BatchNormStatistics = setting.trainsByRunningStatistics ? .frozen : .trained
        let timer = PassTimer(
            recipe: recipe, precision: setting.precision, device: device,
            classCount: max(2, setting.images.classes), statistics: statistics)
        let measures = measuring == .always || measuring == .forLongRuns && isLong
        var isMeasuring = false
        func speed(_ pass: MeasuredPass, _ batchSize: Int) throws -> PassSpeed? {
            let key = SpeedCache.Key(
                device: device, precision: setting.precision, statistics: statistics, pass: pass,
                batchSize: batchSize, optimizer: recipe.optimizer.kind,
                isAveraged: recipe.weightAveraging != nil)
            if let known = cache.speed(key) { return known }
            guard measures else { return nil }
            if !isMeasuring { willMeasure() }
            isMeasuring = true
            let found = try timer.time(pass, batchSize: batchSize)
            cache.insert(found, for: key)
            return found
        }
        let side = recipe.preprocessing.imageSize
        let evaluated = setting.resources.evaluationBatchSize
        guard let forward = try speed(.forward(imageSize: side), evaluated),
            let view = try speed(.forward(imageSize: recipe.trainImageSize), evaluated),
            let images = ImageSpeed(of: folder, recipe: recipe, workers: setting.workers)
        else { return nil }
        var statisticsSeconds = 0.0
        if recipe.statisticsToMeasure(isPretrained: setting.isPretrained).contains(.task) {
            guard
                let found = try speed(
                    .statistics(imageSize: side), FineTuner.Machine.Resources.statisticsBatchSize)
            else { return nil }
            statisticsSeconds = found.secondsPerImage
        }
        let rereads = setting.resources.cacheBytes < setting.images.decodedBytes
        let decoding = rereads ? images.decodingSeconds : 0
        let evaluation = decoding + images.evaluationTransformSeconds
        let training = decoding + images.trainingTransformSeconds
        var step: [ResNet18.Stage: Double] = [:]
        let depths = Set(recipe.phases.map(\.trainableFrom) + (recipe.search?.depths ?? []))
        let batch = setting.batchSize
        let micro = setting.microBatchSize
        for depth in depths {
            guard let found = try speed(.step(from: depth, imageSize: recipe.trainImageSize), micro) else {
                return nil
            }
            // The optimiser steps once for all passes.
            let computing = found.secondsPerCall + found.secondsPerImage * Double(batch)
            step[depth] = beside(computing, loading: training * Double(batch))
        }
        return RunSpeeds(
            forward: beside(
                forward.secondsPerImage + forward.secondsPerCall / Double(evaluated), loading: evaluation),
            view: beside(view.secondsPerImage + view.secondsPerCall / Double(evaluated), loading: training),
            statistics: beside(statisticsSeconds, loading: evaluation), step: step,
            reading: images.readingSeconds)
    }

    /// Seconds for computing while other threads load, both on the same cores unless a GPU computes.
    private func beside(_ computing: Double, loading: Double) -> Double {
        let cores = Double(ProcessorCount.available)
        let busy =
            device == .cpu ? computing * Double(min(TorchRuntime.threadCount, ProcessorCount.available)) : 0
        return max(computing, loading / Double(setting.workers), (busy + loading) / cores)
    }

    private var isLong: Bool {
        let images = Double(setting.images.train)
        let side = Double(recipe.trainImageSize) / 224
        let passes = 3 * Double(recipe.epochs) + (recipe.probe == nil ? 0 : 4)
        let speed = device == .cpu ? Self.slowCore * Double(ProcessorCount.available) : 5e12
        return images * passes * side * side * Self.forwardOperations / speed > Self.longRun
    }
}
