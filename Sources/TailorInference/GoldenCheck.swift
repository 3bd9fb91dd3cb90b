import TailorImages
import TailorModelFile
import TailorSupport

/// Comparison of a model's logits with the golden vectors of its description.
struct GoldenCheck {
    let description: ModelDescription
    /// Arithmetic of the model, see `Classifier.arithmetic`.
    let arithmetic: String
    /// Name of the model in errors.
    let name: String

    /// Largest difference of a logit that rounding explains, as a share of the largest logit (at least 1).
    ///
    /// Four times or more what other instruction sets were seen to need on x86 (OpenVINO 2026.4 held to AVX2,
    /// AVX-512 without VNNI and SSE4.1: 8 bits 0.005, floats 5e-6), and ONNX Runtime in floats (2e-5). Codes
    /// that saturate without VNNI differ by far more. Nothing but x86 was measured: 8 bits may be computed
    /// otherwise elsewhere.
    private var relativeTolerance: Float {
        switch arithmetic {
        case "fp32": return 2e-4
        // Against the logits in 32 bits: what this arithmetic itself costs.
        case "bf16": return 0.05
        default:
            #if arch(x86_64)
                return 0.02
            #else
                return 0.1
            #endif
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

/// An error that says why a model is not used.
public enum ClassifierError: CategorizedError, Sendable {
    /// The model's logits for a golden vector differ from those at export.
    case wrongAnswer(path: String, vector: Int, expected: [Float], got: [Float], tolerance: Float)
    /// A logit is not finite.
    case notFinite
    /// There is not one logit for each class.
    case wrongWidth(logits: Int, classes: Int)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .wrongAnswer(let path, let vector, let expected, let got, let tolerance):
            "\(path): golden vector \(vector): expected the logits \(expected.prefix(5)) within \(tolerance), "
                + "got \(got.prefix(5)): on this machine the model would not answer as it did when it was exported"
        case .notFinite: "the model's answer is not finite"
        case .wrongWidth(let logits, let classes):
            "the model's answer: expected a number for each of its \(classes) classes, got \(logits)"
        }
    }
}
