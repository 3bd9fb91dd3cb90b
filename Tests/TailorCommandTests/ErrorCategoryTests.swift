import Foundation
import Tailor
import TailorSupport
import Testing

/// Which exit code an error leads to: what scripts rely on.
@Suite struct ErrorCategoryTests {
    private struct Unknown: Error {}

    static let errors: [(any Error, ErrorCategory)] = [
        (Unknown(), .work),
        (CocoaError(.fileWriteOutOfSpace), .work),
        (FileError(operation: "write", path: "a", reason: "full"), .work),
        (FileError(operation: "lock", path: "a", reason: "no"), .work),
        (FileError(operation: "read", path: "a", reason: "missing"), .input),
        (ImageError.empty(path: "a"), .input),
        (ModelFileError.damaged(path: "a", reason: "b"), .input),
        (RunError.notARun("a"), .input),
        (RunError.alreadyExists("a"), .input),
        (RunError.cannotCreate("a", reason: "b"), .work),
        (RunError.notFinite(what: "loss", step: 1, learningRate: 1, lastGood: "none"), .work),
        (SplitError.interrupted, .work),
        (EvaluationError.empty(what: "scores"), .work),
        (WeightsError.emptySource, .input),
        (DeviceError.notADevice("tpu"), .input),
        (BatchLoaderError.stopped, .work),
        (AuditError.featuresNotFinite, .input),
        (ClassifierError.notFinite, .input),
    ]

    @Test(arguments: errors.indices) func category(_ index: Int) {
        let (error, category) = Self.errors[index]
        #expect(ErrorCategory(of: error) == category, "\(error)")
    }

    @Test func codes() {
        #expect(ErrorCategory.allCases.map(\.rawValue) == [1, 2, 3])
    }

    @Test func gates() throws {
        let recipe = #expect(throws: RecipeError.self) {
            var recipe = Recipe.standard
            recipe.batchSize = 0
            try recipe.validate()
        }
        #expect(recipe?.category == .input)
        for gate: any Error.Type in [
            TestSetAlreadyUsed.self, TestOverlapsTraining.self, LeakRefusal.self, DeploymentError.self,
        ] {
            #expect(gate is any CategorizedError.Type, "\(gate)")
        }
    }
}
