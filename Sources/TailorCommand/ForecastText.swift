import Tailor
import TailorSupport
import TailorTerminal

/// A forecast in words.
struct ForecastText {
    private let forecast: Forecast

    init(_ forecast: Forecast) { self.forecast = forecast }

    /// The moment of the peak, its bytes and the limit, of the memory that is the scarcer one.
    private var peak:
        (moment: String, parts: [MemoryForecast.Part], bytes: Int, limit: Forecast.Limit?, place: String)
    {
        let memory = forecast.memory
        let gpu = memory.gpuPeak
        if gpu.gpuBytes > 0 {
            return (gpu.name, gpu.gpu, gpu.gpuBytes, forecast.gpuLimit, "GPU memory")
        }
        return (
            memory.hostPeak.name, memory.hostPeak.host, memory.hostPeak.hostBytes, forecast.hostLimit,
            "memory"
        )
    }

    /// Memory, time and disk in one line.
    var line: String {
        let limit = peak.limit.map {
            " (\($0.isGiven ? "limit" : "there are") \(Format.bytes($0.bytes)))"
        }
        let time = duration.map { ", \($0)" } ?? ""
        return "forecast: \(Format.bytes(peak.bytes)) of \(peak.place)\(limit ?? "")\(time), "
            + "\(Format.bytes(forecast.disk.peakBytes)) of disk while it runs"
    }

    private var duration: String? {
        guard let time = forecast.time else {
            return forecast.timeBudget.map { "within \(Format.duration($0))" }
        }
        let epoch = time.epochs.max { $0.seconds < $1.seconds }
        let bound = time.isUpperBound ? "at most" : "about"
        return "\(bound) \(Format.duration(time.seconds.rounded(.up)))"
            + (epoch.map { " (\(Format.duration($0.seconds)) an epoch)" } ?? "")
    }

    /// All of it.
    var text: String {
        let images = forecast.images
        var lines = [
            "\(Format.count(images.train, "training image")), \(Format.count(images.validation)) for validation, "
                + "\(Format.count(images.classes, "class", plural: "classes")), "
                + String(format: "%.2g megapixels each; ", images.meanPixels / 1e6)
                + "recipe \(forecast.recipe), \(forecast.device), \(forecast.precision.rawValue)",
            "",
        ]
        let peak = peak
        let room = peak.limit.map {
            $0.isGiven ? "of \(Format.bytes($0.bytes))" : "there are \(Format.bytes($0.bytes))"
        }
        lines.append(
            "memory   \(Format.bytes(peak.bytes)) at most (\(peak.moment))" + (room.map { "; \($0)" } ?? "")
        )
        for part in peak.parts.sorted(by: { $0.bytes > $1.bytes }) {
            lines.append("           \(Format.bytes(part.bytes).leftPadded(to: 8))  \(part.name)")
        }
        if peak.place != "memory" {
            lines.append("         and \(Format.bytes(forecast.memory.hostPeak.hostBytes)) of main memory")
        }
        lines.append(
            "batch    "
                + (forecast.largestBatch.map { "\(Format.count($0, "image")) at most in one pass" }
                    ?? (forecast.device == "cuda" && forecast.gpuLimit == nil
                        ? "not known without the GPU's memory: --memory 12G" : "not even one image fits"))
        )
        if let time = forecast.time {
            lines.append("time     \(duration ?? "")")
            for part in time.parts.sorted(by: { $0.seconds > $1.seconds }) {
                lines.append("           \(Format.duration(part.seconds).leftPadded(to: 12))  \(part.name)")
            }
        } else {
            lines.append("time     " + (duration ?? "not known for another machine"))
        }
        lines.append(
            "disk     \(Format.bytes(forecast.disk.peakBytes)) while it runs, "
                + "\(Format.bytes(forecast.disk.finalBytes)) in the end"
                + (forecast.disk.freeBytes.map { "; \(Format.bytes($0)) are free" } ?? ""))
        return lines.joined(separator: "\n")
    }

    /// What is wanting.
    var shortage: String {
        let peak = peak
        let host = forecast.memory.hostPeak
        if peak.place != "memory", host.hostBytes > forecast.hostLimit.bytes {
            return "\(host.name): about \(Format.bytes(host.hostBytes)) of memory, "
                + "there are \(Format.bytes(forecast.hostLimit.bytes))"
        }
        let limit = peak.limit.map {
            $0.isGiven ? "the limit is \(Format.bytes($0.bytes))" : "there are \(Format.bytes($0.bytes))"
        }
        return "\(peak.moment): about \(Format.bytes(peak.bytes)) of \(peak.place), \(limit ?? "")"
    }

    /// What to change so that it fits.
    static func advice(
        _ forecast: Forecast, wanted: MemoryForecast.Setting, plan: MemoryPlan?
    ) -> String {
        let isHost = forecast.memory.gpuPeak.gpuBytes == 0
        let limit = isHost ? forecast.hostLimit : forecast.gpuLimit ?? forecast.hostLimit
        if let plan {
            let change = Self.changes(from: wanted, to: plan.setting)
            return "--memory-limit \(limit.bytes / 1_000_000)M (\(change); the same result but for rounding)"
        }
        let least = MemoryPlan.least(wanted)
        let floor = Format.bytes(isHost ? least.host : least.gpu)
        if let largest = forecast.largestBatch, largest < wanted.recipe.batchSize {
            return "--batch-size \(largest) or less, or --batch-norm frozen, by which batches can be cut"
        }
        return "\(floor) or more, for images of this size; smaller ones (--image-size) take less"
    }

    /// What a plan changes.
    static func changes(from wanted: MemoryForecast.Setting, to plan: MemoryForecast.Setting) -> String {
        var found: [String] = []
        if plan.resources.microBatchSize != wanted.resources.microBatchSize,
            let size = plan.resources.microBatchSize
        {
            found.append("\(size) of \(plan.recipe.batchSize) images a pass")
        }
        if plan.resources.evaluationBatchSize != wanted.resources.evaluationBatchSize {
            found.append("\(plan.resources.evaluationBatchSize) images a pass of evaluation")
        }
        if plan.resources.prefetch != wanted.resources.prefetch {
            found.append("\(Format.count(plan.resources.prefetch, "batch", plural: "batches")) loaded ahead")
        }
        if plan.resources.cacheBytes != wanted.resources.cacheBytes {
            found.append("\(Format.bytes(plan.resources.cacheBytes)) of decoded images kept")
        }
        if plan.workers != wanted.workers { found.append(Format.count(plan.workers, "worker")) }
        if plan.recipe.batchNorm != wanted.recipe.batchNorm {
            found.append("batch norm \(plan.recipe.batchNorm.rawValue)")
        }
        return found.joined(separator: ", ")
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
