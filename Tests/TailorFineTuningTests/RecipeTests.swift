import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

struct RecipeTests {
    /// As version 1 wrote it.
    @Test func aProbeOfAnEarlierVersionIsRead() throws {
        let earlier = #"{"augmentedViews": 1, "learningRates": [0.1], "steps": 300, "weightDecays": [0.02]}"#
        let probe = try JSONDecoder().decode(LinearProbe.self, from: Data(earlier.utf8))
        #expect(probe == LinearProbe(augmentedViews: 1))
        let now = #"{"augmentedViews": 1, "l2Strengths": [0.5, 2], "steps": 300}"#
        #expect(
            try JSONDecoder().decode(LinearProbe.self, from: Data(now.utf8)).l2Strengths == [0.5, 2])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(LinearProbe.self, from: Data(#"{"augmentedViews": 1}"#.utf8))
        }
    }

    /// Earlier recipes had a switch for the statistics of batch norm, and neither search nor seeds.
    @Test(arguments: [(true, BatchNormStatistics.task), (false, .trained)])
    func aRecipeOfAnEarlierVersionIsRead(_ switched: Bool, _ expected: BatchNormStatistics) throws {
        var object = try #require(
            JSONSerialization.jsonObject(with: JSONFile.encode(Recipe.quick)) as? [String: Any])
        for key in ["batchNorm", "seeds", "search", "timeBudget"] { object[key] = nil }
        object["recalibratesBatchNorm"] = switched
        var recipe = Recipe.quick
        recipe.batchNorm = expected
        let read = try JSONDecoder().decode(
            Recipe.self, from: JSONSerialization.data(withJSONObject: object))
        #expect(read == recipe)
        object["recalibratesBatchNorm"] = nil
        let error = #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Recipe.self, from: JSONSerialization.data(withJSONObject: object))
        }
        if case .keyNotFound(let key, _)? = error { #expect(key.stringValue == "batchNorm") }
    }

    @Test func anOptimizerOfAnEarlierVersionHasPyTorchsBeta() throws {
        let earlier = #"{"kind": "adamw", "momentum": 0.8, "nesterov": false, "weightDecay": 0.5}"#
        #expect(
            try JSONDecoder().decode(OptimizerRecipe.self, from: Data(earlier.utf8))
                == OptimizerRecipe(kind: .adamw, momentum: 0.8, beta2: 0.999, weightDecay: 0.5))
        #expect(Recipe.standard.optimizer.beta2 == 0.98)
    }

    @Test(arguments: Recipe.presets) func presetsAreValidAndSurviveAFile(_ recipe: Recipe) throws {
        try recipe.validate()
        let read = try JSONDecoder().decode(Recipe.self, from: JSONFile.encode(recipe))
        #expect(read == recipe)
    }

    @Test func guideHasTheGuidesNumbers() {
        let guide = Recipe.guide
        #expect(guide.learningRates[.layer1] == 0.001)
        #expect(guide.learningRates[.layer4] == 0.01)
        #expect(guide.learningRates[.head] == 0.1)
        expectClose(guide.learningRates[.layer2], 0.0021544, absolute: 1e-6)
        #expect(guide.schedule == Schedule(warmupEpochs: 5, cosineEpochs: 100))
        #expect(guide.earlyStopping == EarlyStopping(metric: .validationLoss, patience: 3))
        #expect(guide.optimizer.momentum == 0.9)
    }

    @Test(arguments: [
        (0, [Int]()), (1, [1]), (2, [1, 1]), (3, [1, 1, 1]), (6, [1, 1, 4]), (12, [2, 2, 8]),
    ])
    func epochsAreSpreadOverPhases(_ total: Int, _ expected: [Int]) {
        var recipe = Recipe.tiny(phases: [
            Phase(trainableFrom: .layer4, epochs: 1), Phase(trainableFrom: .layer3, epochs: 1),
            Phase(trainableFrom: .stem, epochs: 4),
        ])
        recipe.setEpochs(total)
        #expect(recipe.phases.map(\.epochs) == expected)
        #expect(recipe.phases.first?.trainableFrom == (total == 0 ? nil : .layer4))
        #expect(recipe.epochs == total)
    }

    @Test func whatMakesNoSenseIsNamed() {
        let cases: [((inout Recipe) -> Void, String)] = [
            ({ $0.phases = [] }, "recipe tiny: neither a linear probe nor a phase: nothing would be trained"),
            ({ $0.batchSize = 0 }, "recipe tiny: batch size 0, expected 1…65536"),
            ({ $0.labelSmoothing = 1 }, "recipe tiny: label smoothing 1.0, expected 0 ≤ value < 1"),
            ({ $0.learningRates.layer2 = .nan }, "recipe tiny: learning rate nan of layer2, expected ≥ 0"),
            (
                { $0.accumulationSteps = 9 },
                "recipe tiny: accumulation steps 9, expected 1…8 (the batch size)"
            ),
            (
                { $0.phases.append(Phase(trainableFrom: .head, epochs: 1)) },
                "recipe tiny: phase head comes after all: unfreezing goes from the head down"
            ),
            (
                { $0.weightAveraging = 0.98 },
                "recipe tiny: weight averaging needs batch-norm statistics that do not depend on the last weights: frozen "
                    + "or task, not trained"
            ),
            (
                { $0.probe = LinearProbe(l2Strengths: []) },
                "recipe tiny: 0 L2 strengths of the probe, expected 1…1000"
            ),
            (
                { $0.probe = LinearProbe(l2Strengths: [0.1, -1]) },
                "recipe tiny: L2 strength -1.0 of the probe, expected 1e-08…1000000.0"
            ),
            (
                { $0.probe = LinearProbe(l2Strengths: [.nan]) },
                "recipe tiny: L2 strength nan of the probe, expected 1e-08…1000000.0"
            ),
            (
                { $0.learningRates.head = 1e30 },
                "recipe tiny: learning rate 1e+30 of head, expected 0.0…1000000.0"
            ),
            ({ $0.optimizer.beta2 = 1 }, "recipe tiny: beta2 1.0, expected 0 ≤ value < 1"),
            ({ $0.optimizer.weightDecay = 1e30 }, "recipe tiny: weight decay 1e+30, expected 0.0…1000000.0"),
            (
                { $0.gradientClipping = 1e-300 },
                "recipe tiny: gradient clipping 1e-300, expected 1e-09…1000000000.0"
            ),
            (
                { $0.schedule.cosineEpochs = 1e-300 },
                "recipe tiny: cosine over 1e-300 epochs, expected 0.001 to 100000.0"
            ),
            (
                { $0.augmentation.cropRatio = 1e30...1e31 },
                "recipe tiny: crop ratio 1e+30 to 1e+31, expected 0.01…100.0"
            ),
            (
                { $0.preprocessing.mean = [0.5, 1e20, 0.5] },
                "recipe tiny: mean [0.5, 1e+20, 0.5], expected -1000.0…1000.0 each"
            ),
            (
                { $0.imbalance = .weights("a=nan,b=1") },
                "recipe tiny: class weights: expected a number above 0 for a, got \"nan\""
            ),
            (
                { $0.imbalance = .weights("a=1e300,b=1") },
                "recipe tiny: class weights: expected 1e-06 to 1000000.0 for a, got 1e300"
            ),
            (
                { $0.phases = Array(repeating: Phase(trainableFrom: .head, epochs: 50_001), count: 2) },
                "recipe tiny: 2 phases with too many epochs together, expected 1…100000"
            ),
        ]
        for (change, message) in cases {
            var recipe = Recipe.tiny()
            change(&recipe)
            let error = #expect(throws: RecipeError.self) { try recipe.validate() }
            #expect(error?.description == message)
        }
    }

    @Test func classWeightsComeFromCountsOrNames() throws {
        let classes = ClassList(names: ["defective", "functional"])
        #expect(try Imbalance.automatic.classWeights(counts: [90, 100], classes: classes) == nil)
        #expect(
            try Imbalance.balanced.classWeights(counts: [10, 90], classes: classes) == [5, 100.0 / 180])
        let automatic = try Imbalance.automatic.classWeights(counts: [10, 90], classes: classes)
        expectClose(try #require(automatic), [2.5, 2.5 / 3], absolute: 1e-12)
        #expect(
            try Imbalance.weights("functional=1,defective=5").classWeights(counts: [1, 1], classes: classes)
                == [5, 1])
        #expect(throws: ClassWeightsError.self) {
            try Imbalance.weights("functional=1").classWeights(counts: [1, 1], classes: classes)
        }
    }
}
