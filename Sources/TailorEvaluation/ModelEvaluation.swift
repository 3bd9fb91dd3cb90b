/// Evaluation of a model's logits on one labelled set.
public struct ModelEvaluation: Sendable {
    public let metrics: ClassificationMetrics
    public let labels: [Int]
    public let predictions: [Int]
    /// softmax(logits / temperature), `[samples, classes]`.
    public let probabilities: ScoreMatrix
    /// Divisor of the logits; fitted on validation data, 1 if not fitted.
    public let temperature: Double
    /// Log loss in nats; see `ProbabilityScores.logLoss`.
    public let logLoss: Double
    public let brier: Double
    /// AUROC of the second of two classes, else the one-versus-rest mean; `nil` if not defined for any class.
    public let auroc: Double?
    public let averagePrecision: Double?
    public let aurocPerClass: [Double?]
    public let averagePrecisionPerClass: [Double?]
    /// Calibration of `probabilities`.
    public let reliability: [Calibration.Bin]
    public let ece: Double
    /// Calibration error at temperature 1.
    public let eceUncalibrated: Double
    public let intervals: MetricIntervals

    /// Measures `logits` (`[samples, classes]`) against `labels`, indices into `classes`.
    ///
    /// - Parameters:
    ///   - temperature: positive.
    ///   - resamples: number of bootstrap resamples for the intervals of the macro averages.
    ///   - seed: seed of the bootstrap.
    /// Throws `EvaluationError` when there is no sample or the inputs do not fit each other.
    public init(
        logits: ScoreMatrix, labels: [Int], classes: [String], temperature: Double = 1,
        resamples: Int = 2000, seed: UInt64 = 0
    ) throws {
        guard logits.classCount == classes.count else {
            throw EvaluationError.countMismatch(
                what: "columns of logits", expected: classes.count, got: logits.classCount)
        }
        try logits.require(labels: labels)
        let probabilities = try logits.softmax(temperature: temperature)
        // From the logits: rounding may make probabilities equal.
        let predictions = logits.predictions
        let metrics = try ClassificationMetrics(labels: labels, predictions: predictions, classes: classes)
        self.metrics = metrics
        self.labels = labels
        self.predictions = predictions
        self.probabilities = probabilities
        self.temperature = temperature
        self.logLoss = try ProbabilityScores.logLoss(probabilities, labels: labels)
        self.brier = try ProbabilityScores.brier(probabilities, labels: labels)
        self.auroc = try Ranking.auroc(probabilities, labels: labels)
        self.averagePrecision = try Ranking.averagePrecision(probabilities, labels: labels)
        self.aurocPerClass = try Ranking.aurocPerClass(probabilities, labels: labels)
        self.averagePrecisionPerClass = try Ranking.averagePrecisionPerClass(probabilities, labels: labels)
        self.reliability = try Calibration.reliability(probabilities, labels: labels)
        self.ece = Calibration.ece(reliability)
        self.eceUncalibrated = try Calibration.ece(logits.softmax(), labels: labels)
        self.intervals = try MetricIntervals(
            metrics: metrics, labels: labels, predictions: predictions, resamples: resamples, seed: seed)
    }

    /// Caveats for the reader of the metrics, in sentences.
    public var cautions: [String] {
        var result: [String] = []
        let missing = metrics.classesWithoutSupport
        if !missing.isEmpty {
            result.append(
                "No sample of \(listed(missing)): recall is not available, and balanced accuracy averages "
                    + "the other classes.")
        }
        let small = metrics.perClass.filter { $0.support > 0 && $0.support < 30 }.map(\.name)
        if !small.isEmpty {
            result.append("Fewer than 30 samples of \(listed(small)): their figures can move a lot.")
        }
        if intervals.macroF1.width == 0 {
            result.append(
                "No class varies under resampling, so the macro figures' intervals have no width; "
                    + "the accuracy's interval says how much \(metrics.n) samples can prove.")
        }
        return result
    }

    /// Quotes at most eight names.
    private func listed(_ names: [String]) -> String {
        let shown = names.prefix(8).map { "“\($0)”" }.joined(separator: ", ")
        return names.count > 8 ? "\(shown) and \(names.count - 8) more" : shown
    }
}

/// Intervals of 95 % of an evaluation's metrics.
public struct MetricIntervals: Sendable, Hashable {
    /// Intervals of one class; `nil` if it has no prediction (precision) or no sample (recall).
    public struct PerClass: Codable, Sendable, Hashable {
        public let precision: Interval?
        public let recall: Interval?
    }

    /// Wilson's interval of the accuracy.
    public let accuracy: Interval
    /// Stratified percentile bootstrap interval.
    public let balancedAccuracy: Interval
    /// Stratified percentile bootstrap interval.
    public let macroF1: Interval
    /// Wilson's intervals, in class order.
    public let perClass: [PerClass]
    public let resamples: Int
    public let seed: UInt64

    init(
        metrics: ClassificationMetrics, labels: [Int], predictions: [Int], resamples: Int, seed: UInt64
    ) throws {
        let correct = metrics.perClass.reduce(0) { $0 + $1.correct }
        guard let accuracy = try Intervals.wilson(successes: correct, total: metrics.n) else {
            throw EvaluationError.empty(what: "samples")
        }
        let macro = try Intervals.bootstrap(
            labels: labels, predictions: predictions, classCount: metrics.perClass.count,
            resamples: resamples, seed: seed)
        self.accuracy = accuracy
        self.balancedAccuracy = macro.balancedAccuracy
        self.macroF1 = macro.macroF1
        self.perClass = try metrics.perClass.map { row in
            PerClass(
                precision: try Intervals.wilson(successes: row.correct, total: row.predicted),
                recall: try Intervals.wilson(successes: row.correct, total: row.support))
        }
        self.resamples = resamples
        self.seed = seed
    }
}

/// Evaluation of an exported model on the images that the trained one was tested on, in the same use of the
/// test set.
public struct ExportedEvaluation: Sendable {
    /// Name in tables, as `int8`.
    public let name: String
    public let evaluation: ModelEvaluation
    /// Share of the images for which both models predict the same class, 0...1.
    public let sameClass: Double

    package init(name: String, evaluation: ModelEvaluation, sameClass: Double) {
        self.name = name
        self.evaluation = evaluation
        self.sameClass = sameClass
    }

    /// Compares with the trained model's evaluation of the same images in the same order.
    package init(name: String, evaluation: ModelEvaluation, beside trained: ModelEvaluation) {
        self.init(
            name: name, evaluation: evaluation,
            sameClass: agreement(trained.predictions, evaluation.predictions))
    }
}
