import Foundation
import TailorDatasets

/// Which part of a dataset an image belongs to.
public enum Split: String, Codable, Sendable, CaseIterable {
    case train, validation, test

    /// As a folder is called.
    public var name: String { self == .validation ? "val" : rawValue }
}

/// One image of a dataset under audit, with what was measured of it.
public struct AuditImage: Sendable, Hashable {
    /// From the dataset's folder.
    public let path: String
    public let split: Split
    /// Index in the audit's class names.
    public let label: Int
    public var measurement: ImageMeasurement

    package init(path: String, split: Split, label: Int, measurement: ImageMeasurement) {
        self.path = path
        self.split = split
        self.label = label
        self.measurement = measurement
    }
}
