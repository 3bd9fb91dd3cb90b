/// One image file's answer, or why there is none.
public struct Prediction: Codable, Sendable, Equatable {
    public var path: String
    public var predicted: String?
    /// Calibrated, 0…1.
    public var probability: Double?
    /// By class name.
    public var probabilities: [String: Double]?
    public var error: String?

    /// - Parameter probabilities: one a class, in the order of `classes`.
    public init(path: String, classes: [String], predicted: Int, probabilities: [Double]) {
        self.path = path
        self.predicted = classes[predicted]
        probability = probabilities[predicted]
        self.probabilities = Dictionary(
            zip(classes, probabilities), uniquingKeysWith: { first, _ in first })
    }

    public init(path: String, error: String) {
        self.path = path
        self.error = error
    }
}
