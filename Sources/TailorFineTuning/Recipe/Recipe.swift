import TailorDatasets
import TailorImages
import TailorResNet

/// Everything that decides how a model is fitted, apart from the data, the seed and the machine.
///
/// A recipe is a plain value: print it, write it to a file, read it back, change a number. What ran is
/// stored in `run.json`.
public struct Recipe: Codable, Sendable, Hashable {
    public var name: String

    /// Linear probe: the head alone, on cached features, before anything is unfrozen; `nil` leaves it out.
    public var probe: LinearProbe?
    /// Fine-tuning, step by step from the top of the network down. Empty: the probe is the result.
    public var phases: [Phase]
    /// What is found out by short runs before the phases: rates, depth and epochs; `nil` leaves all as it stands here.
    public var search: TaskSearch?

    /// Seconds that the whole may take, from the first image to the last; `nil`: no limit. What does not fit is left
    /// out: first epochs beyond those that fit, then the search, then fine-tuning.
    public var timeBudget: Double?

    /// Full runs, each with another seed, from the same start; those that the time budget has no room for are left
    /// out. The average of the weights that help is kept if it is the best.
    public var seeds: Int

    public var optimizer: OptimizerRecipe
    public var learningRates: LayerwiseLearningRates
    public var schedule: Schedule
    public var earlyStopping: EarlyStopping?

    /// Images in one optimiser step, summed over `accumulationSteps` passes.
    public var batchSize: Int
    /// Forward and backward passes a step; each takes `batchSize / accumulationSteps` images.
    public var accumulationSteps: Int
    /// 0…1: share of the target spread over all classes (Szegedy et al., 2016).
    public var labelSmoothing: Double
    public var imbalance: Imbalance
    /// Largest L2 norm of all gradients together; `nil` leaves them as they are.
    public var gradientClipping: Double?
    public var precision: TrainingPrecision
    /// Statistics by which batch norm normalises.
    public var batchNorm: BatchNormStatistics
    /// Decay a step, 0…1, of the moving average of the weights that is validated and kept instead of the
    /// last step's weights; `nil`: none. In the first steps (1 + steps) / (10 + steps) where that is less.
    /// Not with trained batch-norm statistics: those belong to the weights that are trained.
    public var weightAveraging: Double?

    /// Side of the square that training crops are resized to, in pixels.
    public var trainImageSize: Int
    public var augmentation: Augmentation
    public var preprocessing: Preprocessing
    /// Try the kept model on larger images, too, and settle on the size that is worth its cost.
    public var searchesImageSize: Bool

    public init(
        name: String, probe: LinearProbe?, phases: [Phase], search: TaskSearch? = nil,
        timeBudget: Double? = nil, seeds: Int = 1,
        optimizer: OptimizerRecipe,
        learningRates: LayerwiseLearningRates, schedule: Schedule, earlyStopping: EarlyStopping?,
        batchSize: Int = 32, accumulationSteps: Int = 1, labelSmoothing: Double = 0,
        imbalance: Imbalance = .automatic, gradientClipping: Double? = nil,
        precision: TrainingPrecision = .automatic,
        batchNorm: BatchNormStatistics = .automatic, weightAveraging: Double? = nil,
        trainImageSize: Int = 224, augmentation: Augmentation = .standard,
        preprocessing: Preprocessing = .init(), searchesImageSize: Bool = false
    ) {
        self.name = name
        self.probe = probe
        self.phases = phases
        self.search = search
        self.timeBudget = timeBudget
        self.seeds = seeds
        self.optimizer = optimizer
        self.learningRates = learningRates
        self.schedule = schedule
        self.earlyStopping = earlyStopping
        self.batchSize = batchSize
        self.accumulationSteps = accumulationSteps
        self.labelSmoothing = labelSmoothing
        self.imbalance = imbalance
        self.gradientClipping = gradientClipping
        self.precision = precision
        self.batchNorm = batchNorm
        self.weightAveraging = weightAveraging
        self.trainImageSize = trainImageSize
        self.augmentation = augmentation
        self.preprocessing = preprocessing
        self.searchesImageSize = searchesImageSize
    }

    /// Epochs of all phases together; early stopping may end sooner.
    public var epochs: Int { phases.reduce(0) { $0 + $1.epochs } }
}

extension ResNet18.Stage {
    /// The part of the network that is trained from this stage on, in words.
    package var trainedPart: String {
        switch self {
        case .stem: "the whole network"
        case .head: "the head alone"
        default: "\(rawValue) and above"
        }
    }
}

/// A stretch of epochs with the same part of the network trainable.
public struct Phase: Codable, Sendable, Hashable {
    /// This stage and all above it learn; those below keep their weights and batch-norm statistics.
    public var trainableFrom: ResNet18.Stage
    public var epochs: Int

    public init(trainableFrom: ResNet18.Stage, epochs: Int) {
        self.trainableFrom = trainableFrom
        self.epochs = epochs
    }

    /// Name in `metrics.csv` and in the progress line.
    public var name: String { trainableFrom == .stem ? "all" : "\(trainableFrom.rawValue)" }
}

public struct OptimizerRecipe: Codable, Sendable, Hashable {
    public enum Kind: String, Codable, Sendable, CaseIterable { case sgd, adamw }

    public var kind: Kind
    /// SGD's momentum; AdamW's first beta.
    public var momentum: Double
    /// AdamW's second beta: decay of the mean of squared gradients. 0.999 remembers a thousand steps, more than a run on
    /// a few hundred images has.
    public var beta2: Double
    public var nesterov: Bool
    /// Weight decay; biases and batch-norm parameters take none.
    public var weightDecay: Double

    public init(
        kind: Kind = .sgd, momentum: Double = 0.9, beta2: Double = 0.999, nesterov: Bool = false,
        weightDecay: Double = 1e-4
    ) {
        self.kind = kind
        self.momentum = momentum
        self.beta2 = beta2
        self.nesterov = nesterov
        self.weightDecay = weightDecay
    }

    /// Numbers that it remembers of each parameter it steps.
    var rememberedCount: Int { kind == .adamw ? 2 : momentum == 0 ? 0 : 1 }
}

/// Treatment of classes that differ in size.
public enum Imbalance: Codable, Sendable, Hashable {
    /// Loss weights as 1 / √(n of the class), when the largest class has over 1.2 times the smallest.
    case automatic
    /// Loss weights n / (classes × n of the class).
    case balanced
    /// Loss weights by class name, as in `functional=1,defective=5`; every class must be named.
    case weights(String)
    /// Images of small classes are drawn repeatedly until all classes are equally frequent.
    case oversample
    case none
}

/// Stops a phase whose metric no longer improves.
public struct EarlyStopping: Codable, Sendable, Hashable {
    public enum Metric: String, Codable, Sendable, CaseIterable {
        case validationLoss = "val_loss"
        case macroF1 = "val_macro_f1"
        case accuracy = "val_accuracy"
    }

    public var metric: Metric
    /// Epochs without improvement that are tolerated.
    public var patience: Int

    public init(metric: Metric = .validationLoss, patience: Int = 3) {
        self.metric = metric
        self.patience = patience
    }
}

extension Imbalance {
    /// Loss weights in the order of the classes, `nil` where all classes count alike.
    ///
    /// Throws `ClassWeightsError` when explicit weights do not name exactly the classes.
    package func classWeights(counts: [Int], classes: ClassList) throws -> [Double]? {
        switch self {
        case .none, .oversample: return nil
        case .automatic:
            guard let least = counts.min(), let most = counts.max(), least > 0,
                Double(most) > 1.2 * Double(least)
            else { return nil }
            return Balance.moderateClassWeights(counts)
        case .balanced: return Balance.balancedClassWeights(counts)
        case .weights: return try weights(of: classes)
        }
    }

    /// Explicit weights, nil for every other treatment. Throws `ClassWeightsError` as above.
    package func weights(of classes: ClassList) throws -> [Double]? {
        guard case .weights(let text) = self else { return nil }
        return try Balance.classWeights(parsing: text, classes: classes)
    }
}
