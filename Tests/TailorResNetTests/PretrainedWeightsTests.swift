import Foundation
import TailorCheckpoints
import TailorResNet
import TailorSupport
import TailorTensors
import TestSupport
import Testing

@Suite struct PretrainedWeightsTests {
    struct NoNetwork: Error, CustomStringConvertible { var description: String { "no network" } }

    let folder: TemporaryFolder
    var cache: URL { folder.url.appendingPathComponent("hub/checkpoints/resnet18-f37072fd.pth") }
    var environment: [String: String] { ["TORCH_HOME": folder.url.path] }

    init() throws { folder = try TemporaryFolder() }

    /// A set whose file is small and here.
    private func small() throws -> (set: WeightSet, data: Data) {
        let data = try pickled(7)
        let set = WeightSet(
            name: "imagenet", fileName: "small.pth", url: URL(string: "https://example.org/small.pth"),
            sha256: try ContentHash.sha256(data), mean: [0, 0, 0], standardDeviation: [1, 1, 1],
            categoryCount: 3,
            accuracy: "none", licence: "none")
        return (set, data)
    }

    /// A `.pth` file of this many tensors.
    private func pickled(_ count: Int) throws -> Data {
        let tensors = try (0..<count).map { ("t\($0)", try Tensor([1, 2], shape: [2])) }
        return try TorchCheckpoint.encode(tensors, folder: "small")
    }

    private func offline(_: URL) throws -> Data { throw NoNetwork() }

    @Test func bundledWeightsAreWhatTheyShouldBe() throws {
        var log: [String] = []
        let weights = try #require(try PretrainedWeights.load(.bundled) { log.append($0) })
        #expect(weights.origin.sha256 == WeightSet.bundled.sha256)
        #expect(weights.origin.name == "bundled")
        // 20 convolutions and 20 batch norms; no head, no batch counts.
        #expect(weights.tensors.count == 100)
        #expect(weights.tensors.values.allSatisfy { $0.dtype == .float32 })
        #expect(ResNet18.classCount(of: weights.tensors) == nil && WeightSet.bundled.categoryCount == nil)
        #expect(weights.metadata["license"] == "MIT")
        #expect(
            log == [
                "weights: bundled (ImageNet-trained; accuracy cannot be stated: no head, and one block of "
                    + "the original is missing)"
            ])
    }

    @Test func bundledWeightsComeWithTheirLicence() throws {
        let location = try #require(try PretrainedWeights.load(.bundled) { _ in }?.origin.location)
        let licence = URL(fileURLWithPath: location).deletingPathExtension().appendingPathExtension("LICENSE")
        let text = try String(contentsOf: licence, encoding: .utf8)
        #expect(text.hasPrefix("The MIT License (MIT)\n\nCopyright (c) .NET Foundation and Contributors\n"))
    }

    @Test func bundledWeightsNeedAHead() throws {
        let weights = try #require(try PretrainedWeights.load(.bundled) { _ in }).tensors
        let model = try ResNet18(classCount: 3, seed: 0)
        let error = #expect(throws: WeightsMismatch.self) {
            try model.load(weights, replacingHead: false)
        }
        #expect(error?.missing == ["fc.weight", "fc.bias"])
        try model.load(weights, replacingHead: true)
        #expect(
            try model.buffers.filter { $0.tensor.dtype == .int64 }.map { try $0.tensor.item() }
                == [Double](repeating: 0, count: 20))
    }

    @Test func originsOfFormerBundledWeightsAreRead() throws {
        let text = """
            {"name": "bundled", "location": "/x/resnet18-tinyimagenet.safetensors", "mean": [0.5, 0.5, 0.5],
             "sha256": "66c4d0cd2bb80bc2ebc485014ebb2202ebc7150da7ad165c4a388415cf8acd7c"}
            """
        let origin = try JSONDecoder().decode(WeightsOrigin.self, from: Data(text.utf8))
        #expect(origin.name == "bundled" && origin.sha256.hasPrefix("66c4d0cd"))
        #expect(origin.location == "/x/resnet18-tinyimagenet.safetensors")
    }

    @Test func noneIsSaid() throws {
        var log: [String] = []
        #expect(try PretrainedWeights.load(WeightsSource.none) { log.append($0) } == nil)
        #expect(log == ["weights: none, starting from random ones"])
    }

    @Test func defaultFallsBackToBundledAndSaysSo() throws {
        var log: [String] = []
        let weights = try PretrainedWeights.load(nil, environment: environment, fetch: offline) {
            log.append($0)
        }
        #expect(weights?.origin.name == "bundled")
        #expect(
            log == [
                "weights: bundled (ImageNet-trained; torchvision's are neither cached nor to be fetched: no network)"
            ])
    }

    @Test func imagenetDoesNotFallBack() throws {
        #expect(throws: WeightsError.self) {
            try PretrainedWeights.load(.imagenet, environment: environment, fetch: offline) { _ in }
        }
        // Without any of the variables there is no cache, and no crash.
        let error = #expect(throws: WeightsError.self) {
            try PretrainedWeights.load(.imagenet, environment: [:], fetch: offline) { _ in }
        }
        #expect(
            error?.description == "weights imagenet: not cached, and "
                + "https://download.pytorch.org/models/resnet18-f37072fd.pth could not be fetched: no network"
        )
    }

    @Test func fetchedWeightsAreCheckedAndKept() throws {
        let (set, data) = try small()
        for (name, variables) in [
            ("torch", ["TORCH_HOME": "torch", "HOME": "home"]),
            ("xdg/torch", ["XDG_CACHE_HOME": "xdg", "HOME": "home"]),
            ("home/.cache/torch", ["HOME": "home", "TORCH_HOME": ""]),
        ] {
            let environment = variables.mapValues { $0.isEmpty ? "" : folder.url.path + "/" + $0 }
            var fetched = 0
            for _ in 0..<2 {
                let weights = try PretrainedWeights.load(
                    .imagenet, environment: environment, imagenet: set,
                    fetch: { _ in
                        fetched += 1
                        return data
                    }, log: { _ in })
                #expect(weights?.tensors.count == 7)
                #expect(
                    weights?.origin.location
                        == folder.url.path + "/" + name + "/hub/checkpoints/" + WeightSet.imagenet.fileName)
            }
            #expect(fetched == 1, "\(name): the second time it is cached")
        }
    }

    @Test func otherBytesAreRefused() throws {
        let (set, data) = try small()
        let error = #expect(throws: WeightsError.self) {
            try PretrainedWeights.load(
                .imagenet, environment: environment, imagenet: set, fetch: { _ in data.dropLast() },
                log: { _ in })
        }
        guard case .wrongHash("https://example.org/small.pth", set.sha256, _)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!FileManager.default.fileExists(atPath: cache.path), "nothing wrong may stay in the cache")
    }

    @Test func damagedCacheIsSaidAndReplaced() throws {
        let (set, data) = try small()
        try FileManager.default.createDirectory(
            at: cache.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data([1, 2]).write(to: cache)
        var log: [String] = []
        let weights = try PretrainedWeights.load(
            nil, environment: environment, imagenet: set, fetch: { _ in data }, log: { log.append($0) })
        #expect(weights?.origin.name == "imagenet")
        #expect(
            log.first?.hasPrefix("the cached weights cannot be used: \(cache.path): expected SHA-256") == true
        )
        #expect(try Data(contentsOf: cache) == data)
    }

    @Test func filesAreToldApartByContent() throws {
        let tensors = try ResNet18(classCount: 3, seed: 1).stateDictionary().map {
            ($0.0, $0.1.dtype.isFloatingPoint ? try $0.1.detach().to(.float16) : $0.1)
        }
        let safetensors = folder.url.appendingPathComponent("any.pth")
        try Safetensors.write(tensors, metadata: ["classes": "a"], to: safetensors)
        let first = try #require(try PretrainedWeights.load(.file(safetensors)) { _ in })
        #expect(first.tensors["conv1.weight"]?.dtype == .float32)
        #expect(first.metadata["classes"] == "a")
        #expect(first.origin.name == "any.pth" && first.origin.sha256.count == 64)
        let pickle = try folder.file(
            "any.safetensors", [UInt8](TorchCheckpoint.encode(tensors, folder: "any")))
        #expect(try PretrainedWeights.load(.file(pickle)) { _ in }?.tensors.count == 122)
        let text = try folder.file("notes.pth", Array("these are no weights".utf8))
        let error = #expect(throws: WeightsError.self) { try PretrainedWeights.load(.file(text)) { _ in } }
        #expect(
            error?.description
                == "\(text.path): expected weights as .safetensors or as .pth of torch.save, got neither")
        #expect(throws: FileError.self) {
            try PretrainedWeights.load(.file(folder.url.appendingPathComponent("none"))) { _ in }
        }
    }

    @Test func aRunsOwnWeightsContinueAndInfer() throws {
        let trained = try ResNet18(classCount: 2, seed: 5)
        let file = folder.url.appendingPathComponent("best.safetensors")
        try Safetensors.write(trained.stateDictionary(), to: file)
        let weights = try #require(try PretrainedWeights.load(.file(file)) { _ in })
        let images = try wave([1, 3, 32, 32])
        let classes = try #require(ResNet18.classCount(of: weights.tensors))
        let same = try ResNet18(classCount: classes, seed: 0)
        try same.load(weights.tensors, replacingHead: false)
        #expect(
            try same.logits(images, trainableFrom: nil).floats()
                == trained.logits(images, trainableFrom: nil).floats())
        let other = try ResNet18(classCount: 7, seed: 0)
        #expect(throws: WeightsMismatch.self) { try other.load(weights.tensors, replacingHead: false) }
        try other.load(weights.tensors, replacingHead: true)
        #expect(try other.features(images).floats() == trained.features(images).floats())
    }

    @Test func sourcesAreOneString() throws {
        for (text, source) in [("imagenet", WeightsSource.imagenet), ("bundled", .bundled), ("none", .none)] {
            #expect(try WeightsSource(parsing: text) == source)
            #expect(source.description == text)
        }
        #expect(try WeightsSource(parsing: "/a/b.pth") == .file(URL(fileURLWithPath: "/a/b.pth")))
        let data = try JSONEncoder().encode([WeightsSource.none, .file(URL(fileURLWithPath: "/a b"))])
        #expect(String(decoding: data, as: UTF8.self) == #"["none","\/a b"]"#)
        #expect(
            try JSONDecoder().decode([WeightsSource].self, from: data) == [
                .none, .file(URL(fileURLWithPath: "/a b")),
            ])
        #expect(throws: WeightsError.emptySource) { try WeightsSource(parsing: "") }
    }
}
