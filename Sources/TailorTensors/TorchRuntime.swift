import CTorch

/// What libtorch is, what it runs on, and how it shall compute.
public enum TorchRuntime {
    /// Of the headers this was built with, as "2.13.0".
    public static var version: String { String(cString: ctorch_version()) }

    /// libtorch's own account of its build and threads, several lines.
    public static var buildDescription: String { String(cString: ctorch_build_description()) }

    /// The instruction set of its CPU kernels: "AVX2", "AVX512", "DEFAULT"…
    public static var cpuCapability: String { String(cString: ctorch_cpu_capability()) }

    /// Threads that one operation is split over. Values below 1 count as 1.
    public static var threadCount: Int {
        get { Int(ctorch_thread_count()) }
        set { _ = ctorch_set_thread_count(Int32(clamping: max(1, newValue))) }
    }

    /// Asks for algorithms that repeat bit for bit; operations that have none warn on standard error.
    public static func setDeterministic(_ on: Bool) throws {
        try check(ctorch_set_deterministic(on), "setDeterministic")
    }

    /// Whether bfloat16 autocast is faster than float32 there: a CPU with avx512_bf16 or AMX, a GPU of
    /// compute capability 8.0 or more. Elsewhere it works, but slowly; on arm64 nobody has measured it.
    public static func supportsFastBFloat16(_ device: Device) -> Bool {
        switch device.kind {
        case .cpu: ["avx512_bf16", "amx_bf16"].contains(where: cpuHas)
        case .cuda: ((try? cudaDevice(device.index))?.computeCapability.major ?? 0) >= 8
        }
    }

    /// Whether the CPU reports a feature, by cpuinfo's name ("avx2", "avx512_bf16", "amx_bf16", "bf16"…).
    public static func cpuHas(_ feature: String) -> Bool {
        var found = false
        return ctorch_cpu_has_feature(&found, feature) == CTORCH_OK && found
    }

    /// Facts of a CUDA device. Memory in bytes.
    public struct CUDADevice: Sendable, Hashable {
        public let index: Int
        /// Empty when the driver does not tell.
        public let name: String
        /// 0.0 when the driver does not tell.
        public let computeCapability: ComputeCapability
        public let freeMemory: Int
        public let totalMemory: Int
        /// The most that this process's tensors have held at once.
        public let peakMemory: Int
    }

    public struct ComputeCapability: Sendable, Hashable, CustomStringConvertible {
        public let major: Int
        public let minor: Int
        public var description: String { "\(major).\(minor)" }
    }

    /// - Throws: `TensorError` when there is no such device.
    public static func cudaDevice(_ index: Int = 0) throws -> CUDADevice {
        var facts = ctorch_cuda_facts()
        try check(ctorch_cuda_describe(&facts, Int32(clamping: index)), "cudaDevice")
        let name = withUnsafeBytes(of: facts.name) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
        return CUDADevice(
            index: index, name: name,
            computeCapability: ComputeCapability(
                major: Int(facts.capability_major), minor: Int(facts.capability_minor)),
            freeMemory: Int(clamping: facts.memory_free), totalMemory: Int(clamping: facts.memory_total),
            peakMemory: Int(clamping: facts.memory_peak))
    }

    /// All CUDA devices that this process can use.
    public static func cudaDevices() throws -> [CUDADevice] {
        try (0..<Device.cudaDeviceCount).map { try cudaDevice($0) }
    }

    /// Waits until the device has done what it was given; nothing to wait for on the CPU. For timings.
    public static func synchronize(_ device: Device) throws {
        try check(ctorch_synchronize(device.raw), "synchronize")
    }

    /// Keeps freed host memory for reuse instead of handing it back to the system at once.
    ///
    /// Every step of training allocates and frees the same large activations; glibc maps each anew by
    /// default and the kernel clears every page again. A policy of the whole process: for programs to
    /// choose, not for libraries. Does nothing where the C library is not glibc.
    public static func keepFreedMemory() { ctorch_keep_freed_memory() }

    /// Gives memory that libtorch keeps for reuse back to the device, as after running out of it.
    public static func releaseCachedMemory(_ device: Device) throws {
        try check(ctorch_empty_cache(device.raw), "releaseCachedMemory")
    }
}
