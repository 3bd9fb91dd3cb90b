import Foundation
import Tailor
import TailorArguments
import TailorCommandLine
import TailorSupport

/// Options for device and threads.
struct MachineOptions: ArgumentGroup {
    @Option(
        placeholder: "cpu|cuda|cuda:N", completion: .words(["cpu", "cuda", "cuda:0"]),
        shown: "the first GPU that libtorch sees, else cpu", help: "Where to compute.")
    var device: String?

    @Option(
        bounds: .within(1...256), shown: "one a core, at most 8",
        help: "Threads that read, decode and augment images, while --threads compute.")
    var workers: Int?

    @OptionGroup var computing: ThreadOptions

    /// Options that were given and that only libtorch uses, with their dashes.
    var givenToLibTorch: [String] {
        [("--device", device != nil), ("--workers", workers != nil)].filter(\.1).map(\.0)
    }

    /// Refuses a device that is not there before anything is read.
    func validate() throws {
        CoreLimit.warn("--workers", workers)
        guard let device else { return }
        do {
            try Device(parsing: device).checkAvailable()
        } catch let error as DeviceError {
            throw UnusableDevice(name: device, reason: error.reason)
        }
    }

    /// Applies `--threads` and says on what to run.
    func resolve() throws -> FineTuner.Machine {
        let workers = CoreLimit.capped(workers) ?? min(ProcessorCount.available, 8)
        computing.apply(beside: workers)
        return FineTuner.Machine(device: try device.map(Device.init(parsing:)) ?? .best, workers: workers)
    }
}

extension ThreadOptions {
    /// Gives libtorch the number of threads that was asked for, else at most one a core.
    ///
    /// Where a limit on tasks leaves no room for them (libtorch would end the process), it computes on one.
    ///
    /// - Parameter workers: threads that there will be beside.
    func apply(beside workers: Int) {
        let wanted = CoreLimit.capped(threads) ?? min(TorchRuntime.threadCount, ProcessorCount.available)
        // Twice: those that compute, and those that `WaitingThreads` may keep.
        if let shortage = ThreadShortage(needed: 2 * wanted + workers) {
            TorchRuntime.threadCount = 1
            Console.warning("\(shortage). It computes on one")
        } else {
            TorchRuntime.threadCount = wanted
            WaitingThreads.sleepWhileCrowded()
        }
    }
}

/// Device that this machine, or this build of libtorch, does not have. One line: the usage would not help.
private struct UnusableDevice: CategorizedError {
    let name: String
    let reason: String

    var category: ErrorCategory { .input }
    var description: String { "--device \(name.printable): \(reason)" }
}
