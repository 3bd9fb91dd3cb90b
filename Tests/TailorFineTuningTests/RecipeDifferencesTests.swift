import TailorFineTuning
import Testing

/// What a run that cannot be resumed is told about its recipe.
@Suite struct RecipeDifferencesTests {
    private func differences(_ change: (inout Recipe) -> Void) -> [String] {
        var changed = Recipe.quick
        change(&changed)
        return changed.differences(from: .quick)
    }

    @Test func optionsAreNamedWithBothValues() {
        #expect(differences { _ in }.isEmpty)
        #expect(differences { $0.batchSize = 7 } == ["--batch-size 32, now 7"])
        #expect(differences { $0.preprocessing.fit = .pad } == ["--fit crop, now pad"])
        #expect(differences { $0.imbalance = .weights("a=1,b=5") } == ["--class-weights auto, now a=1,b=5"])
        #expect(differences { $0.earlyStopping = nil } == ["--patience 3, now 0"])
        #expect(differences { $0.probe = nil } == ["--probe yes, now no"])
        #expect(
            differences { $0.phases = [Phase(trainableFrom: .stem, epochs: 2)] }.first?
                .hasSuffix(", now stem:2") == true)
        #expect(
            differences {
                $0.batchSize = 7
                $0.probe?.l2Strengths = [1]
            }.map { $0.split(separator: " ")[0] } == ["--batch-size", "probe.l2Strengths"])
    }

    /// --lr moves all stages: one number, not six.
    @Test func ratesInProportionAreOneDifference() {
        let head = Recipe.quick.learningRates.head
        #expect(
            differences { $0.learningRates = $0.learningRates.scaled(headTo: head / 2) }
                == ["--lr \(head), now \(head / 2)"])
        #expect(
            differences { $0.learningRates.layer4 = 0.5 }
                == ["--stage-lr layer4 \(Recipe.quick.learningRates.layer4), now 0.5"])
    }
}
