import TailorResNet
import TailorTensors

extension Recipe {
    /// Two optimiser groups a stage, because biases and batch-norm parameters take no weight decay.
    /// Groups are named `<stage>.decay` and `<stage>.plain`; rates are the peaks.
    func parameterGroups(of model: ResNet18) -> [ParameterGroup] {
        var groups: [ParameterGroup] = []
        for stage in ResNet18.Stage.allCases {
            let members = model.parameters.filter { $0.stage == stage }
            // Convolution and linear weights have two axes or more, biases and batch norm one.
            for (suffix, decays) in [("decay", true), ("plain", false)] {
                let chosen = members.filter { ($0.tensor.shape.count > 1) == decays }
                guard !chosen.isEmpty else { continue }
                groups.append(
                    ParameterGroup(
                        name: "\(stage.rawValue).\(suffix)",
                        parameters: chosen.map { (name: $0.name, tensor: $0.tensor) },
                        learningRate: learningRates[stage],
                        weightDecay: decays ? optimizer.weightDecay : 0))
            }
        }
        return groups
    }

    func makeOptimizer(for model: ResNet18) throws -> any Optimizer {
        let groups = parameterGroups(of: model)
        switch optimizer.kind {
        case .sgd: return try SGD(groups: groups, momentum: optimizer.momentum, nesterov: optimizer.nesterov)
        case .adamw: return try AdamW(groups: groups, beta1: optimizer.momentum)
        }
    }

    /// Sets every group's rate for one step: the stage's peak times `factor`.
    func setLearningRates(of optimizer: any Optimizer, factor: Double) {
        for index in optimizer.groups.indices {
            guard let stageName = optimizer.groups[index].name.split(separator: ".").first,
                let stage = ResNet18.Stage(rawValue: String(stageName))
            else { continue }
            optimizer.groups[index].learningRate = learningRates[stage] * factor
        }
    }
}
