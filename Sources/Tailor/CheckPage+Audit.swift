import Foundation
import TailorAudit
import TailorImages
import TailorReports
import TailorSupport

extension CheckPage {
    /// Fills the page of an audit: its findings with thumbnails, distributions by class, and what the augmentation
    /// makes of some images.
    public init(_ audit: DatasetAudit, augmentation: Augmentation, imageSize: Int, origin: String) {
        self.init(audit.report, origin: origin)
        let root = URL(fileURLWithPath: audit.report.root)
        for path in CheckPage.thumbnailPaths(of: audit.report) {
            thumbnails[path] = Thumbnail.jpeg(
                of: root.appending(path: path), size: 160, intensityRange: audit.intensityRange)
        }
        let learning = audit.images.filter { $0.split != .test }
        charts = [
            Self.histogram(
                "Shorter side", "Pixels; the network sees \(imageSize).", learning, audit.classes,
                [64, 128, 224, 320, 480, 720, 1080, 2160]
            ) { Double(min($0.measurement.width, $0.measurement.height)) },
            Self.histogram(
                "Brightness", "Mean of a picture, 0 to 255.", learning, audit.classes,
                Array(stride(from: 32, through: 224, by: 32))
            ) { Double($0.measurement.mean.reduce(0, +)) / 3 },
        ]
        contactSheets = [
            Self.contactSheet(learning, audit, augmentation: augmentation, imageSize: imageSize)
        ].compactMap { $0 }
    }

    private static func histogram(
        _ title: String, _ caption: String, _ images: [ScreenedImage], _ classes: [String], _ limits: [Int],
        _ value: (ScreenedImage) -> Double
    ) -> Histogram {
        var counts = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: limits.count + 1)
        for image in images {
            let bin = limits.firstIndex { value(image) < Double($0) } ?? limits.count
            counts[bin][image.label] += 1
        }
        let labels =
            ["under \(limits[0])"] + zip(limits, limits.dropFirst()).map { "\($0)–\($1 - 1)" }
            + ["\(limits[limits.count - 1]) or more"]
        // Empty bins at both ends say nothing.
        let used = counts.indices.filter { counts[$0].contains { $0 > 0 } }
        let range = (used.first ?? 0)...(used.last ?? limits.count)
        return Histogram(
            title: title, caption: caption, classes: classes,
            bins: range.map { .init(label: labels[$0], counts: counts[$0]) })
    }

    /// Shows up to six classes, two images each: as the network sees it unchanged, then five random versions.
    private static func contactSheet(
        _ images: [ScreenedImage], _ audit: DatasetAudit, augmentation: Augmentation, imageSize: Int
    ) -> ContactSheet? {
        guard !augmentation.isIdentity else { return nil }
        let preprocessing = Preprocessing(imageSize: imageSize, intensityRange: audit.intensityRange)
        var rows: [ContactSheet.Row] = []
        for (label, name) in audit.classes.enumerated().prefix(6) {
            for chosen in images.filter({ $0.label == label && $0.split == .train }).prefix(2) {
                let url = URL(fileURLWithPath: audit.report.root + "/" + chosen.path)
                guard let image = try? preprocessing.decoder.decode(contentsOf: url) else { continue }
                var generator = SeededGenerator(seed: UInt64(label))
                var versions = [try? preprocessing.resizedAndCropped(image)]
                for _ in 0..<5 {
                    versions.append(
                        try? augmentation.apply(to: image, preprocessing: preprocessing, using: &generator))
                }
                let images = versions.compactMap { $0.flatMap { Thumbnail.jpeg(of: $0, size: 128) } }
                rows.append(ContactSheet.Row(label: name, images: images))
            }
        }
        guard !rows.isEmpty else { return nil }
        return ContactSheet(
            title: "What the augmentation does",
            caption:
                "First as evaluation sees it, then as training may. Would you still give each the same class?",
            rows: rows)
    }
}
