import TailorImages
import TailorModelFile

/// Asks a model the pictures whose answers its exporter stored.
struct GoldenCheck {
    let description: ModelDescription
    /// As `Classifier.arithmetic`.
    let arithmetic: String
    /// What errors call the model.
    let name: String

    /// Largest difference of a logit that rounding explains, as a share of the largest logit (at least 1).
    private var relativeTolerance: Float {
        switch arithmetic {
        case "fp32": 1e-3
        case "bf16": 0.05
        default: 0.1
        }
    }

    /// Throws ``ClassifierError/wrongAnswer(path:vector:expected:got:tolerance:)`` and what `logits` throws.
    func run(_ logits: (RGBImage) throws -> [Float]) throws {
        for (index, vector) in description.golden.enumerated() {
            let got = try logits(vector.image())
            let tolerance = relativeTolerance * max(1, vector.logits.map(abs).max() ?? 1)
            guard got.count == vector.logits.count,
                zip(got, vector.logits).allSatisfy({ abs($0 - $1) <= tolerance })
            else {
                throw ClassifierError.wrongAnswer(
                    path: name, vector: index + 1, expected: vector.logits, got: got, tolerance: tolerance)
            }
        }
    }
}
