import TailorModelFile

/// What `export` did, for `--json` and for people.
public struct ExportReport: Codable, Sendable {
    public var path: String
    public var precision: ModelDescription.Precision
    /// Bytes of the file, and of the same network in 32-bit floats.
    public var bytes: Int
    public var floatBytes: Int
    /// Largest difference between the trained network's logits and those of the exported graph in 32-bit floats.
    public var differenceFromTraining: Double
    public var comparedImages: Int
    /// Median of single images, computing alone, milliseconds: the file, and 32-bit floats.
    public var latency: Double
    public var floatLatency: Double
    /// On validation images; `nil` where nothing was quantized.
    public var gate: GateReport?
}
