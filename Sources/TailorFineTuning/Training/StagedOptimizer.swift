import TailorResNet
import TailorTensors

/// Parameters of one stage that share a learning rate and a weight decay: two groups a stage, because biases and
/// batch-norm parameters take no weight decay.
package struct StageGroup: Sendable, Hashable {
    package let stage: ResNet18.Stage
    package let decays: Bool

    /// Name of the optimiser's group: `layer1.decay`, `layer1.plain`.
    package var name: String { "\(stage.rawValue).\(decays ? "decay" : "plain")" }

    static let all = ResNet18.Stage.allCases.flatMap { stage in
        [true, false].map { StageGroup(stage: stage, decays: $0) }
    }
}

/// The recipe's optimiser, of whose groups it is known which stage they belong to.
package struct StagedOptimizer {
    package let optimizer: any Optimizer
    /// Stage and decay of each of the optimiser's groups, in their order.
    package let groups: [StageGroup]

    /// The groups' rates are the peaks. Throws `TensorError` for numbers that the optimiser refuses.
    package init(_ recipe: Recipe, for model: ResNet18) throws {
        var members: [StageGroup: [(name: String, tensor: Tensor)]] = [:]
        for parameter in model.parameters {
            // Convolution and linear weights have two axes or more, biases and batch norm one.
            let group = StageGroup(stage: parameter.stage, decays: parameter.tensor.shape.count > 1)
            members[group, default: []].append((name: parameter.name, tensor: parameter.tensor))
        }
        groups = StageGroup.all.filter { members[$0] != nil }
        let parameterGroups = groups.map { group in
            ParameterGroup(
                name: group.name, parameters: members[group] ?? [],
                learningRate: recipe.learningRates[group.stage],
                weightDecay: group.decays ? recipe.optimizer.weightDecay : 0)
        }
        switch recipe.optimizer.kind {
        case .sgd:
            optimizer = try SGD(
                groups: parameterGroups, momentum: recipe.optimizer.momentum,
                nesterov: recipe.optimizer.nesterov)
        case .adamw:
            optimizer = try AdamW(
                groups: parameterGroups, beta1: recipe.optimizer.momentum, beta2: recipe.optimizer.beta2)
        }
    }

    /// Sets every group's rate for one step: the stage's peak times `factor`.
    ///
    /// Throws ``StageGroupError`` when the optimiser's groups are no longer those it was made with; no rate has
    /// changed then.
    package func setLearningRates(_ rates: LayerwiseLearningRates, factor: Double) throws {
        let (expected, got) = (groups.map(\.name), optimizer.groups.map(\.name))
        guard got == expected else { throw StageGroupError(expected: expected, got: got) }
        for (index, group) in groups.enumerated() {
            optimizer.groups[index].learningRate = rates[group.stage] * factor
        }
    }
}

/// An optimiser has groups whose stage, and thus whose learning rate, nobody knows.
package struct StageGroupError: Error, CustomStringConvertible, Sendable, Hashable {
    package let expected: [String]
    package let got: [String]

    package var description: String {
        "the optimiser's parameter groups: expected \(expected.joined(separator: ", ")), "
            + "got \(got.joined(separator: ", "))"
    }
}
