import Foundation
import TailorEvaluation
import TailorModelFile
import TailorSupport

/// Result of the gate: effect of quantization on the answers on validation images, with its limits.
public struct GateReport: Codable, Sendable, Equatable {
    /// Limits of the gate.
    public struct Limits: Codable, Sendable, Equatable {
        /// Largest drop of macro-F1, 0...1.
        public var maximumDrop: Double
        /// Smallest share of images whose predicted class stays, 0...1.
        public var minimumAgreement: Double

        public init(maximumDrop: Double = 0.005, minimumAgreement: Double = 0.99) {
            self.maximumDrop = maximumDrop
            self.minimumAgreement = minimumAgreement
        }
    }

    public let limits: Limits
    /// Method for activation ranges; `nil` if none are stored.
    public let ranges: RangeMethod?
    public let images: Int
    public let calibrationImages: Int
    /// Macro-F1 with 32-bit floats, 0...1.
    public let macroF1Before: Double
    public let macroF1After: Double
    public let accuracyBefore: Double
    public let accuracyAfter: Double
    /// Share of images whose predicted class stays, 0...1.
    public let agreement: Double
    public let largestLogitDifference: Double
    public let meanLogitDifference: Double
    /// Largest difference of a calibrated probability between the run and the file, 0...1.
    public let largestProbabilityDifference: Double
    /// Mean of the largest difference of each image's probabilities, 0...1.
    public let meanProbabilityDifference: Double
    /// Names of the layers left in 32-bit floats.
    public let floatLayers: [String]

    init(
        before: ScoreMatrix, after: ScoreMatrix, labels: [Int], classes: [String], ranges: RangeMethod?,
        calibrationImages: Int, floatLayers: [String], limits: Limits,
        temperature: Double
    ) throws {
        let (old, new) = (before.predictions, after.predictions)
        let metricsBefore = try ClassificationMetrics(labels: labels, predictions: old, classes: classes)
        let metricsAfter = try ClassificationMetrics(labels: labels, predictions: new, classes: classes)
        let differences = zip(before.values, after.values).map { abs($0 - $1) }
        let (probabilitiesBefore, probabilitiesAfter) = (
            try before.softmax(temperature: temperature), try after.softmax(temperature: temperature)
        )
        let changes = (0..<before.count).map { row in
            zip(probabilitiesBefore[row], probabilitiesAfter[row]).map { abs($0 - $1) }.max() ?? 0
        }
        largestProbabilityDifference = changes.max() ?? 0
        meanProbabilityDifference = changes.reduce(0, +) / Double(max(changes.count, 1))
        self.limits = limits
        self.ranges = ranges
        self.calibrationImages = calibrationImages
        self.floatLayers = floatLayers
        images = labels.count
        macroF1Before = metricsBefore.macroF1
        macroF1After = metricsAfter.macroF1
        accuracyBefore = metricsBefore.accuracy
        accuracyAfter = metricsAfter.accuracy
        agreement = TailorEvaluation.agreement(old, new)
        largestLogitDifference = differences.max() ?? 0
        meanLogitDifference = differences.reduce(0, +) / Double(max(differences.count, 1))
    }

    /// True if the limits hold.
    public var passes: Bool {
        macroF1Before - macroF1After <= limits.maximumDrop + 1e-12
            && agreement >= limits.minimumAgreement - 1e-12
    }

    /// Compares two results: passing before failing, then by agreement, then by the mean difference of
    /// logits.
    func isBetter(than other: GateReport) -> Bool {
        if passes != other.passes { return passes }
        if agreement != other.agreement { return agreement > other.agreement }
        return meanLogitDifference < other.meanLogitDifference
    }

    var refusal: String {
        func percent(_ value: Double) -> String { String(format: "%.2f %%", 100 * value) }
        return """
            the quantized model is worse than allowed on \(counted(images, "validation image")): macro-F1 \
            \(percent(macroF1Before)) before, \(percent(macroF1After)) after (may fall by \
            \(percent(limits.maximumDrop))); the same class for \(percent(agreement)) (at least \
            \(percent(limits.minimumAgreement))). Nothing was written. Try --precision fp16, or a larger --max-drop.
            """
    }

    /// Results of the gate for the model's description.
    var summary: ModelDescription.Quantization {
        ModelDescription.Quantization(
            ranges: ranges?.rawValue ?? "", calibrationImages: calibrationImages, validationImages: images,
            macroF1Before: macroF1Before, macroF1After: macroF1After, agreement: agreement,
            largestLogitDifference: largestLogitDifference, floatLayers: floatLayers)
    }
}
