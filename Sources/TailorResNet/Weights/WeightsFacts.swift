/// What a file of weights holds, and whether fine-tuning can start from it.
public struct WeightsFacts: Encodable, Sendable, Equatable {
    public enum Format: String, Encodable, Sendable {
        case safetensors, pth
    }

    public let path: String
    public let format: Format
    /// Size of the file.
    public let bytes: Int
    /// SHA-256 of the file, 64 hexadecimal digits.
    public let sha256: String
    /// Name and blocks of the network; nil when there is no ResNet.
    public internal(set) var architecture: String?
    public internal(set) var spelling: WeightSpelling?
    /// Prefix that all names of the network have in the file; often empty.
    public internal(set) var prefix = ""
    /// Key of the dictionary in a `.pth` file that was taken; nil: the file is that dictionary.
    public internal(set) var dictionary: String?
    /// Keys of other dictionaries of tensors, which were not taken.
    public internal(set) var otherDictionaries: [String] = []
    /// Prefixes of further ResNets, which were not taken.
    public internal(set) var otherNetworks: [String] = []
    /// Element types of the network's tensors.
    public internal(set) var elements: [String] = []
    /// Name of the classification head; nil when there is none that is recognised.
    public internal(set) var head: String?
    /// Number of classes of the head, which fine-tuning replaces.
    public internal(set) var headClasses: Int?
    /// Names of tensors that belong neither to the network nor to its head.
    public internal(set) var leftOut: [String] = []
    /// What keeps ResNet18 from starting from the file; nil when nothing does.
    public internal(set) var problem: String?

    private enum CodingKeys: String, CodingKey {
        case path, format, bytes, sha256, architecture, spelling, prefix, dictionary, elements, head, problem
        case otherDictionaries = "other_dictionaries"
        case otherNetworks = "other_networks"
        case headClasses = "head_classes"
        case leftOut = "left_out"
    }

    init(path: String, format: Format, bytes: Int, sha256: String) {
        self.path = path
        self.format = format
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// What was done to understand the file, as clauses for a log line.
    public var clauses: [String] {
        var all: [String] = []
        if spelling == .transformers { all.append("transformers' names") }
        if let dictionary { all.append("\(dictionary) taken") }
        if !prefix.isEmpty { all.append("prefix \(prefix) taken off") }
        let others = otherDictionaries + otherNetworks
        if !others.isEmpty { all.append("not taken: \(Self.listed(others))") }
        if let headClasses { all.append("its head of \(headClasses) classes is not used") }
        if !leftOut.isEmpty {
            let count = leftOut.count == 1 ? "1 more tensor" : "\(leftOut.count) more tensors"
            all.append("\(count) left out: \(Self.listed(leftOut))")
        }
        return all
    }

    /// At most three of the names.
    static func listed(_ names: [String]) -> String {
        names.prefix(3).joined(separator: ", ") + (names.count > 3 ? "…" : "")
    }
}
