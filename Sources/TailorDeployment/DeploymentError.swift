/// Why a model cannot be exported.
public enum DeploymentError: Error, CustomStringConvertible, Sendable {
    case missingParameter(String)
    case noImages(split: String, why: String)
    /// The exported graph does not compute what the trained network computes.
    case differsFromTraining(largest: Double, allowed: Double)
    /// Quantized, the model is worse than allowed: `export` ends with 3.
    case gateRefused(GateReport)
    case invalidOption(name: String, expected: String, got: String)

    public var description: String {
        switch self {
        case .missingParameter(let name): "the network has no parameter \(name)"
        case .noImages(let split, let why): "no images of \(split) to work with: \(why)"
        case .differsFromTraining(let largest, let allowed):
            "the exported model's logits differ by \(largest) from the trained network's; expected at most \(allowed)"
        case .gateRefused(let report): report.refusal
        case .invalidOption(let name, let expected, let got): "\(name): expected \(expected), got \(got)"
        }
    }
}
