import Foundation
import TailorFineTuning
import TailorImages
import TailorInference
import TailorResNet
import TailorSupport
import TailorTensors

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
        add("processor", processorName)
        add("instruction set", TorchRuntime.cpuCapability)
        let bf16 = TorchRuntime.supportsFastBFloat16(.cpu)
        add("bf16", bf16 ? "fast: training uses it" : "not fast here: training uses fp32")
        add("cores", String(ProcessorCount.available))
        add("threads", String(TorchRuntime.threadCount))
        let gigabytes = Double(ProcessInfo.processInfo.physicalMemory) / 1e9
        add("memory", String(format: "%.1f GB", gigabytes))
        let gpus = Device.cudaDeviceCount
        if gpus == 0 {
            add("GPU", "none that libtorch can use")
        }
        for index in 0..<gpus { add("GPU \(index)", Device.cuda(index).name) }
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

    private static var processorName: String {
        #if os(Linux)
            let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
            for line in text.split(separator: "\n") where line.hasPrefix("model name") {
                return line.split(separator: ":").dropFirst().joined(separator: ":")
                    .trimmingCharacters(in: .whitespaces)
            }
        #endif
        return "unknown"
    }
}
