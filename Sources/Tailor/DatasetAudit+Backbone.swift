import Foundation
import TailorAudit
import TailorDatasets
import TailorFineTuning
import TailorResNet
import TailorSupport

extension DatasetAudit {
    /// Audits a dataset with features of a pretrained backbone.
    ///
    /// - Parameter weights: gives the backbone's; asked when all images have been read, and not at all where
    ///   there is nothing to compare.
    public init(
        _ root: URL, options: Options, weights: @escaping () throws -> LoadedWeights?,
        machine: FineTuner.Machine,
        progress: (@Sendable (Progress) -> Void)? = nil
    ) throws {
        try self.init(
            root, options: options,
            features: { samples, cache in
                let backbone = try BackboneFeatures(
                    weights: weights(), machine: machine, intensityRange: options.intensityRange)
                let values = try backbone.values(of: samples, cache: cache) {
                    progress?(Progress(step: "features", done: $0, total: samples.count))
                }
                guard
                    let matrix = FeatureMatrix(
                        values: values, dimension: values.count / max(samples.count, 1))
                else { throw AuditError.featuresNotFinite }
                return matrix
            }, progress: progress)
    }
}

/// An audit that could not be carried through.
public enum AuditError: CategorizedError, Sendable {
    case featuresNotFinite

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .featuresNotFinite:
            "the pretrained network gives numbers that are not finite: other --weights, or --no-features"
        }
    }
}
