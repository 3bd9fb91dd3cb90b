import Foundation
import TailorDatasets

/// One image of a dataset: where it lies, its class and split, and what reading it once told.
public struct ScreenedImage: Sendable, Hashable {
    public let sample: Sample
    /// `train` until a validation set is split off.
    public var split: SplitPart
    public var measurement: ImageMeasurement

    package init(sample: Sample, split: SplitPart, measurement: ImageMeasurement) {
        self.sample = sample
        self.split = split
        self.measurement = measurement
    }

    /// From the dataset's folder.
    public var path: String { sample.relativePath }
    /// Index in the class list.
    public var label: Int { sample.label }
}
