import Foundation
import TailorAudit
import TailorImages
import TailorSupport
import TestSupport

/// A clean set of made pictures, into which tests plant one trap each.
final class PlantedTraps {
    private let folder: TemporaryFolder
    var root: URL { folder.url }

    /// `plain` and `striped`, 40 in train, 10 in val, 10 in test; they differ by nothing trivial.
    init() throws {
        folder = try TemporaryFolder()
        var number = 0
        for (split, count) in [("train", 40), ("val", 10), ("test", 10)] {
            for index in 0..<count {
                for name in ["plain", "striped"] {
                    number += 1
                    try write(try TestImage.texture(number), to: "\(split)/\(name)/\(index).png")
                }
            }
        }
    }

    func write(_ image: RGBImage, to path: String, quality: Int? = nil) throws {
        try write(try quality.map { try image.jpegData(quality: $0) } ?? image.pngData(), to: path)
    }

    func write(_ data: Data, to path: String) throws { try folder.write(data, to: path) }

    func image(_ path: String) throws -> RGBImage {
        try ImageDecoder().decode(contentsOf: root.appending(path: path))
    }

    func remove(_ path: String) throws { try FileManager.default.removeItem(at: root.appending(path: path)) }

    func audit(
        _ options: DatasetAudit.Options = .init(augmentation: .none, imageSize: 160),
        features: DatasetAudit.FeatureSource? = nil
    ) throws -> AuditReport {
        try DatasetAudit(root, options: options, features: features).report
    }

    /// Codes of what is found, worst first.
    func codes(_ options: DatasetAudit.Options = .init(augmentation: .none, imageSize: 160)) throws
        -> [String]
    {
        try audit(options).findings.map(\.code)
    }
}

extension AuditReport {
    func finding(_ code: String) -> Finding? { findings.first { $0.code == code } }
    func paths(_ code: String) -> [[String]] { finding(code)?.items.map(\.paths) ?? [] }
}
