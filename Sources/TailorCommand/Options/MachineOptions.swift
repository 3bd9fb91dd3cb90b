import ArgumentParser
import Foundation
import Tailor

struct MachineOptions: ParsableArguments {
    @Option(help: "cpu, cuda or cuda:N. Default: the first GPU where libtorch sees one, else cpu.")
    var device: String?

    @Option(help: "Threads that read and augment images. Default: one a core, at most 8.")
    var workers: Int?

    @Option(help: "Threads that compute on the CPU. Default: one a core.")
    var threads: Int?

    func validate() throws {
        if let workers, !(1...256).contains(workers) {
            throw ValidationError("--workers \(workers): expected 1…256")
        }
        if let threads, !(1...1024).contains(threads) {
            throw ValidationError("--threads \(threads): expected 1…1024")
        }
    }

    /// Applies `--threads` and says on what to run.
    func resolve() throws -> FineTuner.Machine {
        if let threads { TorchRuntime.threadCount = threads }
        let device: Device
        if let name = self.device {
            device = try Device(parsing: name)
        } else {
            device = Device.cudaDeviceCount > 0 ? .cuda() : .cpu
        }
        return FineTuner.Machine(
            device: device, workers: workers ?? min(ProcessInfo.processInfo.activeProcessorCount, 8))
    }
}
