/// A model's answer for one image.
public struct Classification: Sendable, Equatable {
    /// Reason not to rely on an answer.
    public enum Rejection: String, Codable, Sendable {
        /// The largest probability is below the threshold.
        case unsure
        /// The image's features lie far from those of all training images.
        case unfamiliar
    }

    /// Class names, in the model's order.
    public let classes: [String]
    /// Calibrated probabilities, 0...1, in the order of `classes`.
    public let probabilities: [Double]
    /// Logits, before temperature and softmax, in the order of `classes`.
    public let logits: [Float]
    /// Index of the predicted class: the largest probability, the first of equals, unless the model has a
    /// cost rule.
    public let best: Int
    /// Reason for rejecting the answer; `nil` if it is accepted.
    public let rejection: Rejection?
    /// Distance of the features to the nearest class of the training images, in standard deviations; `nil` if
    /// the model has no distance rule.
    public let distance: Double?

    /// Creates an answer.
    ///
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

    /// Name of the predicted class.
    public var label: String { classes[best] }
    /// Probability of the predicted class, 0...1.
    public var probability: Double { probabilities[best] }

    /// The `count` most probable classes, the best first; equals in the model's order.
    public func top(_ count: Int) -> [(label: String, probability: Double)] {
        probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
            .prefix(max(0, count)).map { (classes[$0], probabilities[$0]) }
    }
}
