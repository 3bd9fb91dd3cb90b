import Foundation
import TailorModelFile

/// What `export` is asked for.
public struct ExportOptions: Sendable {
    public var precision: ModelDescription.Precision
    public var input: ModelDescription.Input
    public var limits: GateReport.Limits
    /// Ways to choose activation ranges that are tried.
    public var rangeMethods: [RangeMethod]
    /// Training images whose activations are measured, spread over the classes.
    public var calibrationImages: Int
    /// Where the data lies now; `nil`: where the run found it.
    public var dataset: URL?
    public var threads: Int
    public var seed: UInt64

    public init(
        precision: ModelDescription.Precision = .int8, input: ModelDescription.Input = .external,
        limits: GateReport.Limits = .init(), rangeMethods: [RangeMethod] = RangeMethod.allCases,
        calibrationImages: Int = 300, dataset: URL? = nil,
        threads: Int = ProcessInfo.processInfo.activeProcessorCount, seed: UInt64 = 0
    ) {
        self.precision = precision
        self.input = input
        self.limits = limits
        self.rangeMethods = rangeMethods
        self.calibrationImages = calibrationImages
        self.dataset = dataset
        self.threads = threads
        self.seed = seed
    }
}

/// What happens while exporting, for whoever shows it.
public enum ExportEvent: Sendable {
    case progress(name: String, done: Int, total: Int)
    /// A quantized model was measured on the validation images.
    case candidate(GateReport)
    case warning(String)
}
