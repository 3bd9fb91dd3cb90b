/// What an exported model reached on the images that the trained one was tested on, in one use of the test set.
public struct ExportedEvaluation: Sendable {
    /// What tables call it, as `int8`.
    public let name: String
    public let evaluation: ModelEvaluation
    /// Share of the images to which it gives the class that the trained model gives, 0...1.
    public let sameClass: Double

    public init(name: String, evaluation: ModelEvaluation, sameClass: Double) {
        self.name = name
        self.evaluation = evaluation
        self.sameClass = sameClass
    }

    /// - Parameter trained: the trained model's, of the same images in the same order.
    public init(name: String, evaluation: ModelEvaluation, beside trained: ModelEvaluation) {
        self.init(
            name: name, evaluation: evaluation,
            sameClass: agreement(trained.predictions, evaluation.predictions))
    }
}
