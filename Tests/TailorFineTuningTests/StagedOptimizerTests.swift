import Tailor
import TailorTensors
import Testing

/// Learning rates reach the parameters of their stage.
struct StagedOptimizerTests {
    private static let rates = LayerwiseLearningRates(
        stem: 1, layer1: 2, layer2: 3, layer3: 4, layer4: 5, head: 6)

    private func make(_ kind: OptimizerRecipe.Kind = .sgd) throws -> (ResNet18, StagedOptimizer) {
        var recipe = Recipe.standard
        recipe.learningRates = Self.rates
        recipe.optimizer.kind = kind
        recipe.optimizer.weightDecay = 0.25
        let model = try ResNet18(classCount: 3, seed: 1)
        return (model, try StagedOptimizer(recipe, for: model))
    }

    @Test(arguments: OptimizerRecipe.Kind.allCases)
    func everyParameterFollowsItsStage(_ kind: OptimizerRecipe.Kind) throws {
        let (model, staged) = try make(kind)
        try staged.setLearningRates(Self.rates, factor: 0.5)
        let stages = Dictionary(uniqueKeysWithValues: model.parameters.map { ($0.name, $0.stage) })
        var seen = 0
        #expect(staged.groups.count == staged.optimizer.groups.count)
        for (group, typed) in zip(staged.optimizer.groups, staged.groups) {
            for parameter in group.parameters {
                let stage = try #require(stages[parameter.name])
                let decays = parameter.tensor.shape.count > 1
                #expect(typed.stage == stage && typed.decays == decays, "\(parameter.name)")
                #expect(group.learningRate == Self.rates[stage] * 0.5, "\(parameter.name)")
                #expect(group.weightDecay == (decays ? 0.25 : 0), "\(parameter.name)")
                seen += 1
            }
        }
        #expect(seen == model.parameters.count)
    }

    @Test func adamGetsTheRecipesBetas() throws {
        let optimizer = try #require(try make(.adamw).1.optimizer as? AdamW)
        #expect(optimizer.beta1 == 0.9 && optimizer.beta2 == 0.98)
    }

    /// The order is that in which the fused kernels have always walked the groups.
    @Test func groupsAreCalledAndOrderedAsEver() throws {
        let (_, staged) = try make()
        let stages = ["stem", "layer1", "layer2", "layer3", "layer4", "head"]
        #expect(staged.optimizer.groups.map(\.name) == stages.flatMap { [$0 + ".decay", $0 + ".plain"] })
    }

    @Test func aGroupThatNobodyKnowsIsAnError() throws {
        let (_, staged) = try make()
        let before = staged.optimizer.groups.map(\.learningRate)
        let none: [ParameterGroup.Parameter] = []
        staged.optimizer.groups.append(
            ParameterGroup(name: "adapter.decay", parameters: none, learningRate: 7))
        let error = #expect(throws: StageGroupError.self) {
            try staged.setLearningRates(Self.rates, factor: 0)
        }
        #expect(error?.description.hasSuffix("head.plain, adapter.decay") == true)
        #expect(staged.optimizer.groups.map(\.learningRate) == before + [7], "nothing has changed")
        staged.optimizer.groups = []
        #expect(throws: StageGroupError.self) { try staged.setLearningRates(Self.rates, factor: 1) }
    }
}
