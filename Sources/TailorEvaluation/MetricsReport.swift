/// The document `metrics.json` that `evaluate` writes.
///
/// Metrics are shares in 0...1 and finite; one that is not available is `null`, never left out.
public struct MetricsReport: Codable, Sendable, Hashable {
    public struct PerClass: Codable, Sendable, Hashable {
        public var name: String
        public var precision: Double?
        public var recall: Double?
        public var f1: Double?
        public var support: Int
    }

    public struct PerClassIntervals: Codable, Sendable, Hashable {
        public var name: String
        public var precision: Interval?
        public var recall: Interval?
    }

    /// Intervals of 95 %: Wilson for accuracy and the classes, stratified percentile bootstrap for the macro
    /// averages.
    public struct MetricsIntervals: Codable, Sendable, Hashable {
        public var confidence: Double
        public var accuracy: Interval
        public var balancedAccuracy: Interval
        public var macroF1: Interval
        public var perClass: [PerClassIntervals]
        public var bootstrapResamples: Int
        public var bootstrapSeed: UInt64

        enum CodingKeys: String, CodingKey {
            case confidence, accuracy
            case balancedAccuracy = "balanced_accuracy"
            case macroF1 = "macro_f1"
            case perClass = "per_class"
            case bootstrapResamples = "bootstrap_resamples"
            case bootstrapSeed = "bootstrap_seed"
        }
    }

    public struct CalibrationSummary: Codable, Sendable, Hashable {
        /// Expected calibration error at `temperature`, at which the probabilities are written.
        public var ece: Double
        public var temperature: Double
        /// Expected calibration error at temperature 1.
        public var eceUncalibrated: Double

        enum CodingKeys: String, CodingKey {
            case ece, temperature
            case eceUncalibrated = "ece_uncalibrated"
        }
    }

    /// Numbers of test images that were left out.
    public struct LeftOut: Codable, Sendable, Hashable {
        /// Images that training has seen.
        public var seenInTraining: Int
        /// Images that a list of exclusions named.
        public var listed: Int

        public init(seenInTraining: Int, listed: Int) {
            self.seenInTraining = seenInTraining
            self.listed = listed
        }

        enum CodingKeys: String, CodingKey {
            case seenInTraining = "seen_in_training"
            case listed
        }
    }

    public var accuracy: Double
    public var balancedAccuracy: Double
    public var macroF1: Double
    public var n: Int
    public var perClass: [PerClass]
    public var intervals: MetricsIntervals
    public var calibration: CalibrationSummary
    /// Number of uses of the test set, with whichever run, this one included; 0 on validation data.
    public var testUses: Int
    /// Not written, unlike the others, where nothing was left out.
    public var leftOut: LeftOut?
    public var logLoss: Double
    public var brier: Double
    public var auroc: Double?
    public var averagePrecision: Double?

    public init(_ evaluation: ModelEvaluation, testUses: Int, leftOut: LeftOut? = nil) {
        let metrics = evaluation.metrics
        let intervals = evaluation.intervals
        self.accuracy = metrics.accuracy
        self.balancedAccuracy = metrics.balancedAccuracy
        self.macroF1 = metrics.macroF1
        self.n = metrics.n
        self.perClass = metrics.perClass.map {
            PerClass(
                name: $0.name, precision: $0.precision, recall: $0.recall, f1: $0.f1, support: $0.support)
        }
        self.intervals = MetricsIntervals(
            confidence: Intervals.confidence, accuracy: intervals.accuracy,
            balancedAccuracy: intervals.balancedAccuracy, macroF1: intervals.macroF1,
            perClass: zip(metrics.perClass, intervals.perClass).map {
                PerClassIntervals(name: $0.name, precision: $1.precision, recall: $1.recall)
            },
            bootstrapResamples: intervals.resamples, bootstrapSeed: intervals.seed)
        self.calibration = CalibrationSummary(
            ece: evaluation.ece, temperature: evaluation.temperature,
            eceUncalibrated: evaluation.eceUncalibrated)
        self.testUses = testUses
        self.leftOut = leftOut
        self.logLoss = evaluation.logLoss
        self.brier = evaluation.brier
        self.auroc = evaluation.auroc
        self.averagePrecision = evaluation.averagePrecision
    }

    enum CodingKeys: String, CodingKey {
        case accuracy
        case balancedAccuracy = "balanced_accuracy"
        case macroF1 = "macro_f1"
        case n
        case perClass = "per_class"
        case intervals, calibration
        case testUses = "test_uses"
        case leftOut = "left_out"
        case logLoss = "log_loss"
        case brier, auroc
        case averagePrecision = "average_precision"
    }
}

// The synthesized encoders leave `nil` out; here it must read `null`.

extension MetricsReport {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(accuracy, forKey: .accuracy)
        try container.encode(balancedAccuracy, forKey: .balancedAccuracy)
        try container.encode(macroF1, forKey: .macroF1)
        try container.encode(n, forKey: .n)
        try container.encode(perClass, forKey: .perClass)
        try container.encode(intervals, forKey: .intervals)
        try container.encode(calibration, forKey: .calibration)
        try container.encode(testUses, forKey: .testUses)
        try container.encodeIfPresent(leftOut, forKey: .leftOut)
        try container.encode(logLoss, forKey: .logLoss)
        try container.encode(brier, forKey: .brier)
        try container.encode(auroc, forKey: .auroc)
        try container.encode(averagePrecision, forKey: .averagePrecision)
    }
}

extension MetricsReport.PerClass {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(precision, forKey: .precision)
        try container.encode(recall, forKey: .recall)
        try container.encode(f1, forKey: .f1)
        try container.encode(support, forKey: .support)
    }
}

extension MetricsReport.PerClassIntervals {
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(precision, forKey: .precision)
        try container.encode(recall, forKey: .recall)
    }
}
