/// What a model says about one picture.
public struct Classification: Sendable, Equatable {
    /// Class names, in the model's order.
    public let classes: [String]
    /// Calibrated probabilities, 0...1, in the order of `classes`.
    public let probabilities: [Double]
    /// Before temperature and softmax.
    public let logits: [Float]
    /// Number of the class with the largest probability; the first of equals.
    public let best: Int

    public var label: String { classes[best] }
    public var probability: Double { probabilities[best] }

    /// The `count` most probable classes, the best first; equals in the model's order.
    public func top(_ count: Int) -> [(label: String, probability: Double)] {
        probabilities.indices.sorted { (probabilities[$1], $0) < (probabilities[$0], $1) }
            .prefix(max(0, count)).map { (classes[$0], probabilities[$0]) }
    }
}
