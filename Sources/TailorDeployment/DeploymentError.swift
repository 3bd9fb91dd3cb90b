import Foundation
import TailorEvaluation
import TailorSupport

/// An error that says why a model cannot be exported.
public enum DeploymentError: CategorizedError, Sendable {
    case missingParameter(String)
    case noImages(split: String, why: String)
    /// The exported graph's logits differ from the trained network's.
    case differsFromTraining(what: String, largest: Double, allowed: Double)
    /// No threshold can be shown to reach an error this low; `best` has the smallest upper bound of all.
    case unreachableError(wanted: Double, best: SelectivePrediction.Promise?, images: Int)
    /// The quantized model is worse than allowed; `export` exits with 3.
    case gateRefused(GateReport)
    case otherRun(path: String, reason: String)
    case invalidOption(name: String, expected: String, got: String)

    public var category: ErrorCategory {
        switch self {
        case .gateRefused: .gate
        case .differsFromTraining: .work
        default: .input
        }
    }

    public var description: String {
        switch self {
        case .missingParameter(let name): "the network has no parameter \(name)"
        case .noImages(let split, let why): "no images of \(split) to work with: \(why)"
        case .differsFromTraining(let what, let largest, let allowed):
            "the logits of \(what) differ by \(largest) from the trained network's; expected at most \(allowed)"
        case .unreachableError(let wanted, let best, let images):
            "--max-error \(wanted): \(counted(images, "validation image")) cannot show with 95 % confidence that so few answers "
                + "are wrong, however many are rejected"
                + (best.map {
                    "; the best they can show is \(String(format: "%.4f", $0.upperBound)) (\($0.wrong) wrong among the "
                        + "\($0.accepted) surest)"
                } ?? "") + "; allow more, or validate on more images"
        case .gateRefused(let report): report.refusal
        case .otherRun(let path, let reason): "\(path): not exported from this run: \(reason)"
        case .invalidOption(let name, let expected, let got): "\(name): expected \(expected), got \(got)"
        }
    }
}
