import Foundation
import TailorEvaluation

/// HTML report of a run.
///
/// Sections without values are left out.
public struct RunReport: Sendable {
    /// A phase of training.
    package struct Phase: Sendable, Hashable {
        /// Name, short: it labels a band of the charts.
        package var name: String
        /// Epochs of the phase, counted as `Epoch.epoch`.
        package var epochs: ClosedRange<Int>
        /// Summary in a sentence or less: what was trained and how.
        package var summary: String
        /// Peak learning rate of each parameter group, from shallow to head.
        package var learningRates: [LearningRate]

        package init(
            name: String, epochs: ClosedRange<Int>, summary: String, learningRates: [LearningRate] = []
        ) {
            self.name = name
            self.epochs = epochs
            self.summary = summary
            self.learningRates = learningRates
        }
    }

    /// Learning rate of a parameter group.
    package struct LearningRate: Sendable, Hashable {
        /// Name of the parameter group, for instance `head`.
        package var group: String
        package var value: Double

        package init(group: String, value: Double) {
            self.group = group
            self.value = value
        }
    }

    /// Values of one epoch; missing and non-finite ones leave gaps in the charts.
    package struct Epoch: Sendable, Hashable {
        package var epoch: Int
        /// Mean cross-entropy on training images, nats.
        package var trainLoss: Double?
        /// Mean cross-entropy on validation images, nats.
        package var validationLoss: Double?
        /// Macro-F1 on validation images, 0...1.
        package var validationMacroF1: Double?
        /// Learning rates at the end of the epoch, one a trained group.
        package var learningRates: [LearningRate]

        package init(
            epoch: Int, trainLoss: Double? = nil, validationLoss: Double? = nil,
            validationMacroF1: Double? = nil, learningRates: [LearningRate] = []
        ) {
            self.epoch = epoch
            self.trainLoss = trainLoss
            self.validationLoss = validationLoss
            self.validationMacroF1 = validationMacroF1
            self.learningRates = learningRates
        }
    }

    /// An image with its answer.
    package struct Example: Sendable, Hashable {
        package var path: String
        package var label: String
        package var predicted: String
        /// Probability of the predicted class, 0...1.
        package var probability: Double
        /// Thumbnail as JPEG; nil for none.
        package var thumbnail: Data?
        /// Where in it the predicted class was seen, as JPEG of the same size; nil for none.
        package var heatMap: Data?

        package init(
            path: String, label: String, predicted: String, probability: Double, thumbnail: Data? = nil,
            heatMap: Data? = nil
        ) {
            self.path = path
            self.label = label
            self.predicted = predicted
            self.probability = probability
            self.thumbnail = thumbnail
            self.heatMap = heatMap
        }
    }

    /// Examples of one kind.
    package struct ExampleGroup: Sendable, Hashable {
        package var title: String
        /// Why one should look at them.
        package var note: String
        package var examples: [Example]

        package init(title: String, note: String, examples: [Example]) {
            self.title = title
            self.note = note
            self.examples = examples
        }
    }

    /// Facts of one kind, for instance “Data”.
    package struct FactGroup: Sendable, Hashable {
        package struct Fact: Sendable, Hashable {
            package var name: String
            package var value: String

            package init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        package var title: String
        package var facts: [Fact]

        package init(title: String, facts: [Fact]) {
            self.title = title
            self.facts = facts
        }
    }

    /// The run's name.
    package var title: String
    /// Text of the footer: when and by what the page was made.
    package var origin: String
    /// Evaluation on the validation split, which picked the checkpoint.
    package var validation: ModelEvaluation?
    /// Evaluation on the test split, once `evaluate` has opened it.
    package var test: ModelEvaluation?
    /// Evaluation of the exported model on the test split, if it was tested beside the trained one.
    package var exported: ExportedEvaluation?
    /// Number of uses of the test set; above 1 the page warns.
    package var testUses: Int
    /// True if the data has a test split.
    package var hasTestSet: Bool
    package var phases: [Phase]
    package var epochs: [Epoch]
    /// The epoch whose weights were kept.
    package var bestEpoch: Int?
    package var exampleGroups: [ExampleGroup]
    package var facts: [FactGroup]
    package var warnings: [String]

    package init(
        title: String, origin: String = "", validation: ModelEvaluation? = nil, test: ModelEvaluation? = nil,
        testUses: Int = 0, hasTestSet: Bool = true, phases: [Phase] = [], epochs: [Epoch] = [],
        bestEpoch: Int? = nil, exampleGroups: [ExampleGroup] = [], facts: [FactGroup] = [],
        warnings: [String] = []
    ) {
        self.title = title
        self.origin = origin
        self.validation = validation
        self.test = test
        self.testUses = testUses
        self.hasTestSet = hasTestSet
        self.phases = phases
        self.epochs = epochs
        self.bestEpoch = bestEpoch
        self.exampleGroups = exampleGroups
        self.facts = facts
        self.warnings = warnings
    }

    /// Evaluation that the page shows: the test split's if there is one.
    var evaluation: ModelEvaluation? { test ?? validation }
}
