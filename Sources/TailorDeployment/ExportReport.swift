import TailorEvaluation
import TailorModelFile

/// What `export` did, for `--json` and for people.
public struct ExportReport: Codable, Sendable {
    /// The model's rules without the numbers that only programs read.
    public struct Decision: Codable, Sendable {
        public var minimumProbability: Double?
        public var cost: CostRule?
        /// Pictures whose features lie farther from every class are called unfamiliar.
        public var maximumDistance: Double?
        public var coverage: [SelectivePrediction.Point]

        init(_ rules: DecisionRules) {
            minimumProbability = rules.minimumProbability
            cost = rules.cost
            maximumDistance = rules.featureDistance?.threshold
            coverage = rules.coverage
        }
    }

    public var path: String
    public var precision: ModelDescription.WeightPrecision
    public var input: ModelDescription.Input
    /// Bytes of the file, and of the same network in 32-bit floats.
    public var bytes: Int
    public var floatBytes: Int
    /// Largest difference between the trained network's logits and those of the exported graph in 32-bit floats.
    public var differenceFromTraining: Double
    /// Largest difference of a logit, in 32-bit floats, between resizing in the graph and before it.
    public var embeddedDifference: Double?
    public var comparedImages: Int
    /// Median of single images, computing alone, milliseconds: the file, and 32-bit floats.
    public var latency: Double
    public var floatLatency: Double
    /// On validation images; `nil` where nothing was quantized.
    public var gate: GateReport?
    /// Of the exported model, on validation images.
    public var calibration: TemperatureScaling
    public var decision: Decision
}
