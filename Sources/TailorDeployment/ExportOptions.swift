import Foundation
import TailorModelFile

/// What `export` is asked for.
public struct ExportOptions: Sendable {
    /// What mistakes about one class cost.
    public struct Costs: Sendable, Equatable {
        /// Class name.
        public var positive: String
        public var falseNegative: Double
        public var falsePositive: Double

        public init(positive: String, falseNegative: Double, falsePositive: Double) {
            self.positive = positive
            self.falseNegative = falseNegative
            self.falsePositive = falsePositive
        }
    }

    public var precision: ModelDescription.WeightPrecision
    public var input: ModelDescription.Input
    public var limits: GateReport.Limits
    /// Ways to choose activation ranges that are tried.
    public var rangeMethods: [RangeMethod]
    /// Training images whose activations are measured, spread over the classes.
    public var calibrationImages: Int
    /// Share of wrong answers on validation images that is bearable, 0...1; unsure answers are rejected until it is
    /// kept. `nil`: no answer is rejected for being unsure.
    public var maximumError: Double?
    public var costs: Costs?
    /// Where the data lies now; `nil`: where the run found it.
    public var dataset: URL?
    public var threads: Int
    public var seed: UInt64
    /// Bytes of resized validation images that are kept between passes; further ones are read anew each time. At
    /// 224 pixels a side, 256 MiB are 1,783 images.
    package var heldPictureBytes = 256 << 20

    public init(
        precision: ModelDescription.WeightPrecision = .int8, input: ModelDescription.Input = .external,
        limits: GateReport.Limits = .init(), rangeMethods: [RangeMethod] = RangeMethod.allCases,
        calibrationImages: Int = 300, maximumError: Double? = nil, costs: Costs? = nil, dataset: URL? = nil,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, seed: UInt64 = 0
    ) {
        self.precision = precision
        self.input = input
        self.limits = limits
        self.rangeMethods = rangeMethods
        self.calibrationImages = calibrationImages
        self.maximumError = maximumError
        self.costs = costs
        self.dataset = dataset
        self.threads = threads
        self.seed = seed
    }

    /// Throws ``DeploymentError/invalidOption(name:expected:got:)`` for what can be known beforehand.
    func validate(classes: [String]) throws {
        guard !rangeMethods.isEmpty else {
            throw DeploymentError.invalidOption(name: "ranges", expected: "at least one", got: "none")
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

/// What happens while exporting, for whoever shows it.
public enum ExportEvent: Sendable {
    case progress(name: String, done: Int, total: Int)
    /// A quantized model was measured on the validation images.
    case candidate(GateReport)
}
