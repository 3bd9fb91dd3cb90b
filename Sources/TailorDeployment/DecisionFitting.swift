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

    /// Fits the rules. Returns the file's description with rules and calibration errors.
    ///
    /// Throws ``DeploymentError/unreachableError(wanted:least:)`` if no threshold keeps to `maximumError`.
    func rules(
        for file: ModelFile, classifier: Classifier, reference: Quantizer.Reference,
        training: (image: @Sendable (Int) throws -> RGBImage, labels: [Int])
    ) throws -> ModelDescription {
        let report = self.report
        let validation = try classifier.outputs(
            reference.images.count, resized: reference.images.image)
        // Each training image is read and classified once, and not kept.
        let known = try classifier.outputs(
            training.labels.count,
            progress: {
                report(.progress(name: "learning what is familiar", done: $0, total: training.labels.count))
            }, resized: training.image)
        var description = file.description
        let temperature = description.calibration.temperature
        let probabilities = try validation.logits.softmax(temperature: temperature)
        description.calibration.eceBefore = try Calibration.ece(
            validation.logits.softmax(), labels: reference.labels)
        description.calibration.eceAfter = try Calibration.ece(probabilities, labels: reference.labels)

        var decision = DecisionRules(
            coverage: try SelectivePrediction.table(probabilities, labels: reference.labels))
        decision.featureDistance = FeatureDistance.fit(
            training: known.features, labels: training.labels, classCount: description.classes.count,
            validation: validation.features)
        if let costs = options.costs {
            decision.cost = try CostRule.fit(
                probabilities, labels: reference.labels, classes: description.classes,
                positive: description.classes.firstIndex(of: costs.positive) ?? 0,
                falseNegative: costs.falseNegative, falsePositive: costs.falsePositive)
        }
        if let wanted = options.maximumError {
            guard
                let point = try SelectivePrediction.point(
                    maximumError: wanted, probabilities, labels: reference.labels)
            else {
                throw DeploymentError.unreachableError(
                    wanted: wanted, least: decision.coverage.map(\.error).min() ?? 1)
            }
            // Rounded down, so that the sample that set the threshold is accepted.
            decision.minimumProbability = max(0, (point.threshold * 1e6).rounded(.down) / 1e6)
        }
        description.decision = decision
        return description
    }
}
