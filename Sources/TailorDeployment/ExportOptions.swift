import Foundation
import TailorModelFile
import TailorSupport

/// Options of an export.
public struct ExportOptions: Sendable {
    /// Costs of errors about one class.
    public struct Costs: Sendable, Equatable {
        /// Name of the positive class.
        public var positive: String
        /// Cost of a positive sample predicted as another class.
        public var falseNegative: Double
        /// Cost of a sample of another class predicted as positive.
        public var falsePositive: Double

        public init(positive: String, falseNegative: Double, falsePositive: Double) {
            self.positive = positive
            self.falseNegative = falseNegative
            self.falsePositive = falsePositive
        }
    }

    public var precision: ModelDescription.WeightPrecision
    /// Numbers of int8: ``QuantizationScheme/symmetric`` for TensorRT, with external input.
    public var scheme: QuantizationScheme
    public var input: ModelDescription.Input
    public var limits: GateReport.Limits
    /// Methods for activation ranges that are tried.
    public var rangeMethods: [RangeMethod]
    /// Number of training images for calibration, spread over the classes.
    public var calibrationImages: Int
    /// Largest share of wrong answers on validation images, 0...1, reached by rejecting unsure ones; `nil` to
    /// reject none.
    public var maximumError: Double?
    public var costs: Costs?
    /// Whether the file gives activation maps, too; not of more than 1,000 classes.
    public var maps: Bool
    /// Folder of the data; `nil` for the run's own.
    public var dataset: URL?
    public var threads: Int
    public var seed: UInt64
    /// Size of the cache of resized validation images, in bytes; further ones are decoded in each pass. 256
    /// MiB hold 1,783 images of 224 pixels a side.
    package var cachedImageBytes = 256 << 20

    public init(
        precision: ModelDescription.WeightPrecision = .int8, scheme: QuantizationScheme = .affine,
        input: ModelDescription.Input = .external, limits: GateReport.Limits = .init(),
        rangeMethods: [RangeMethod] = RangeMethod.allCases,
        calibrationImages: Int = 300, maximumError: Double? = nil, costs: Costs? = nil, maps: Bool = true,
        dataset: URL? = nil,
        threads: Int = ProcessorCount.available, seed: UInt64 = 0
    ) {
        self.precision = precision
        self.scheme = scheme
        self.input = input
        self.limits = limits
        self.rangeMethods = rangeMethods
        self.calibrationImages = calibrationImages
        self.maximumError = maximumError
        self.costs = costs
        self.maps = maps
        self.dataset = dataset
        self.threads = threads
        self.seed = seed
    }

    /// Throws ``DeploymentError/invalidOption(name:expected:got:)`` for the first invalid option.
    func validate(classes: [String]) throws {
        guard !rangeMethods.isEmpty else {
            throw DeploymentError.invalidOption(name: "ranges", expected: "at least one", got: "none")
        }
        if scheme == .symmetric, precision != .int8 || input != .external {
            throw DeploymentError.invalidOption(
                name: "symmetric quantization", expected: "int8 with external preprocessing",
                got: "\(precision.rawValue), \(input.rawValue)")
        }
        if let maximumError, !(0...1).contains(maximumError) {
            throw DeploymentError.invalidOption(
                name: "maximum error", expected: "0…1", got: "\(maximumError)")
        }
        if let costs, !classes.contains(costs.positive) {
            throw DeploymentError.invalidOption(
                name: "positive class", expected: "one of " + classes.prefix(20).joined(separator: ", "),
                got: costs.positive)
        }
    }
}

/// Progress of an export.
public enum ExportEvent: Sendable {
    case progress(name: String, done: Int, total: Int)
    /// A quantized candidate was measured on the validation images.
    case candidate(GateReport)
}
