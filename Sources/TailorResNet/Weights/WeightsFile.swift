import Foundation
import TailorCheckpoints
import TailorSupport
import TailorTensors

/// File of weights that somebody brings: torchvision's, timm's, transformers', or a trainer's checkpoint.
struct WeightsFile {
    /// Tensors under torchvision's names, floats as float32: the backbone, and a head if it has 512 columns
    /// and is called `fc` (in transformers `classifier.1`).
    var tensors: [String: Tensor]
    /// Metadata of a safetensors file, such as class names.
    var metadata: [String: String]
    var facts: WeightsFacts

    /// Reads a file and decides whether ResNet18 can start from it.
    ///
    /// - Throws: `FileError`, `ContentHashError`; `CheckpointError`, `SafetensorsError` or ``WeightsError``
    ///   when there are no tensors to be had.
    init(contentsOf url: URL) throws {
        let data = try RegularFile.contents(of: url, maximumBytes: TorchCheckpoint.maximumFileBytes)
        try self.init(data, path: url.path)
    }

    /// - Parameter path: for messages.
    init(_ data: Data, path: String) throws {
        let decoded = try Decoded(data, path: path)
        facts = WeightsFacts(
            path: path, format: decoded.format, bytes: data.count, sha256: try ContentHash.sha256(data))
        facts.dictionary = decoded.selection.key
        facts.otherDictionaries = decoded.selection.others
        metadata = decoded.metadata
        tensors = [:]
        try understand(decoded)
    }

    private mutating func understand(_ decoded: Decoded) throws {
        guard let backbone = BackboneNames(decoded.tensors.keys) else {
            let names = WeightsFacts.listed(decoded.tensors.keys.sorted().map(\.printable))
            facts.problem =
                "expected a ResNet (layer1.0.conv1.weight or transformers' name of it), got "
                + (names.isEmpty ? "no tensors" : "\(decoded.tensors.count) tensors: \(names)")
            return
        }
        facts.spelling = backbone.spelling
        facts.prefix = (decoded.selection.prefix + backbone.prefix).printable
        facts.otherNetworks = backbone.otherPrefixes.map(\.printable)
        var elements: Set<String> = []
        for (name, known) in backbone.names {
            guard let tensor = decoded.tensors[name] else { continue }
            elements.insert("\(tensor.dtype)")
            if tensors.updateValue(try Self.widened(tensor), forKey: known) != nil {
                facts.problem = "two tensors for \(known.printable)"
            }
        }
        facts.elements = elements.filter { $0 != "int64" }.sorted()
        let architecture = ResNetArchitecture(tensors.mapValues(\.shape))
        facts.architecture = architecture.description
        let width = (tensors["layer4.0.conv3.weight"] ?? tensors["layer4.0.conv2.weight"])?.shape.first
        if let head = backbone.head(
            shapes: decoded.tensors.mapValues(\.shape), features: width ?? ResNet18.featureCount)
        {
            facts.head = head.name.printable
            facts.headClasses = head.classes
            try takeHead(backbone, decoded)
        }
        facts.leftOut = backbone.others
            .filter { name in facts.head.map { !name.printable.hasPrefix($0 + ".") } ?? true }
            .map(\.printable)
        guard facts.problem == nil else { return }
        let differences = architecture.differences
        facts.problem =
            differences.isEmpty
            ? try misfit()
            : differences.map { "expected \($0.expected), got \($0.got)" }.joined(separator: "; ")
    }

    private static func widened(_ tensor: Tensor) throws -> Tensor {
        tensor.dtype.isFloatingPoint ? try tensor.to(.float32) : tensor
    }

    /// Takes a head of the usual name, with which a trained classifier can still answer.
    private mutating func takeHead(_ backbone: BackboneNames, _ decoded: Decoded) throws {
        let name = backbone.spelling == .torchvision ? backbone.prefix + "fc" : "classifier.1"
        guard let weight = decoded.tensors[name + ".weight"], let bias = decoded.tensors[name + ".bias"],
            weight.shape.count == 2, weight.shape[1] == ResNet18.featureCount,
            bias.shape == [weight.shape[0]]
        else { return }
        tensors["fc.weight"] = try Self.widened(weight)
        tensors["fc.bias"] = try Self.widened(bias)
    }

    /// What keeps the tensors from a ResNet18 with a head of its own; nil when nothing does.
    private func misfit() throws -> String? {
        do {
            try ResNet18(classCount: 1, seed: 0).load(tensors, replacingHead: true)
            return nil
        } catch let error as WeightsMismatch {
            return error.description
        }
    }
}

extension WeightsFile {
    /// Tensors as stored. The format is told by content, not by name: a zip archive or a pickle is `.pth`, a
    /// length and `{` is safetensors.
    struct Decoded {
        var format: WeightsFacts.Format
        var tensors: [String: Tensor]
        var metadata: [String: String] = [:]
        var selection = CheckpointSelection()

        init(_ data: Data, path: String) throws {
            let start = [UInt8](data.prefix(9))
            if start.count == 9, start[8] == UInt8(ascii: "{") {
                format = .safetensors
                (tensors, metadata) = try Safetensors.decode(data, name: path.printable)
            } else if start.starts(with: Array("PK".utf8)) || start.first == 0x80 {
                format = .pth
                (tensors, selection) = try TorchCheckpoint.selected(data, path: path)
            } else {
                throw WeightsError.unknownFormat(
                    path: path.printable, got: data.isEmpty ? "an empty file" : "neither")
            }
        }

        /// Floats as float32.
        func widened() throws -> [String: Tensor] {
            try tensors.mapValues { try WeightsFile.widened($0) }
        }
    }
}
