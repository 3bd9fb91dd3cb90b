import TailorSupport

/// Why a model is not used.
public enum ClassifierError: CategorizedError, Sendable {
    /// On this machine the model does not answer as when it was exported.
    case wrongAnswer(path: String, vector: Int, expected: [Float], got: [Float], tolerance: Float)
    /// What came out is not a number.
    case notFinite

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .wrongAnswer(let path, let vector, let expected, let got, let tolerance):
            "\(path): golden vector \(vector): expected the logits \(expected.prefix(5)) within \(tolerance), "
                + "got \(got.prefix(5)): on this machine the model would not answer as it did when it was exported"
        case .notFinite: "the model's answer is not finite"
        }
    }
}
