import Foundation
import Tailor
import TestSupport
import Testing

/// When a phase ends before its epochs are over.
@Suite(.serialized) struct EarlyStoppingTests {
    private static let blank = Result {
        try JSONDecoder().decode(
            EpochRecord.self,
            from: Data(
                """
                {"epoch":1,"phase":"all","trainLoss":1,"validationLoss":1,"validationAccuracy":0.5,
                "validationMacroF1":0.5,"imagesPerSecond":1,"seconds":1,"step":1,"isBest":false,
                "learningRates":{"stem":0,"layer1":0,"layer2":0,"layer3":0,"layer4":0,"head":0}}
                """.utf8))
    }

    private static func record(
        loss: Double = 1, f1: Double = 0.5, accuracy: Double = 0.5
    ) throws -> EpochRecord {
        var record = try blank.get()
        record.validationLoss = loss
        record.validationMacroF1 = f1
        record.validationAccuracy = accuracy
        return record
    }

    /// The epoch, from 1, at which the phase ends; nil when it goes on.
    private static func end(_ rule: EarlyStopping, _ records: [EpochRecord]) -> Int? {
        var monitor = EarlyStoppingMonitor()
        return records.firstIndex { monitor.observe($0, rule: rule) }.map { $0 + 1 }
    }

    @Test(arguments: [(1, 3), (2, 4), (3, nil)]) func patienceIsCountedFromTheBest(
        _ patience: Int, _ ends: Int?
    ) throws {
        let losses = [1, 0.5, 0.6, 0.55, 0.4]
        let rule = EarlyStopping(metric: .validationLoss, patience: patience)
        #expect(try Self.end(rule, losses.map { try Self.record(loss: $0) }) == ends)
    }

    @Test func eachMetricLooksAtItsOwnColumn() throws {
        let rising = [0.1, 0.2, 0.3]
        let still = [0.5, 0.5, 0.5]
        for metric in EarlyStopping.Metric.allCases {
            let rule = EarlyStopping(metric: metric, patience: 1)
            let improving = try rising.map { value in
                switch metric {
                case .validationLoss: try Self.record(loss: 1 - value)
                case .macroF1: try Self.record(f1: value)
                case .accuracy: try Self.record(accuracy: value)
                }
            }
            #expect(Self.end(rule, improving) == nil, "\(metric)")
            let others = try rising.map { value in
                switch metric {
                case .validationLoss: try Self.record(f1: value, accuracy: value)
                case .macroF1: try Self.record(loss: 1 - value, accuracy: value)
                case .accuracy: try Self.record(loss: 1 - value, f1: value)
                }
            }
            #expect(Self.end(rule, others) == 2, "\(metric): the others do not count")
            #expect(try Self.end(rule, still.map { try Self.record(loss: $0, f1: $0, accuracy: $0) }) == 2)
        }
    }

    @Test func aTieIsNoImprovementAndStartsNoCountAnew() throws {
        let rule = EarlyStopping(metric: .macroF1, patience: 2)
        #expect(try Self.end(rule, [0.7, 0.7, 0.7].map { try Self.record(f1: $0) }) == 3)
        #expect(try Self.end(rule, [0.7, 0.6, 0.7].map { try Self.record(f1: $0) }) == 3)
        #expect(try Self.end(rule, [0.7, 0.6, 0.71, 0.71].map { try Self.record(f1: $0) }) == nil)
    }

    @Test func whatIsNotFiniteNeverImproves() throws {
        let rule = EarlyStopping(metric: .validationLoss, patience: 2)
        #expect(try Self.end(rule, [.nan, .nan].map { try Self.record(loss: $0) }) == 2)
        #expect(try Self.end(rule, [1, -.infinity, .nan].map { try Self.record(loss: $0) }) == 3)
        #expect(try Self.end(rule, [.nan, 1, 0.9].map { try Self.record(loss: $0) }) == nil)
    }

    /// A run stopped between two epochs goes on with its count.
    @Test func theCountSurvivesACheckpoint() throws {
        let rule = EarlyStopping(metric: .accuracy, patience: 2)
        var monitor = EarlyStoppingMonitor()
        let (best, worse) = (try Self.record(accuracy: 0.9), try Self.record(accuracy: 0.8))
        let ends = [best, worse].map { monitor.observe($0, rule: rule) }
        #expect(ends == [false, false])
        let text = try JSONEncoder().encode(monitor)
        var read = try JSONDecoder().decode(EarlyStoppingMonitor.self, from: text)
        #expect(read == monitor && read.best == 0.9 && read.epochsWithoutImprovement == 1)
        let endsAfterwards = read.observe(best, rule: rule)
        #expect(endsAfterwards)
        let written = #"{"best":0.9,"epochsWithoutImprovement":1}"#
        #expect(try JSONDecoder().decode(EarlyStoppingMonitor.self, from: Data(written.utf8)) == monitor)
    }

    /// With rates too small to change a weight every epoch after the first is a tie.
    @Test func aRunEndsEarlyAndSaysSo() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 0)
        var recipe = Recipe.tiny(phases: [
            Phase(trainableFrom: .layer4, epochs: 3), Phase(trainableFrom: .stem, epochs: 3),
        ])
        recipe.learningRates = .uniform(0)
        recipe.learningRates.head = 1e-30
        recipe.earlyStopping = EarlyStopping(metric: .accuracy, patience: 1)
        // Running statistics move all the same: they are measured anew before each validation.
        recipe.batchNorm = .task
        let record = try train(images, recipe, into: "a")
        let history = try EpochRecord.history(from: images.run("a").metrics)
        // Each phase counts anew: its first epoch sets the best, the next is a tie.
        #expect(history.map(\.phase) == ["layer4", "layer4", "all", "all"])
        #expect(record.stoppedEarly && record.epochsRun == 4 && record.status == .finished)
    }

    @Test(arguments: [
        (Phase(trainableFrom: .stem, epochs: 3), #"{"epochs":3,"trainableFrom":"stem"}"#, "all"),
        (Phase(trainableFrom: .layer3, epochs: 0), #"{"epochs":0,"trainableFrom":"layer3"}"#, "layer3"),
        (Phase(trainableFrom: .head, epochs: 1), #"{"epochs":1,"trainableFrom":"head"}"#, "head"),
    ])
    func aPhaseIsWrittenByItsStagesName(_ phase: Phase, _ text: String, _ name: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        #expect(String(decoding: try encoder.encode(phase), as: UTF8.self) == text)
        #expect(try JSONDecoder().decode(Phase.self, from: Data(text.utf8)) == phase)
        #expect(phase.name == name)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Phase.self, from: Data(#"{"epochs":1,"trainableFrom":"layer5"}"#.utf8))
        }
    }

    /// A run that was interrupted is tested with `--unfinished` only.
    @Test func anUnfinishedRunIsTestedOnlyWhenAllowed() throws {
        let images = try MadeImages(train: 6, validation: 2, test: 2)
        var recipe = Recipe.tiny(phases: [Phase(trainableFrom: .layer4, epochs: 3)])
        recipe.earlyStopping = EarlyStopping(metric: .accuracy, patience: 9)
        let steps = (12 + recipe.batchSize - 1) / recipe.batchSize
        let record = try train(images, recipe, into: "a", stopAfterSteps: steps)
        #expect(record.status == .interrupted && !record.stoppedEarly && record.epochsRun == 1)
        let trained = try TrainedModel(images.run("a"))
        #expect(throws: RunError.self) { try TestEvaluation.run(trained, options: .init()) }
        let result = try TestEvaluation.run(trained, options: .init(allowsUnfinished: true))
        #expect(result.testUses == 1, "a refused test is no use of the test set")
    }
}
