import Foundation
import TailorEvaluation
import TailorImages
import TailorInference
import TailorModelFile

/// Results of an export.
public struct ExportReport: Codable, Sendable {
    /// Decision rules of the model, without its feature means.
    public struct Decision: Codable, Sendable {
        public var minimumProbability: Double?
        public var cost: CostRule?
        /// Largest feature distance of an accepted answer; beyond it, it is rejected as unfamiliar.
        public var maximumDistance: Double?
        public var coverage: [SelectivePrediction.Point]

        /// What ``minimumProbability`` was shown to keep to; `nil` if no error was asked for.
        public var promise: SelectivePrediction.Promise?

        init(_ rules: DecisionRules, promise: SelectivePrediction.Promise?) {
            self.promise = promise
            minimumProbability = rules.minimumProbability
            cost = rules.cost
            maximumDistance = rules.featureDistance?.threshold
            coverage = rules.coverage
        }
    }

    public var path: String
    public var precision: ModelDescription.WeightPrecision
    /// Numbers of int8; says nothing of other precisions.
    public var scheme: QuantizationScheme
    public var input: ModelDescription.Input
    /// Size of the file in bytes.
    public var bytes: Int
    /// Size of the same network in 32-bit floats, in bytes.
    public var floatBytes: Int
    /// Largest difference between the trained network's logits and those of the exported graph in 32-bit
    /// floats.
    public var differenceFromTraining: Double
    /// Largest difference of a logit, in 32-bit floats, between resizing in the graph and before it.
    public var embeddedDifference: Double?
    /// Largest difference between a logit and the mean of its activation map plus the bias; `nil` for a file
    /// without maps.
    public var mapDifference: Double?
    public var comparedImages: Int
    /// Median latency of one image, in milliseconds, without resizing.
    public var latency: Double
    /// Median latency of one image in 32-bit floats, in milliseconds, without resizing.
    public var floatLatency: Double
    /// Result of the gate on validation images; `nil` if nothing was quantized.
    public var gate: GateReport?
    /// Calibration of the exported model on validation images.
    public var calibration: TemperatureScaling
    public var decision: Decision
}

/// Latency of one resized image with a loaded model.
enum Latency {
    private static let warmUp = 5
    private static let runs = 30

    /// Medians in milliseconds, one a file. Files alternate, so that other load on the machine affects all
    /// alike.
    static func medians(_ files: [ModelFile], threads: Int) throws -> [Double] {
        let classifiers = try files.map {
            try Classifier($0, options: .init(threads: threads, precision: .float32, cacheFolder: nil))
        }
        guard let side = files.first?.description.preprocessing.imageSize else { return [] }
        let image = try RGBImage(width: side, height: side, red: 120, green: 130, blue: 140)
        var times = [[Double]](repeating: [], count: files.count)
        for run in 0..<warmUp + runs {
            for (index, classifier) in classifiers.enumerated() {
                let start = ContinuousClock.now
                _ = try classifier.logits(image)
                let elapsed = ContinuousClock.now - start
                guard run >= warmUp else { continue }
                times[index].append(
                    Double(elapsed.components.seconds) * 1e3 + Double(elapsed.components.attoseconds) * 1e-15)
            }
        }
        return times.map { $0.sorted()[$0.count / 2] }
    }
}
