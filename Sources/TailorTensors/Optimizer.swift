import TailorSupport

/// Parameters that share a learning rate and a weight decay.
public struct ParameterGroup {
    /// One parameter under the name by which its optimiser state is kept and saved.
    public struct Parameter {
        public var name: String
        public var tensor: Tensor

        public init(name: String, tensor: Tensor) {
            self.name = name
            self.tensor = tensor
        }
    }

    public var name: String
    public var parameters: [Parameter]
    public var learningRate: Double
    public var weightDecay: Double

    public init(name: String, parameters: [Parameter], learningRate: Double, weightDecay: Double = 0) {
        self.name = name
        self.parameters = parameters
        self.learningRate = learningRate
        self.weightDecay = weightDecay
    }

    public init(
        name: String, parameters: [(name: String, tensor: Tensor)], learningRate: Double,
        weightDecay: Double = 0
    ) {
        self.init(
            name: name, parameters: parameters.map { Parameter(name: $0.name, tensor: $0.tensor) },
            learningRate: learningRate, weightDecay: weightDecay)
    }

    public var tensors: [Tensor] { parameters.map(\.tensor) }
}

/// Moves parameters against their gradients.
///
/// State (momentum and the like) belongs to a parameter's name: it stays when the groups change, so that
/// a layer may be frozen, unfrozen or given another rate at any time.
public protocol Optimizer: AnyObject {
    var groups: [ParameterGroup] { get set }

    /// Changes every parameter that has a gradient, all groups in one call to libtorch.
    func step() throws

    /// Drops the gradients of all groups.
    func clearGradients()

    /// What to save for resuming: `NAME.KIND`, as `conv1.weight.momentum_buffer`. Shared, not copied.
    func state() throws -> [String: Tensor]

    /// Replaces the whole state by copies of these.
    ///
    /// - Throws: `OptimizerStateError` for an entry that this optimiser does not keep, that its
    ///   parameter's shape contradicts, or that lacks its companions.
    func loadState(_ state: [String: Tensor]) throws
}

extension Optimizer {
    public var parameters: [Tensor] { groups.flatMap(\.tensors) }

    public func clearGradients() { Tensor.clearGradients(parameters) }
}

public enum OptimizerStateError: CategorizedError, Sendable, Hashable {
    case unknownEntry(String, expected: [String])
    case missingEntry(String)
    case wrongShape(String, expected: [Int], got: [Int])
    case duplicateParameter(String)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .unknownEntry(let name, let kinds):
            "optimiser state \"\(name)\": expected a parameter's name followed by "
                + kinds.map { ".\($0)" }.joined(separator: " or ")
        case .missingEntry(let name):
            "optimiser state \"\(name)\" is missing"
        case .wrongShape(let name, let expected, let got):
            "optimiser state \"\(name)\": expected shape \(expected), got \(got)"
        case .duplicateParameter(let name):
            "parameter \"\(name)\" is in more than one group"
        }
    }
}
