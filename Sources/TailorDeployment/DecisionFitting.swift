import TailorEvaluation
import TailorImages
import TailorInference
import TailorModelFile

/// Fitting of the decision rules on validation images, with the exported model itself.
struct DecisionFitting {
    /// Most training images for the feature distance, spread over the classes.
    static let maximumTrainingImages = 2000

    let options: ExportOptions
    let report: @Sendable (ExportEvent) -> Void

    /// Fits the rules. Returns the file's description with rules and calibration errors, and what the threshold of
    /// `maximumError` was shown to keep to.
    ///
    /// Images are given as the file takes them.
    ///
    /// Throws ``DeploymentError/unreachableError(wanted:best:images:)`` if no threshold keeps to `maximumError`.
    func rules(
        for file: ModelFile, classifier: Classifier,
        validation validationImages: (image: @Sendable (Int) throws -> RGBImage, labels: [Int]),
        training: (image: @Sendable (Int) throws -> RGBImage, labels: [Int])
    ) throws -> (description: ModelDescription, promise: SelectivePrediction.Promise?) {
        let report = self.report
        let validation = try classifier.outputs(
            validationImages.labels.count, of: validationImages.image)
        // Each training image is read and classified once, and not kept.
        let known = try classifier.outputs(
            training.labels.count,
            progress: {
                report(.progress(name: "learning what is familiar", done: $0, total: training.labels.count))
            }, of: training.image)
        var description = file.description
        let temperature = description.calibration.temperature
        let probabilities = try validation.logits.softmax(temperature: temperature)
        description.calibration.eceBefore = try Calibration.ece(
            validation.logits.softmax(), labels: validationImages.labels)
        description.calibration.eceAfter = try Calibration.ece(probabilities, labels: validationImages.labels)

        var decision = DecisionRules()
        decision.featureDistance = FeatureDistance.fit(
            training: known.features, labels: training.labels, classCount: description.classes.count,
            validation: validation.features)
        if let costs = options.costs {
            decision.cost = try CostRule.fit(
                probabilities, labels: validationImages.labels, classes: description.classes,
                positive: description.classes.firstIndex(of: costs.positive) ?? 0,
                falseNegative: costs.falseNegative, falsePositive: costs.falsePositive)
        }
        // Of the answers that will be given, which a cost rule changes.
        let answers = decision.cost.map { cost in
            (0..<probabilities.count).map {
                cost.decide(Array(probabilities[$0]), classes: description.classes)
            }
        }
        decision.coverage = try SelectivePrediction.table(
            probabilities, answers: answers, labels: validationImages.labels)
        var promise: SelectivePrediction.Promise?
        if let wanted = options.maximumError {
            promise = try SelectivePrediction.promise(
                maximumError: wanted, probabilities, answers: answers, labels: validationImages.labels)
            guard let promise else {
                throw DeploymentError.unreachableError(
                    wanted: wanted,
                    best: try SelectivePrediction.bestPromise(
                        probabilities, answers: answers, labels: validationImages.labels),
                    images: validationImages.labels.count)
            }
            // Rounded down, so that the sample that set the threshold is accepted.
            decision.minimumProbability = max(0, (promise.point.threshold * 1e6).rounded(.down) / 1e6)
        }
        description.decision = decision
        return (description, promise)
    }
}
