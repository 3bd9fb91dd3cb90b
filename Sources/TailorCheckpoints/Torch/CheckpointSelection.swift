/// Where in a `.pth` file its tensors were found.
///
/// Trainers save more than a network: the optimiser's state, an average of the weights, other networks. Of
/// the dictionaries that hold at least a quarter as many named tensors as the largest, the one is taken whose
/// key is a usual one (`state_dict`, `model`…), else another, an average of weights (`model_ema`) last;
/// optimiser states never. Two that are equally likely are refused.
public struct CheckpointSelection: Sendable, Equatable {
    /// Key of the dictionary that was taken, keys of several levels joined by dots; nil: the file is one.
    public var key: String?
    /// Keys of other dictionaries of named tensors, in the file's order; optimiser states are not among them.
    public var others: [String]
    /// Prefix removed from every name, `module.` for instance; empty when there was none.
    public var prefix: String

    public init(key: String? = nil, others: [String] = [], prefix: String = "") {
        self.key = key
        self.others = others
        self.prefix = prefix
    }
}

extension CheckpointSelection {
    /// How likely a key is that of the network; less is likelier, nil is none.
    static func rank(_ key: String) -> Int? {
        let words = key.lowercased().split { ".-_ ".contains($0) }
        let texts = words.map(String.init)
        if texts.contains(where: { word in unrelated.contains { word.hasPrefix($0) } }) { return nil }
        if texts.contains(where: averages.contains) { return 2 }
        return usual.contains(texts.suffix(2).joined(separator: "_")) || usual.contains(texts.last ?? "")
            ? 0 : 1
    }

    private static let usual: Set<String> = [
        "state_dict", "model", "model_state", "net", "network", "module", "weights", "params", "dict",
    ]
    private static let averages: Set<String> = ["ema", "swa", "average", "averaged", "momentum", "teacher"]
    private static let unrelated = ["optim", "scheduler", "scaler", "criterion", "loss"]
}
