/// One image file's answer, or why there is none.
public struct Prediction: Codable, Sendable, Equatable {
    /// Part of a picture, pixels.
    public struct Place: Codable, Sendable, Equatable {
        public var left: Int
        public var top: Int
        public var width: Int
        public var height: Int

        public init(left: Int, top: Int, width: Int, height: Int) {
            self.left = left
            self.top = top
            self.width = width
            self.height = height
        }
    }

    public var path: String
    public var predicted: String?
    /// Calibrated, 0…1.
    public var probability: Double?
    /// By class name.
    public var probabilities: [String: Double]?
    /// Why the answer should not be relied on: `unsure` or `unfamiliar`; `nil`: it stands.
    public var rejected: String?
    /// Of the features to the nearest class of the training images, in standard deviations.
    public var distance: Double?
    /// The part that decided, where the picture was looked at in parts.
    public var place: Place?
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
