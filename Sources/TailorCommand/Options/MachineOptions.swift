import Foundation
import Tailor
import TailorArguments
import TailorCommandLine

/// Options for device and threads.
struct MachineOptions: ArgumentGroup {
    @Option(
        placeholder: "cpu|cuda|cuda:N", completion: .words(["cpu", "cuda", "cuda:0"]),
        shown: "the first GPU that libtorch sees, else cpu", help: "Where to compute.")
    var device: String?

    @Option(
        bounds: .within(1...256), shown: "one a core, at most 8",
        help: "Threads that read and augment images.")
    var workers: Int?

    @OptionGroup var computing: ThreadOptions

    /// Options that were given and that only libtorch uses, with their dashes.
    var givenToLibTorch: [String] {
        [("--device", device != nil), ("--workers", workers != nil)].filter(\.1).map(\.0)
    }

    /// Applies `--threads` and says on what to run.
    func resolve() throws -> FineTuner.Machine {
        if let threads = computing.threads { TorchRuntime.threadCount = threads }
        let device: Device
        if let name = self.device {
            device = try Device(parsing: name)
            do { try device.checkAvailable() } catch { throw UsageError("--device \(name): \(error)") }
        } else {
            device = Device.cudaDeviceCount > 0 ? .cuda() : .cpu
        }
        return FineTuner.Machine(
            device: device, workers: workers ?? min(ProcessInfo.processInfo.activeProcessorCount, 8))
    }
}
