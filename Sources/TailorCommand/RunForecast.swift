import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport
import TailorTerminal

/// The forecast of a run that is about to begin, and what `--memory-limit` makes of it.
struct RunForecast {
    let forecast: Forecast
    private let plan: MemoryPlan?
    private let wanted: MemoryForecast.Setting
    private let isLimited: Bool

    init(
        of folder: DatasetFolder, recipe: Recipe, machine: FineTuner.Machine, weights: WeightsSource?,
        memory: MemoryOptions, validationShare: Double?, output: URL, folds: Int?
    ) throws {
        let limit = ForecastLimits(device: machine.device, given: memory.memoryLimit?.bytes)
        wanted = MemoryForecast.Setting(
            recipe: recipe,
            images: ForecastImages(
                of: folder, validationShare: validationShare ?? 0.2, imbalance: recipe.imbalance),
            precision: recipe.precision.resolved(on: machine.device), onGPU: machine.device.kind == .cuda,
            isPretrained: weights != .some(.none), resources: machine.resources, workers: machine.workers)
        isLimited = memory.memoryLimit != nil
        plan = MemoryPlan(wanted, host: limit.host.bytes, gpu: limit.gpu?.bytes)
        forecast = try Forecast.make(
            of: folder, setting: isLimited ? plan?.setting ?? wanted : wanted, device: machine.device,
            host: limit.host, gpu: limit.gpu, output: output, folds: folds, measuring: .forLongRuns)
    }

    /// Has the run keep to the limit. Throws ``DoesNotFit`` where memory or disk will not suffice, unless forced.
    func apply(to recipe: inout Recipe, _ machine: inout FineTuner.Machine, force: Bool) throws {
        if !force, !forecast.fits || isLimited && plan == nil {
            throw DoesNotFit(forecast, wanted: wanted, plan: plan)
        }
        guard isLimited, let plan else { return }
        machine.resources = plan.setting.resources
        machine.workers = plan.setting.workers
        if plan.setting.recipe.batchNorm != recipe.batchNorm {
            Console.note(
                "batch-norm statistics stay the pretrained network's: a whole batch at once does not fit")
        }
        recipe.batchNorm = plan.setting.recipe.batchNorm
    }

    /// One line: memory, time, disk.
    var line: String { ForecastText(forecast).line + (isLimited ? planned : "") }

    private var planned: String {
        guard let plan, plan.setting != wanted else { return "" }
        return "\n  to stay below: " + ForecastText.changes(from: wanted, to: plan.setting)
    }
}

/// Memory that a run may take.
struct ForecastLimits {
    let host: Forecast.Limit
    let gpu: Forecast.Limit?

    /// - Parameter given: limit of the GPU's memory where it computes, else of the machine's.
    init(device: Device, given: Int?) {
        let here = Forecast.Limit(bytes: MemoryLimit.available, isGiven: false)
        let limit = given.map { Forecast.Limit(bytes: $0, isGiven: true) }
        guard device.kind == .cuda else {
            host = limit ?? here
            gpu = nil
            return
        }
        host = here
        let total = (try? TorchRuntime.cudaDevice(device.index))?.totalMemory
        gpu = limit ?? total.map { Forecast.Limit(bytes: $0, isGiven: false) }
    }
}

/// A run that would die for want of memory or disk.
struct DoesNotFit: CategorizedError {
    let description: String
    var category: ErrorCategory { .input }

    init(_ forecast: Forecast, wanted: MemoryForecast.Setting, plan: MemoryPlan?) {
        var lines: [String] = []
        if !forecast.fitsMemory { lines.append(ForecastText(forecast).shortage) }
        if !forecast.fitsDisk, let free = forecast.disk.freeBytes {
            lines.append(
                "the run folder takes \(Format.bytes(forecast.disk.peakBytes)) while the run goes on, "
                    + "\(Format.bytes(free)) of disk are free")
        }
        if lines.isEmpty {
            let spare = Format.percent(1 - MemoryPlan.usableShare, digits: 0)
            lines.append(
                ForecastText(forecast).shortage
                    + ", of which \(spare) stay free: a forecast may be a little too low")
        }
        if !forecast.fitsMemory || plan == nil {
            lines.append("What fits: " + ForecastText.advice(forecast, wanted: wanted, plan: plan))
        }
        lines.append("Nothing was read or written. --force begins anyway.")
        description = "does not fit: " + lines.joined(separator: "\n  ")
    }
}
