import Foundation
import TailorAudit
import TailorDatasets
import TailorFineTuning
import TailorImages
import TailorResNet
import TailorSupport

extension DatasetAudit {
    /// Audits a dataset with features of a pretrained backbone.
    ///
    /// - Parameter weights: gives the backbone's; asked when all images have been read, and not at all where
    ///   there is nothing to compare.
    /// - Parameter forecast: told, before most features are computed, of how many images and how many seconds they
    ///   will probably take.
    /// - Parameter made: given the backbone, for what else is to be known of it.
    package init(
        _ root: URL, options: Options, weights: @escaping () throws -> LoadedWeights?,
        machine: FineTuner.Machine,
        forecast: ((_ images: Int, _ seconds: Double) -> Void)? = nil,
        made: ((BackboneFeatures) -> Void)?,
        progress: (@Sendable (Progress) -> Void)? = nil
    ) throws {
        try self.init(
            root, options: options,
            features: Self.backboneFeatures(
                weights: weights, machine: machine, intensityRange: options.intensityRange,
                forecast: forecast, made: made, progress: progress),
            progress: progress)
    }

    /// Audits a dataset with features of a pretrained backbone; the parameters are those of
    /// ``init(_:options:weights:machine:forecast:made:progress:)``.
    public init(
        _ root: URL, options: Options, weights: @escaping () throws -> LoadedWeights?,
        machine: FineTuner.Machine,
        forecast: ((_ images: Int, _ seconds: Double) -> Void)? = nil,
        progress: (@Sendable (Progress) -> Void)? = nil
    ) throws {
        try self.init(
            root, options: options, weights: weights, machine: machine, forecast: forecast, made: nil,
            progress: progress)
    }

    /// Features of a pretrained backbone, computed at a size that fits the images; the parameters are those of
    /// ``init(_:options:weights:machine:forecast:made:progress:)``.
    package static func backboneFeatures(
        weights: @escaping () throws -> LoadedWeights?, machine: FineTuner.Machine,
        intensityRange: IntensityRange?, forecast: ((_ images: Int, _ seconds: Double) -> Void)?,
        made: ((BackboneFeatures) -> Void)? = nil, progress: (@Sendable (Progress) -> Void)?
    ) -> FeatureSource {
        { samples, cache in
            let backbone = try BackboneFeatures(
                weights: weights(), machine: machine,
                imageSize: BackboneFeatures.imageSize(
                    shortSide: usualShortSide(samples, cache), count: samples.count),
                intensityRange: intensityRange)
            made?(backbone)
            let values = try backbone.values(
                of: samples, cache: cache, forecast: { forecast?(samples.count, $0) },
                progress: { progress?(Progress(step: "features", done: $0, total: samples.count)) })
            guard
                let matrix = FeatureMatrix(
                    values: values, dimension: values.count / max(samples.count, 1))
            else { throw AuditError.featuresNotFinite }
            return matrix
        }
    }

    /// Median short side of some of the images, pixels: as `cache` has them, else by their headers.
    private static func usualShortSide(_ samples: [Sample], _ cache: DecodedImageCache) -> Int {
        let count = min(samples.count, 101)
        let sides = (0..<count).compactMap { number -> Int? in
            let sample = samples[number * samples.count / count]
            if let image = cache.image(for: sample) { return min(image.width, image.height) }
            return (try? ImageDecoder().probe(contentsOf: sample.url)).map { min($0.width, $0.height) }
        }.sorted()
        return sides.isEmpty ? 224 : sides[sides.count / 2]
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
