import CTorch

/// Build, hardware and settings of libtorch.
package enum TorchRuntime {
    /// Version of the headers that this was built with, for example "2.13.0".
    package static var version: String { String(cString: ctorch_version()) }

    /// Description of libtorch's build and threads, in several lines.
    package static var buildDescription: String { String(cString: ctorch_build_description()) }

    /// Instruction set of the CPU kernels: "AVX2", "AVX512", "DEFAULT"…
    package static var cpuCapability: String { String(cString: ctorch_cpu_capability()) }

    /// Number of threads within one operation. Values below 1 count as 1.
    package static var threadCount: Int {
        get { Int(ctorch_thread_count()) }
        set { _ = ctorch_set_thread_count(Int32(clamping: max(1, newValue))) }
    }

    /// Selects deterministic algorithms; operations that have none warn on standard error.
    package static func setDeterministic(_ on: Bool) throws {
        try check(ctorch_set_deterministic(on), "setDeterministic")
    }

    /// Whether bfloat16 autocast is faster than float32 on the device: a CPU with AMX, AMD's with avx512_bf16, a
    /// GPU of compute capability 8.0 or more. Elsewhere it works, but slowly; not measured on arm64.
    package static func supportsFastBFloat16(_ device: Device) -> Bool {
        switch device.kind {
        case .cpu:
            isBFloat16Fast(
                avx512: cpuHas("avx512_bf16"), amx: cpuHas("amx_bf16"), isIntel: ctorch_cpu_is_intel())
        case .cuda: ((try? cudaDevice(device.index))?.computeCapability.major ?? 0) >= 8
        }
    }

    /// The rule for CPUs. Intel's have avx512_bf16 beside AMX, which a virtual machine may hide; by itself it
    /// multiplies no faster than fp32 does, and training takes a quarter longer for the conversions.
    package static func isBFloat16Fast(avx512: Bool, amx: Bool, isIntel: Bool) -> Bool {
        amx || avx512 && !isIntel
    }

    /// Whether the CPU reports a feature, by cpuinfo's name ("avx2", "avx512_bf16", "amx_bf16", "bf16"…).
    package static func cpuHas(_ feature: String) -> Bool {
        var found = false
        return ctorch_cpu_has_feature(&found, feature) == CTORCH_OK && found
    }

    /// Properties of a CUDA device. Memory in bytes.
    package struct CUDADevice: Sendable, Hashable {
        package let index: Int
        /// Name of the device; empty when the driver does not report it.
        package let name: String
        /// Compute capability; 0.0 when the driver does not report it.
        package let computeCapability: ComputeCapability
        package let freeMemory: Int
        package let totalMemory: Int
        /// Peak memory of this process's tensors.
        package let peakMemory: Int
    }

    package struct ComputeCapability: Sendable, Hashable, CustomStringConvertible {
        package let major: Int
        package let minor: Int
        package var description: String { "\(major).\(minor)" }
    }

    /// Queries a CUDA device.
    ///
    /// - Throws: `TensorError` when there is no such device.
    package static func cudaDevice(_ index: Int = 0) throws -> CUDADevice {
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

    /// CUDA devices that this process can use.
    package static func cudaDevices() throws -> [CUDADevice] {
        try (0..<Device.cudaDeviceCount).map { try cudaDevice($0) }
    }

    /// Waits until the device has finished its queued work; does nothing on the CPU. For timings.
    package static func synchronize(_ device: Device) throws {
        try check(ctorch_synchronize(device.raw), "synchronize")
    }

    /// Keeps freed host memory for reuse instead of returning it to the system at once.
    ///
    /// Every step of training allocates and frees the same large activations; by default each is mapped again and the
    /// kernel clears its pages. What tensors use and what is kept for them stays within the most that they ever used and
    /// an eighth, on Linux; elsewhere it does nothing. The setting affects the whole process, so programs choose it,
    /// not libraries.
    package static func keepFreedMemory() { ctorch_keep_freed_memory() }

    /// Returns what was freed on the host to the system, for work that will not need blocks of the same sizes.
    package static func releaseFreedMemory() { ctorch_release_freed_memory() }

    /// Returns libtorch's cached memory to the device, for example after running out of it.
    package static func releaseCachedMemory(_ device: Device) throws {
        try check(ctorch_empty_cache(device.raw), "releaseCachedMemory")
    }
}
