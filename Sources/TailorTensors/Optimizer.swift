import TailorSupport

/// Parameters that share a learning rate and a weight decay.
package struct ParameterGroup {
    /// Parameter with the name under which its optimiser state is kept and saved.
    package struct Parameter {
        package var name: String
        package var tensor: Tensor

        package init(name: String, tensor: Tensor) {
            self.name = name
            self.tensor = tensor
        }
    }

    package var name: String
    package var parameters: [Parameter]
    package var learningRate: Double
    package var weightDecay: Double

    package init(name: String, parameters: [Parameter], learningRate: Double, weightDecay: Double = 0) {
        self.name = name
        self.parameters = parameters
        self.learningRate = learningRate
        self.weightDecay = weightDecay
    }

    package init(
        name: String, parameters: [(name: String, tensor: Tensor)], learningRate: Double,
        weightDecay: Double = 0
    ) {
        self.init(
            name: name, parameters: parameters.map { Parameter(name: $0.name, tensor: $0.tensor) },
            learningRate: learningRate, weightDecay: weightDecay)
    }

    package var tensors: [Tensor] { parameters.map(\.tensor) }
}

/// Gradient-based optimiser of parameter groups.
///
/// State such as momentum is keyed by a parameter's name and stays when the groups change, so that a layer
/// may be frozen, unfrozen or given another learning rate at any time.
package protocol Optimizer: AnyObject {
    var groups: [ParameterGroup] { get set }

    /// Updates every parameter that has a gradient, all groups in one call to libtorch.
    func step() throws

    /// Clears the gradients of all groups.
    func clearGradients()

    /// State to save for resuming, keyed `NAME.KIND`, for example `conv1.weight.momentum_buffer`. Shared, not
    /// copied.
    func state() throws -> [String: Tensor]

    /// Replaces the whole state by copies of these tensors.
    ///
    /// - Throws: `OptimizerStateError` for an entry that this optimiser does not keep, whose shape differs
    /// from its
    ///   parameter's, or that lacks its other kinds.
    func loadState(_ state: [String: Tensor]) throws
}

extension Optimizer {
    package var parameters: [Tensor] { groups.flatMap(\.tensors) }

    package func clearGradients() { Tensor.clearGradients(parameters) }
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
