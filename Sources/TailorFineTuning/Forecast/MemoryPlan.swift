import TailorSupport

/// What a run spends of the memory, chosen so that it stays below a limit.
public struct MemoryPlan: Sendable, Hashable {
    public var setting: MemoryForecast.Setting
    public var forecast: MemoryForecast

    /// Share of a limit that a forecast may fill: it may be a little too low.
    public static let usableShare = 0.92
    /// Images a pass below which computing gets slower; lower only where nothing else helps.
    private static let goodPass = 8

    /// The fastest way to stay below limits, which changes nothing that is computed but rounding; nil where there is
    /// none.
    ///
    /// Batches are loaded less far ahead and cut into parts whose gradients are summed; then fewer decoded images are
    /// kept; last come passes so small that they take longer, and fewer threads that decode. A batch is cut only where
    /// its images are not normalised together: batch-norm statistics that were to be chosen by measuring become those
    /// of the pretrained network then.
    ///
    /// - Parameters:
    ///   - host: bytes of the machine's memory.
    ///   - gpu: of the GPU's; nil for as much as there is.
    public init?(_ wanted: MemoryForecast.Setting, host: Int, gpu: Int? = nil) {
        let host = Int(Double(host) * Self.usableShare)
        let gpu = gpu.map { Int(Double($0) * Self.usableShare) }
        func fits(_ setting: MemoryForecast.Setting) -> Bool {
            MemoryForecast(setting).fits(host: host, gpu: gpu)
        }
        var setting = wanted
        // What may still be both kinds of statistics is to fit with the larger one.
        if setting.recipe.batchNorm == .automatic, setting.isPretrained {
            var either = setting
            either.recipe.batchNorm = .trained
            if !Self.reduce(&either, cutsBatches: false, until: fits) {
                setting.recipe.batchNorm = .frozen
            } else {
                setting.resources = either.resources
                setting.workers = either.workers
            }
        }
        guard Self.reduce(&setting, cutsBatches: setting.recipe.batchNorm == .frozen, until: fits) else {
            return nil
        }
        self.setting = setting
        forecast = MemoryForecast(setting)
    }

    /// Bytes of the machine's memory, and of the GPU's, below which nothing brings a run of these images.
    public static func least(_ wanted: MemoryForecast.Setting) -> (host: Int, gpu: Int) {
        var setting = wanted
        if setting.recipe.batchNorm == .automatic, setting.isPretrained { setting.recipe.batchNorm = .frozen }
        _ = reduce(&setting, cutsBatches: setting.recipe.batchNorm == .frozen) { _ in false }
        let forecast = MemoryForecast(setting)
        func limit(_ bytes: Int) -> Int { Int((Double(bytes) / usableShare).rounded(.up)) }
        return (limit(forecast.hostPeak.hostBytes), limit(forecast.gpuPeak.gpuBytes))
    }

    /// Lowers what a run spends step by step until it fits; false where it does not.
    private static func reduce(
        _ setting: inout MemoryForecast.Setting, cutsBatches: Bool,
        until fits: (MemoryForecast.Setting) -> Bool
    ) -> Bool {
        let cache = setting.resources.cacheBytes
        /// With as many decoded images as there is room for.
        func fitsWithCache(_ least: Int) -> Bool {
            setting.resources.cacheBytes = least
            guard fits(setting) else { return false }
            let most = min(cache, max(least, setting.images.decodedBytes))
            setting.resources.cacheBytes = most
            if fits(setting) { return true }
            var (low, high) = (least, most)
            while high - low > 1 << 20 {
                setting.resources.cacheBytes = (low + high) / 2
                if fits(setting) {
                    low = setting.resources.cacheBytes
                } else {
                    high = setting.resources.cacheBytes
                }
            }
            setting.resources.cacheBytes = low
            return true
        }
        if fits(setting) { return true }
        // All decoded images are worth small savings elsewhere.
        let whole = min(cache, setting.images.decodedBytes)
        for (floor, kept) in [(goodPass, whole), (goodPass, 0), (1, 0)] {
            repeat {
                if fitsWithCache(kept) { return true }
            } while shrinkPeak(of: &setting, floor: floor, cutsBatches: cutsBatches)
        }
        return false
    }

    /// Lowers what the highest moment spends most on; false where that is not to be lowered.
    private static func shrinkPeak(
        of setting: inout MemoryForecast.Setting, floor: Int, cutsBatches: Bool
    ) -> Bool {
        func lower(_ change: (inout MemoryForecast.Setting) -> Void) -> Bool {
            var smaller = setting
            change(&smaller)
            let (before, after) = (MemoryForecast(setting), MemoryForecast(smaller))
            guard
                after.hostPeak.hostBytes < before.hostPeak.hostBytes
                    || after.gpuPeak.gpuBytes < before.gpuPeak.gpuBytes
            else { return false }
            setting = smaller
            return true
        }
        let resources = setting.resources
        let micro = setting.microBatchSize
        if resources.evaluationBatchSize > floor,
            lower({ $0.resources.evaluationBatchSize = max(floor, resources.evaluationBatchSize / 2) })
        {
            return true
        }
        if cutsBatches, micro > floor,
            lower({ $0.resources.microBatchSize = max(floor, (micro + 1) / 2) })
        {
            return true
        }
        if resources.prefetch > 1, lower({ $0.resources.prefetch = resources.prefetch - 1 }) { return true }
        if setting.workers > 1, floor == 1, lower({ $0.workers -= 1 }) { return true }
        return false
    }
}
