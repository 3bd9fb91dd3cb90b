import Foundation
import TailorDatasets

/// Image of a dataset with its class, split and measurements.
public struct ScreenedImage: Sendable, Hashable {
    public let sample: Sample
    /// Split of the image; `train` until a validation set is split off.
    public var split: SplitPart
    public var measurement: ImageMeasurement

    package init(sample: Sample, split: SplitPart, measurement: ImageMeasurement) {
        self.sample = sample
        self.split = split
        self.measurement = measurement
    }

    /// Path from the dataset's folder.
    public var path: String { sample.relativePath }
    /// Label: index in the class list.
    public var label: Int { sample.label }
}
