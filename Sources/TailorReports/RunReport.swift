import Foundation
import TailorEvaluation

/// Everything that `report.html` shows of a run, as plain values; `html()` draws it.
///
/// Leave empty what there is none of: its section is left out.
public struct RunReport: Sendable {
    /// What was trained when, in the order it ran.
    public struct Phase: Sendable, Hashable {
        /// Short: it labels a band of the curves.
        public var name: String
        /// Epochs as `Epoch.epoch` counts them.
        public var epochs: ClosedRange<Int>
        /// What was trained and how, in a sentence or less.
        public var summary: String
        /// Peak learning rate of each parameter group, from shallow to head.
        public var learningRates: [LearningRate]

        public init(
            name: String, epochs: ClosedRange<Int>, summary: String, learningRates: [LearningRate] = []
        ) {
            self.name = name
            self.epochs = epochs
            self.summary = summary
            self.learningRates = learningRates
        }
    }

    public struct LearningRate: Sendable, Hashable {
        /// Parameter group, for instance `head`.
        public var group: String
        public var value: Double

        public init(group: String, value: Double) {
            self.group = group
            self.value = value
        }
    }

    /// One row of the curves; a figure that is not finite or not there leaves a gap.
    public struct Epoch: Sendable, Hashable {
        public var epoch: Int
        /// Mean cross-entropy, nats.
        public var trainLoss: Double?
        public var validationLoss: Double?
        /// 0...1.
        public var validationMacroF1: Double?
        /// At the end of the epoch, a value a trained group.
        public var learningRates: [LearningRate]

        public init(
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

    /// A wrong prediction made with confidence.
    public struct Mistake: Sendable, Hashable {
        public var path: String
        public var label: String
        public var predicted: String
        /// Of the predicted class, 0...1.
        public var probability: Double
        /// A small JPEG file; without one the card has no picture.
        public var thumbnail: Data?

        public init(
            path: String, label: String, predicted: String, probability: Double, thumbnail: Data? = nil
        ) {
            self.path = path
            self.label = label
            self.predicted = predicted
            self.probability = probability
            self.thumbnail = thumbnail
        }
    }

    /// Facts of one kind, for instance “Data”.
    public struct FactGroup: Sendable, Hashable {
        public struct Fact: Sendable, Hashable {
            public var name: String
            public var value: String

            public init(_ name: String, _ value: String) {
                self.name = name
                self.value = value
            }
        }

        public var title: String
        public var facts: [Fact]

        public init(title: String, facts: [Fact]) {
            self.title = title
            self.facts = facts
        }
    }

    /// The run's name.
    public var title: String
    /// When and by what, for the foot of the page.
    public var origin: String
    /// Figures on the validation split, which picked the checkpoint.
    public var validation: ModelEvaluation?
    /// Figures on the test split, once `evaluate` has opened it.
    public var test: ModelEvaluation?
    /// The exported model on the test split, where it was tested beside the trained one.
    public var exported: ExportedEvaluation?
    /// Times the test set was used; above 1 the page says what that costs.
    public var testUses: Int
    /// False when the data has no test split.
    public var hasTestSet: Bool
    public var phases: [Phase]
    public var epochs: [Epoch]
    /// The epoch whose weights were kept.
    public var bestEpoch: Int?
    public var mistakes: [Mistake]
    public var facts: [FactGroup]
    public var warnings: [String]

    public init(
        title: String, origin: String = "", validation: ModelEvaluation? = nil, test: ModelEvaluation? = nil,
        testUses: Int = 0, hasTestSet: Bool = true, phases: [Phase] = [], epochs: [Epoch] = [],
        bestEpoch: Int? = nil, mistakes: [Mistake] = [], facts: [FactGroup] = [], warnings: [String] = []
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
        self.mistakes = mistakes
        self.facts = facts
        self.warnings = warnings
    }

    /// The figures that the page is about: the test split's if there are any.
    var evaluation: ModelEvaluation? { test ?? validation }
}
