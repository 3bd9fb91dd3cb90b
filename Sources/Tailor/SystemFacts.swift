import Foundation
import TailorFineTuning
import TailorImages
import TailorInference
import TailorResNet
import TailorSupport
import TailorTensors
import TailorTerminal

/// Facts about this machine, as `tailor doctor` shows them.
public struct SystemFacts: Codable, Sendable {
    public struct Line: Codable, Sendable, Hashable {
        public var name: String
        public var value: String
    }

    public var lines: [Line]

    public static func collect() -> SystemFacts {
        var lines: [Line] = []
        func add(_ name: String, _ value: String) { lines.append(Line(name: name, value: value)) }
        add("tailor", TailorVersion.current)
        add("libtorch", TorchRuntime.version)
        add("OpenVINO", (try? OpenVINOCore.shared().version) ?? "does not start")
        add("libjpeg", ImageLibraries.jpegVersion)
        add("libvips", ImageLibraries.vipsVersion ?? "does not start")
        add("hashes", ContentHash.library)
        add("image formats", ImageLibraries.readableFormats.map { "\($0)" }.joined(separator: ", "))
        add("processor", ProcessorName.current)
        add("instruction set", TorchRuntime.cpuCapability)
        let bf16 = TorchRuntime.supportsFastBFloat16(.cpu)
        add("bf16", bf16 ? "fast: training uses it" : "not fast here: training uses fp32")
        add("cores", String(ProcessorCount.available))
        add("threads", String(TorchRuntime.threadCount))
        add(
            "core limit",
            ControlGroups().processors.map { String(format: "%.3g by a control group", $0) } ?? "none")
        add(
            "memory",
            Format.bytes(Int(clamping: ProcessInfo.processInfo.physicalMemory))
                + (MemoryLimit.free.map { ", \(Format.bytes($0)) free" } ?? ""))
        add("memory limit", MemoryLimit.granted.map { "\(Format.bytes($0)) by a control group" } ?? "none")
        let gpus = Device.cudaDeviceCount
        if gpus == 0 {
            add("GPU", "none that libtorch can use")
        }
        for index in 0..<gpus {
            let memory = (try? TorchRuntime.cudaDevice(index)).map {
                ", \(Format.bytes($0.totalMemory)), \(Format.bytes($0.freeMemory)) free"
            }
            add("GPU \(index)", Device.cuda(index).name + (memory ?? ""))
        }
        if let folder = CompiledModelCache.defaultFolder {
            let problem = CompiledModelCache.defaultFolderProblem
            add("compiled models", problem.map { "not kept: \($0): \(folder.path)" } ?? folder.path)
        } else {
            add("compiled models", "not kept: neither XDG_CACHE_HOME nor HOME names a folder")
        }
        add(
            "ImageNet weights",
            PretrainedWeights.cachedImageNet.map { "cached: \($0.path)" }
                ?? "not cached: fetched when possible, else the bundled weights serve")
        return SystemFacts(lines: lines)
    }
}
