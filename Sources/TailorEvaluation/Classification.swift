/// What a model says about one picture.
public struct Classification: Sendable, Equatable {
    /// Why an answer should not be relied on.
    public enum Rejection: String, Codable, Sendable {
        /// No class is probable enough.
        case unsure
        /// Its features lie far from those of all training images.
        case unfamiliar
    }

    /// Class names, in the model's order.
    public let classes: [String]
    /// Calibrated probabilities, 0...1, in the order of `classes`.
    public let probabilities: [Double]
    /// Before temperature and softmax.
    public let logits: [Float]
    /// Number of the answer: the class with the largest probability, the first of equals, unless the model has a
    /// rule of costs.
    public let best: Int
    /// `nil`: the answer stands.
    public let rejection: Rejection?
    /// Distance of the features to the nearest class of the training images, in standard deviations; `nil` where
    /// the model has no measure.
    public let distance: Double?

    /// - Parameters:
    ///   - probabilities: one a class, as `logits`.
    ///   - best: below the number of classes.
    package init(
        classes: [String], probabilities: [Double], logits: [Float], best: Int, rejection: Rejection? = nil,
        distance: Double? = nil
    ) {
        self.classes = classes
        self.probabilities = probabilities
        self.logits = logits
        self.best = best
        self.rejection = rejection
        self.distance = distance
    }

    public var label: String { classes[best] }
    public var probability: Double { probabilities[best] }

    /// The `count` most probable classes, the best first; equals in the model's order.
    public func top(_ count: Int) -> [(label: String, probability: Double)] {
        probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
            .prefix(max(0, count)).map { (classes[$0], probabilities[$0]) }
    }
}
