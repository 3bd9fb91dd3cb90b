import Foundation
import Tailor
import TailorSupport
import TailorTerminal
import TestSupport
import Testing

@Suite struct DoctorCommandTests {
    private struct Facts: Decodable {
        struct Line: Decodable {
            let name: String
            let value: String
        }
        let lines: [Line]
    }

    private let cache: TemporaryFolder

    init() throws { cache = try TemporaryFolder() }

    private func doctor(_ arguments: String...) throws -> String {
        let outcome = try Program.run(
            ["doctor"] + arguments,
            environment: [
                "TORCH_HOME": cache.url.path, "XDG_CACHE_HOME": cache.url.path, "CUDA_VISIBLE_DEVICES": "",
            ])
        #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
        return outcome.output
    }

    @Test func namesAndValues() throws {
        let text = try doctor("--json")
        let object = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
        #expect(object.keys.sorted() == ["lines"])
        let lines = try JSONDecoder().decode(Facts.self, from: Data(text.utf8)).lines
        #expect(
            lines.map(\.name) == [
                "tailor", "libtorch", "OpenVINO", "libjpeg", "libvips", "hashes", "image formats",
                "processor", "instruction set", "bf16", "cores", "threads", "core limit", "memory",
                "memory limit", "GPU",
                "compiled models", "ImageNet weights",
            ])
        let facts = Dictionary(lines.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        let process = ProcessInfo.processInfo
        let hasBFloat16 = TorchRuntime.supportsFastBFloat16(.cpu)
        let expected = [
            "tailor": TailorVersion.current, "libtorch": TorchRuntime.version,
            "OpenVINO": try OpenVINOCore.shared().version, "libjpeg": ImageLibraries.jpegVersion,
            "libvips": try #require(ImageLibraries.vipsVersion), "hashes": ContentHash.library,
            "instruction set": TorchRuntime.cpuCapability,
            "bf16": hasBFloat16 ? "fast: training uses it" : "not fast here: training uses fp32",
            "cores": "\(ProcessorCount.available)",
            "memory limit": MemoryLimit.granted.map { "\(Format.bytes($0)) by a control group" } ?? "none",
            "GPU": "none that libtorch can use",
            "compiled models": cache.file("tailor/compiled").path,
            "ImageNet weights": "not cached: fetched when possible, else the bundled weights serve",
        ]
        let memory = Format.bytes(Int(process.physicalMemory))
        #expect(
            facts["memory"]?.hasPrefix("\(memory), ") == true && facts["memory"]?.hasSuffix(" free") == true)
        for (name, value) in expected { #expect(facts[name] == value, "\(name)") }
        #expect(try #require(facts["threads"].flatMap { Int($0) }) >= 1)
        #expect(facts["processor"]?.isEmpty == false)
        let formats = try #require(facts["image formats"]).components(separatedBy: ", ")
        #expect(Set(formats).isSuperset(of: ["JPEG", "PNG"]), "\(formats)")
    }

    @Test func whyCompiledModelsAreNotKept() throws {
        let folder = cache.file("tailor/compiled")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: folder.path)
        #expect(try doctor().contains("compiled models    not kept: others may write to it: \(folder.path)"))
    }

    @Test func theTextSaysTheSame() throws {
        let lines = try JSONDecoder().decode(Facts.self, from: Data(doctor("--json").utf8)).lines
        let text = lines.map { line in
            line.name + String(repeating: " ", count: 19 - line.name.count) + line.value + "\n"
        }
        // What is free changes from one call to the next.
        func steady(_ text: String) -> String { text.replacing(/, [^,\n]* free/, with: "") }
        #expect(try steady(doctor()) == steady(text.joined()))
    }

    @Test func cachedWeightsAreNamed() throws {
        let file = try cache.write(Data("weights".utf8), to: "hub/checkpoints/resnet18-f37072fd.pth")
        #expect(try doctor().hasSuffix("\nImageNet weights   cached: \(file.path)\n"))
    }
}
