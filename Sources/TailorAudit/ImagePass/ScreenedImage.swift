import Foundation
import TailorDatasets

/// One image of a dataset under audit, with what was measured of it.
public struct AuditImage: Sendable, Hashable {
    /// From the dataset's folder.
    public let path: String
    public let split: SplitPart
    /// Index in the audit's class names.
    public let label: Int
    public var measurement: ImageMeasurement

    package init(path: String, split: SplitPart, label: Int, measurement: ImageMeasurement) {
        self.path = path
        self.split = split
        self.label = label
        self.measurement = measurement
    }
}
