/// The one number that calibrates a model (Guo et al. 2017), and what it did on validation images.
public struct TemperatureScaling: Codable, Sendable, Equatable {
    /// Logits are divided by this before the softmax; fitted on validation images.
    public var temperature: Double
    /// Expected calibration error on validation images at temperature 1 and at `temperature`, 0...1; `nil` where
    /// it was not measured.
    public var eceBefore: Double?
    public var eceAfter: Double?

    public init(temperature: Double, eceBefore: Double? = nil, eceAfter: Double? = nil) {
        self.temperature = temperature
        self.eceBefore = eceBefore
        self.eceAfter = eceAfter
    }
}
