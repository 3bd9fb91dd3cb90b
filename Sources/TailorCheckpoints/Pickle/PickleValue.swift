/// Element type of a stored tensor.
package enum ElementType: String, Sendable, CaseIterable {
    case float64, float32, float16, bfloat16, int64, int32, int16, int8, uint8, bool

    /// Size of one element in bytes.
    package var width: Int {
        switch self {
        case .float64, .int64: 8
        case .float32, .int32: 4
        case .float16, .bfloat16, .int16: 2
        case .int8, .uint8, .bool: 1
        }
    }
}

/// Allowlist of the classes and functions that a state dict may name. Nothing is looked up anywhere else, and
/// even these only build the plain values below.
enum PickleGlobal: Equatable {
    case orderedDictionary
    case rebuildTensor
    case rebuildParameter
    case size
    case storage(ElementType)
    /// What trainers save beside the weights (options, a metric as a NumPy number). It is read over: it
    /// becomes an empty dictionary.
    case bystander

    init?(module: String, name: String) {
        switch (module, name) {
        case ("collections", "OrderedDict"): self = .orderedDictionary
        case ("torch._utils", "_rebuild_tensor_v2"), ("torch._utils", "_rebuild_tensor"):
            self = .rebuildTensor
        case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
        case ("torch", "Size"): self = .size
        case ("argparse", "Namespace"), ("numpy", "dtype"), ("_codecs", "encode"),
            ("numpy.core.multiarray", "scalar"), ("numpy._core.multiarray", "scalar"):
            self = .bystander
        case ("torch", _), ("torch.cuda", _):
            guard let element = Self.storages[name] else { return nil }
            self = .storage(element)
        default: return nil
        }
    }

    private static let storages: [String: ElementType] = [
        "DoubleStorage": .float64, "FloatStorage": .float32, "HalfStorage": .float16,
        "BFloat16Storage": .bfloat16, "LongStorage": .int64, "IntStorage": .int32,
        "ShortStorage": .int16, "CharStorage": .int8, "ByteStorage": .uint8, "BoolStorage": .bool,
    ]
}

/// Storage of elements outside the pickle, into which tensors are views.
struct PickledStorage {
    var element: ElementType
    var key: String
    /// Number of elements.
    var count: Int
}

/// View into a storage; `offset` and `strides` count elements.
struct PickledTensor {
    var storage: Int
    var offset: Int
    var shape: [Int]
    var strides: [Int]
}

/// Value made by the unpickler. Containers are indices into the document's tables, so that neither depth nor
/// cycles in a hostile file can exhaust the stack.
enum PickleValue {
    case none
    case bool(Bool)
    case int(Int)
    /// Integer of more than 64 bits, or bytes; never inspected.
    case opaque
    case double(Double)
    case string(String)
    case tuple(Int)
    case list(Int)
    case dictionary(Int)
    case global(PickleGlobal)
    case storage(Int)
    case tensor(Int)
}

/// Result of unpickling: the root value and the tables of containers.
struct PickleDocument {
    var root = PickleValue.none
    var tuples: [[PickleValue]] = []
    var lists: [[PickleValue]] = []
    var dictionaries: [[(key: PickleValue, value: PickleValue)]] = []
    var storages: [PickledStorage] = []
    var tensors: [PickledTensor] = []
}
