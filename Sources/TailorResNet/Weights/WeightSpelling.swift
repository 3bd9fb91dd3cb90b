/// Way in which a library names the parameters of a ResNet.
public enum WeightSpelling: String, CaseIterable, Codable, Sendable {
    /// `layer1.0.conv1.weight`, as torchvision and timm have it, and Tailor.
    case torchvision
    /// `encoder.stages.0.layers.0.layer.0.convolution.weight`, as Hugging Face's transformers has it.
    case transformers

    /// Name that every ResNet in this spelling has: the first convolution of its first block.
    var firstConvolution: String {
        switch self {
        case .torchvision: "layer1.0.conv1.weight"
        case .transformers: "encoder.stages.0.layers.0.layer.0.convolution.weight"
        }
    }

    /// torchvision's name for a name of the backbone; nil for a name of a head or of anything else.
    ///
    /// What stands within the backbone but is of no kind known here keeps its name, so that it is refused as
    /// unexpected instead of left out.
    func torchvisionName(_ name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        switch (self, parts[0]) {
        case (.torchvision, "conv1"), (.torchvision, "bn1"): return name
        case (.torchvision, let stage) where Self.number(after: "layer", in: stage) != nil: return name
        case (.transformers, "embedder"): return Self.stem(parts) ?? name
        case (.transformers, "encoder"): return Self.block(parts) ?? name
        default: return nil
        }
    }

    /// `embedder.embedder.convolution.weight`: `conv1.weight`.
    private static func stem(_ parts: [String]) -> String? {
        guard parts.count == 4, parts[1] == "embedder" else { return nil }
        switch parts[2] {
        case "convolution": return "conv1." + parts[3]
        case "normalization": return "bn1." + parts[3]
        default: return nil
        }
    }

    /// `encoder.stages.S.layers.B.layer.K.convolution.weight` and `….shortcut.convolution.weight`.
    private static func block(_ parts: [String]) -> String? {
        guard parts.count >= 8, parts[1] == "stages", let stage = number(parts[2]), parts[3] == "layers",
            let block = number(parts[4]), let leaf = parts.last
        else { return nil }
        let prefix = "layer\(stage + 1).\(block)."
        switch (parts[5], parts.count) {
        case ("layer", 9):
            guard let place = number(parts[6]) else { return nil }
            switch parts[7] {
            case "convolution": return prefix + "conv\(place + 1)." + leaf
            case "normalization": return prefix + "bn\(place + 1)." + leaf
            default: return nil
            }
        case ("shortcut", 8):
            switch parts[6] {
            case "convolution": return prefix + "downsample.0." + leaf
            case "normalization": return prefix + "downsample.1." + leaf
            default: return nil
            }
        default: return nil
        }
    }

    /// A number below 1000 without leading zeros, so that two names cannot become one.
    static func number(_ text: some StringProtocol) -> Int? {
        guard text.utf8.count <= 3, let value = Int(text), value >= 0, "\(value)" == text else { return nil }
        return value
    }

    static func number(after word: String, in text: String) -> Int? {
        text.hasPrefix(word) ? number(text.dropFirst(word.count)) : nil
    }
}
