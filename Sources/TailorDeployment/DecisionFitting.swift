import TailorEvaluation
import TailorImages
import TailorInference
import TailorModelFile

/// Chooses, on validation images and with the exported model itself, when an answer is rejected and what mistakes
/// cost.
struct DecisionFitting {
    /// Training images whose features say what is familiar, spread over the classes.
    static let maximumTrainingImages = 2000

    let options: ExportOptions
    let report: @Sendable (ExportEvent) -> Void

    /// The file's description with rules and calibration errors.
    ///
    /// Throws ``DeploymentError/unreachableError(wanted:least:)`` when no threshold keeps to `maximumError`.
    func rules(
        for file: ModelFile, classifier: Classifier, reference: Quantizer.Reference,
        training: (picture: @Sendable (Int) throws -> RGBImage, labels: [Int])
    ) throws -> ModelDescription {
        let report = self.report
        let validation = try classifier.outputs(
            reference.pictures.count, resized: reference.pictures.picture)
        // Each is needed once: read, classified, let go.
        let known = try classifier.outputs(
            training.labels.count,
            progress: {
                report(.progress(name: "learning what is familiar", done: $0, total: training.labels.count))
            }, resized: training.picture)
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
            // Rounded down: the answer that set it is accepted, whatever the last digit.
            decision.minimumProbability = max(0, (point.threshold * 1e6).rounded(.down) / 1e6)
        }
        description.decision = decision
        return description
    }
}
