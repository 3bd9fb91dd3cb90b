import TailorImages
import TailorModelFile
import TailorSupport

/// Comparison of a model's logits with the golden vectors of its description.
package struct GoldenCheck {
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

    /// Largest difference between a logit and the mean of its map plus the bias that rounding explains, as a share of
    /// the largest logit (at least 1). In 8 bits the head rounds the features once more.
    package static func mapTolerance(_ arithmetic: String) -> Double {
        switch arithmetic {
        case "fp32": 2e-4
        default: 0.05
        }
    }

    /// Throws ``ClassifierError/wrongAnswer(path:vector:expected:got:tolerance:)``,
    /// ``ClassifierError/wrongMaps(path:vector:reason:)`` and what `outputs` throws.
    func run(_ outputs: (RGBImage) throws -> Classifier.Outputs) throws {
        for (index, vector) in description.golden.enumerated() {
            let outputs = try outputs(vector.image())
            let got = outputs.logits
            let tolerance = relativeTolerance * max(1, vector.logits.map(abs).max() ?? 1)
            guard got.count == vector.logits.count,
                zip(got, vector.logits).allSatisfy({ abs($0 - $1) <= tolerance })
            else {
                throw ClassifierError.wrongAnswer(
                    path: name, vector: index + 1, expected: vector.logits, got: got, tolerance: tolerance)
            }
            if let facts = description.maps {
                try check(outputs, facts, vector, index: index, tolerance: tolerance)
            }
        }
    }

    private func check(
        _ outputs: Classifier.Outputs, _ facts: ModelDescription.Maps, _ vector: GoldenVector, index: Int,
        tolerance: Float
    ) throws {
        guard let maps = outputs.maps, let label = vector.logits.argmax, let expected = vector.map else {
            throw ClassifierError.wrongMaps(path: name, vector: index + 1, reason: "there is none")
        }
        let largest = max(1, outputs.logits.map(abs).max() ?? 1)
        let allowed = Float(Self.mapTolerance(arithmetic)) * largest
        for (logit, sum) in zip(outputs.logits, zip(maps.means, facts.biases).map { $0 + $1 })
        where abs(logit - sum) > allowed {
            throw ClassifierError.wrongMaps(
                path: name, vector: index + 1,
                reason: "their mean and bias give \(sum), the logit is \(logit)")
        }
        // A cell is not averaged, so it may differ more than a logit does, by as much as the map is higher.
        let height = max(1, (expected.map(abs).max() ?? 1) / largest)
        for (cell, value) in zip(maps[label].values, expected) where abs(cell - value) > tolerance * height {
            throw ClassifierError.wrongMaps(
                path: name, vector: index + 1, reason: "expected \(value) in a cell, got \(cell)")
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
    /// The model's activation maps for a golden vector do not explain its logits, or differ from those at export.
    case wrongMaps(path: String, vector: Int, reason: String)
    /// The model was exported without activation maps.
    case noMaps
    /// bfloat16 was asked for, and the processor does not compute in it.
    case noBFloat16

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .wrongAnswer(let path, let vector, let expected, let got, let tolerance):
            "\(path): golden vector \(vector): expected the logits \(expected.prefix(5)) within \(tolerance), "
                + "got \(got.prefix(5)): on this machine the model would not answer as it did when it was exported"
        case .wrongMaps(let path, let vector, let reason):
            "\(path): golden vector \(vector): its activation maps are wrong: \(reason)"
        case .noBFloat16:
            "this processor does not compute in bfloat16: leave out --precision, or give fp32"
        case .noMaps:
            "the model file holds no activation maps: it was exported with --no-maps, or by a version that knew none; "
                + "export the run again"
        case .notFinite: "the model's answer is not finite"
        case .wrongWidth(let logits, let classes):
            "the model's answer: expected a number for each of its \(classes) classes, got \(logits)"
        }
    }
}
