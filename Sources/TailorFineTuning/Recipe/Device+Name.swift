import TailorTensors

extension Device {
    /// The GPU's name, or the instruction set that libtorch uses on the CPU.
    package var name: String {
        switch kind {
        case .cpu: "CPU (\(TorchRuntime.cpuCapability))"
        case .cuda: (try? TorchRuntime.cudaDevice(index).name) ?? "CUDA device \(index)"
        }
    }
}
