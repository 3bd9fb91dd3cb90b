import Foundation
import TailorCheckpoints
import TailorResNet
import TailorTensors
import TestSupport
import Testing

/// The same weights in the spellings and wrappings of the field give the same tensors.
@Suite(.serialized) struct WeightsFileTests {
    private let folder: TemporaryFolder
    private let original: [(String, Tensor)]

    init() throws {
        folder = try TemporaryFolder()
        original = try ResNet18(classCount: 7, seed: 3).stateDictionary().map { ($0.0, try $0.1.detach()) }
    }

    private static func inTransformers(_ name: String) -> String {
        let parts = name.split(separator: ".").map(String.init)
        let leaf = parts[parts.count - 1]
        switch parts[0] {
        case "conv1": return "resnet.embedder.embedder.convolution.\(leaf)"
        case "bn1": return "resnet.embedder.embedder.normalization.\(leaf)"
        case "fc": return "classifier.1.\(leaf)"
        default:
            let block = "resnet.encoder.stages.\((Int(parts[0].dropFirst(5)) ?? 0) - 1).layers.\(parts[1])."
            switch parts[2] {
            case "conv1": return block + "layer.0.convolution.\(leaf)"
            case "bn1": return block + "layer.0.normalization.\(leaf)"
            case "conv2": return block + "layer.1.convolution.\(leaf)"
            case "bn2": return block + "layer.1.normalization.\(leaf)"
            default: return block + "shortcut.\(parts[3] == "0" ? "convolution" : "normalization").\(leaf)"
            }
        }
    }

    private func safetensors(_ tensors: [(String, Tensor)], _ name: String = "w.safetensors") throws -> URL {
        let url = folder.file(name)
        try Safetensors.write(tensors, to: url)
        return url
    }

    private func pth(_ tensors: [(String, Tensor)], _ name: String = "w.pth") throws -> URL {
        try folder.file(name, [UInt8](TorchCheckpoint.encode(tensors, folder: "w")))
    }

    /// Loads, compares with the original, and returns the log without path and hash.
    private func checked(_ url: URL, head: Bool = true, as dtype: DType = .float32) throws -> String {
        var log: [String] = []
        let loaded = try #require(try PretrainedWeights.load(.file(url)) { log.append($0) }).tensors
        let expected = original.filter { head || !$0.0.hasPrefix("fc.") }
        #expect(loaded.keys.sorted() == expected.map(\.0).sorted())
        for (name, tensor) in expected {
            let rounded = tensor.dtype == .float32 ? try tensor.to(dtype).to(.float32) : tensor
            #expect(try loaded[name]?.rawBytes() == rounded.rawBytes(), "\(name)")
        }
        #expect(log.count == 1)
        let start = "weights: \(url.path) (SHA-256 "
        #expect(log[0].hasPrefix(start) && log[0].hasSuffix(")"))
        return String(log[0].dropFirst(start.count + 8).dropLast())
    }

    private func problem(_ url: URL) -> String {
        let text = message { _ = try PretrainedWeights.load(.file(url)) { _ in } }
        return text.replacingOccurrences(of: url.path, with: "FILE")
    }

    private let head = "; its head of 7 classes is not used"

    @Test func torchvisionsNames() throws {
        #expect(try checked(safetensors(original)) == head)
        #expect(try checked(pth(original)) == head)
    }

    @Test(arguments: [DType.float16, .bfloat16, .float64]) func otherElementTypes(_ dtype: DType) throws {
        let tensors = try original.map { ($0.0, $0.1.dtype == .float32 ? try $0.1.to(dtype) : $0.1) }
        #expect(try checked(safetensors(tensors), as: dtype) == head)
        #expect(try PretrainedWeights.inspect(pth(tensors)).elements == ["\(dtype)"])
    }

    @Test func transformersNames() throws {
        let tensors = original.map { (Self.inTransformers($0.0), $0.1) }
        #expect(
            try checked(safetensors(tensors)) == "; transformers' names; prefix resnet. taken off" + head)
        // A ResNetModel has no prefix and no classifier.
        let bare = tensors.filter { $0.0.hasPrefix("resnet.") }.map { (String($0.0.dropFirst(7)), $0.1) }
        #expect(try checked(safetensors(bare), head: false) == "; transformers' names")
    }

    @Test(arguments: ["backbone.", "encoder.", "model.encoder.", "a-b c."]) func anyPrefix(
        _ prefix: String
    ) throws {
        let tensors = original.map { (prefix + $0.0, $0.1) }
        #expect(try checked(safetensors(tensors)) == "; prefix \(prefix) taken off" + head)
    }

    @Test func prefixOfDataParallelIsSaidToo() throws {
        let tensors = original.map { ("module.backbone." + $0.0, $0.1) }
        #expect(try checked(pth(tensors)) == "; prefix module.backbone. taken off" + head)
    }

    @Test(arguments: ["head", "classifier", "linear.2", "fc.1"]) func headsOfAnyName(_ name: String) throws {
        let tensors =
            original.filter { !$0.0.hasPrefix("fc.") } + [
                (name + ".weight", try .ones([365, 512])), (name + ".bias", try .ones([365])),
            ]
        #expect(
            try checked(safetensors(tensors), head: false) == "; its head of 365 classes is not used")
        #expect(try PretrainedWeights.inspect(folder.file("w.safetensors")).head == name)
    }

    @Test func whatElseLiesThereIsLeftOutAndSaid() throws {
        let average = try original.map { ("ema.module." + $0.0, try $0.1.to(.float32) * 2) }
        let tensors = original.map { ("model." + $0.0, $0.1) } + average + [("queue", try .ones([4]))]
        let facts = try PretrainedWeights.inspect(safetensors(tensors))
        #expect(facts.prefix == "model." && facts.otherNetworks == ["ema.module."])
        #expect(facts.leftOut.count == 123 && facts.leftOut.last == "queue" && facts.problem == nil)
        #expect(
            try checked(folder.file("w.safetensors")).hasPrefix(
                "; prefix model. taken off; not taken: ema.module.; its head of 7 classes is not used; "
                    + "123 more tensors left out: ema.module.bn1.bias, "))
    }

    @Test func otherNetworksAreRefusedByName() throws {
        func with(_ name: String, _ tensor: Tensor) throws -> URL {
            try safetensors(original.filter { $0.0 != name } + [(name, tensor)])
        }
        #expect(
            problem(try with("conv1.weight", .ones([64, 1, 7, 7])))
                == "FILE: expected 3 input channels (RGB), got 1 (grey)")
        #expect(
            problem(try with("layer3.2.conv1.weight", .ones([1])))
                == "FILE: expected ResNet18 (basic blocks 2, 2, 2, 2), got a ResNet of basic blocks 2, 2, 3, 2"
        )
        #expect(
            problem(try with("layer1.0.attention.weight", .ones([1])))
                == "FILE: the weights do not fit ResNet18: 1 unexpected: layer1.0.attention.weight")
        #expect(
            problem(try with("bn1.bias", Tensor([Float](repeating: .nan, count: 64), shape: [64])))
                == "FILE: the weights do not fit ResNet18: 1 with values that are not finite: bn1.bias")
        #expect(
            problem(try safetensors([("blocks.0.attn.qkv.weight", .ones([2])), ("a\u{1B}", .ones([1]))]))
                == "FILE: expected a ResNet (layer1.0.conv1.weight or transformers' name of it), "
                + "got 2 tensors: a\\u{1b}, blocks.0.attn.qkv.weight")
    }

    @Test func filesThatAreNoWeights() throws {
        let expected = "FILE: expected weights as .safetensors or as .pth of torch.save, got "
        #expect(problem(try folder.file("empty.pth", [])) == expected + "an empty file")
        #expect(problem(try folder.file("text", Array("hello there".utf8))) == expected + "neither")
        let whole = try Data(contentsOf: safetensors(original))
        let cut = try folder.file("cut.safetensors", [UInt8](whole.prefix(whole.count / 2)))
        #expect(problem(cut).hasPrefix("FILE: not a valid safetensors file: expected "))
        let zip = try Data(contentsOf: pth(original))
        let half = try folder.file("cut.pth", [UInt8](zip.prefix(zip.count / 2)))
        #expect(problem(half).hasPrefix("FILE: damaged checkpoint: "))
        #expect(problem(folder.url).contains("not a regular file"))
    }

    @Test func verificationSaysWhoseAFileIs() throws {
        let bundled = try #require(try KnownWeights.file(named: "bundled"))
        let right = try WeightsVerification(bundled.url, expected: bundled.set)
        #expect(right.isUsable && right.known == "bundled")
        #expect(right.facts?.elements == ["float16", "float32"] && right.facts?.head == nil)
        #expect(right.facts?.architecture == "ResNet18 (basic blocks 2, 2, 2, 2)")
        let other = try safetensors(original)
        let wrong = try WeightsVerification(other, expected: bundled.set)
        #expect(!wrong.isUsable && wrong.known == nil)
        #expect(
            wrong.problem == "expected SHA-256 \(WeightSet.bundled.sha256), got \(wrong.facts?.sha256 ?? "")")
        #expect(try WeightsVerification(other).isUsable)
        let empty = try WeightsVerification(folder.file("empty", []))
        #expect(
            empty.facts == nil
                && empty.problem
                    == "expected weights as .safetensors or as .pth of torch.save, got an empty file"
        )
    }

    @Test func knownWeightsAreListed() throws {
        let environment = ["TORCH_HOME": folder.url.path]
        let cache = folder.url.path + "/hub/checkpoints/resnet18-f37072fd.pth"
        var all = KnownWeights.all(environment: environment)
        #expect(all.map(\.name) == ["imagenet", "bundled"] && all.map(\.state) == [.notCached, .bundled])
        #expect(all[0].location == cache)
        #expect(KnownWeights.all(environment: [:])[0].location == nil)
        #expect(throws: WeightsError.notCached) {
            try KnownWeights.file(named: "imagenet", environment: environment)
        }
        try folder.write(Data([1]), to: "hub/checkpoints/resnet18-f37072fd.pth")
        all = KnownWeights.all(environment: environment)
        #expect(all[0].state == .cached)
        #expect(try KnownWeights.file(named: "imagenet", environment: environment)?.url.path == cache)
        #expect(try KnownWeights.file(named: "x.pth", environment: environment) == nil)
    }
}
