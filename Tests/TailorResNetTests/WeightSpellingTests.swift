import TailorResNet
import TestSupport
import Testing

/// Names and shapes as torchvision, timm and transformers save them (Scripts/golden/resnet.py).
@Suite struct WeightSpellingTests {
    private struct Network: Decodable {
        struct Entry: Decodable {
            var name: String
            var shape: [Int]

            init(from decoder: any Decoder) throws {
                var container = try decoder.unkeyedContainer()
                name = try container.decode(String.self)
                shape = try container.decode([Int].self)
            }
        }
        var library: String
        var tensors: [Entry]

        var shapes: [String: [Int]] {
            Dictionary(tensors.map { ($0.name, $0.shape) }, uniquingKeysWith: { first, _ in first })
        }
    }

    private let networks: [String: Network]

    init() throws { networks = try GoldenFiles(.module).json(from: "names.json") }

    private func shapes(_ name: String) throws -> [String: [Int]] { try #require(networks[name]).shapes }

    /// Shapes of the backbone under torchvision's names.
    private func backbone(_ shapes: [String: [Int]]) throws -> [String: [Int]] {
        let names = try #require(BackboneNames(shapes.keys)).names
        return Dictionary(
            uniqueKeysWithValues: names.compactMap { old, new in shapes[old].map { (new, $0) } })
    }

    private func differences(_ shapes: [String: [Int]]) throws -> [String] {
        try ResNetArchitecture(backbone(shapes)).differences.map { "\($0.expected) / \($0.got)" }
    }

    @Test(arguments: [
        ("timm/resnet18", WeightSpelling.torchvision, "", "fc"),
        ("transformers/resnet-18", .transformers, "resnet.", "classifier.1"),
    ]) func everySpellingBecomesTorchvisions(
        _ name: String, _ spelling: WeightSpelling, _ prefix: String, _ head: String
    ) throws {
        let shapes = try shapes(name)
        let found = try #require(BackboneNames(shapes.keys))
        #expect(found.spelling == spelling && found.prefix == prefix && found.otherPrefixes.isEmpty)
        #expect(found.others == [head + ".bias", head + ".weight"])
        let expected = try self.shapes("resnet18").filter { !$0.key.hasPrefix("fc.") }
        #expect(expected.count == 100)
        #expect(try backbone(shapes) == expected)
        let recognised = try #require(found.head(shapes: shapes, features: 512))
        #expect(recognised.name == head && recognised.classes == 1000)
        #expect(try differences(shapes).isEmpty)
    }

    @Test(arguments: [
        ("resnet34", "ResNet34 (basic blocks 3, 4, 6, 3)"),
        ("resnet50", "ResNet50 (bottleneck blocks 3, 4, 6, 3)"),
        ("resnet101", "ResNet101 (bottleneck blocks 3, 4, 23, 3)"),
        ("wide_resnet50_2", "Wide ResNet50 (bottleneck blocks 3, 4, 6, 3)"),
        ("resnext50_32x4d", "ResNeXt50 (bottleneck blocks 3, 4, 6, 3, 32 groups)"),
        ("timm/seresnet18", "SE-ResNet18 (basic blocks 2, 2, 2, 2)"),
        ("timm/resnet26", "ResNet26 (bottleneck blocks 2, 2, 2, 2)"),
        ("transformers/resnet-34", "ResNet34 (basic blocks 3, 4, 6, 3)"),
        ("transformers/resnet-50", "ResNet50 (bottleneck blocks 3, 4, 6, 3)"),
    ]) func othersAreKnownByName(_ name: String, _ expected: String) throws {
        #expect(try differences(shapes(name)) == ["ResNet18 (basic blocks 2, 2, 2, 2) / \(expected)"])
    }

    @Test func otherStemsAndWidthsAreNamed() throws {
        #expect(
            try differences(shapes("timm/resnet18d"))
                == ["a stem of one 7×7 convolution / one of several convolutions (ResNet-D)"])
        var shapes = try shapes("resnet18")
        shapes["conv1.weight"] = [64, 1, 7, 7]
        #expect(try differences(shapes) == ["3 input channels (RGB) / 1 (grey)"])
        shapes["conv1.weight"] = [64, 3, 3, 3]
        #expect(
            try differences(shapes) == ["a stem of 7×7 / 3×3, as for pictures of 32 pixels (CIFAR)"])
        shapes["conv1.weight"] = [32, 4, 7, 7]
        shapes["layer1.0.conv1.weight"] = [32, 32, 3, 3]
        #expect(
            try differences(shapes) == [
                "3 input channels (RGB) / 4", "64 channels after the stem / 32",
                "64 channels in the first stage / 32",
            ])
    }

    @Test func averagesAreTheLastChoice() throws {
        let names = try shapes("resnet18").keys
        func found(_ prefixes: String...) throws -> BackboneNames {
            try #require(BackboneNames(prefixes.flatMap { prefix in names.map { prefix + $0 } } + ["queue"]))
        }
        let contrast = try found("encoder_k.", "module.encoder_q.")
        #expect(contrast.prefix == "module.encoder_q." && contrast.otherPrefixes == ["encoder_k."])
        #expect(contrast.names.count == 100 && contrast.names["module.encoder_q.bn1.bias"] == "bn1.bias")
        #expect(contrast.others.count == 2 + 102 + 1)
        #expect(try found("model.", "model_ema.module.").prefix == "model.")
        #expect(try found("model_ema.").prefix == "model_ema.")
        #expect(try found("b.", "a.").prefix == "a.")
        #expect(BackboneNames(["xlayer1.0.conv1.weight", "conv1.weight"]) == nil)
        #expect(BackboneNames([String]()) == nil)
    }

    @Test func strangeNamesAreKeptOrLeftOutButNeverTrap() throws {
        let spelling = WeightSpelling.transformers.rawValue
        #expect(spelling == "transformers")
        let first = "encoder.stages.0.layers.0.layer.0.convolution.weight"
        let odd = [
            "", ".", "..", "encoder.",
            "encoder.stages.99999999999999999999.layers.0.layer.0.convolution.weight",
            "encoder.stages.-1.layers.0.shortcut.convolution.weight",
            "encoder.stages.00.layers.0.layer.0.x.y",
            "embedder.embedder.convolution", "layer1", "layer01.0.conv1.weight", "a\n.b",
        ]
        let found = try #require(BackboneNames(odd + [first]))
        #expect(found.names[first] == "layer1.0.conv1.weight")
        #expect(found.names["embedder.embedder.convolution"] == "embedder.embedder.convolution")
        #expect(found.names.count + found.others.count == odd.count + 1)
    }
}
