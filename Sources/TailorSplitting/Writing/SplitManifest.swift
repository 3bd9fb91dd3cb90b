import TailorDatasets
import TailorSupport

/// Manifest of a split: a row per image in the order of the source, with its file name in the new folder.
struct SplitManifest: Sendable {
    struct Row: Sendable {
        let image: SplitImage
        let part: SplitPart
        let className: String
        let group: String
        /// File name within the class folder.
        let fileName: String

        /// Path from the new folder: `train/bees/01.jpg`.
        var file: String { "\(part.rawValue)/\(className)/\(fileName)" }
    }

    let rows: [Row]

    /// Creates the manifest of a plan. Throws `SplitError.beyond` when the plan belongs to another source,
    /// and `ContentHashError`.
    init(source: SplitSource, plan: SplitPlan) throws {
        guard plan.parts.count == source.images.count, plan.classes.count == source.classes.count else {
            throw SplitError.beyond(
                what: "the plan's last image", index: plan.parts.count - 1, count: source.images.count)
        }
        var fileNames = [String](repeating: "", count: source.images.count)
        // Names are unique per class over all parts, so that an image's name does not depend on its part.
        for indices in Dictionary(grouping: source.images.indices, by: { source.images[$0].label }).values {
            let names = try UniqueNames.names(for: indices.map { source.images[$0].nameBasis })
            for (index, name) in zip(indices, names) { fileNames[index] = name }
        }
        rows = source.images.indices.map { index in
            Row(
                image: source.images[index], part: plan.parts[index],
                className: source.classes.names[source.images[index].label], group: plan.groups[index],
                fileName: fileNames[index])
        }
    }

    /// CSV text with the columns `split,path,class,group,file` and, of crops, `crop` (`x y width height`).
    /// `DatasetManifest` reads it.
    ///
    /// - Parameter file: path of a row's file from the folder of the CSV.
    func csv(file: (Row) -> String) -> String {
        let hasCrops = rows.contains { $0.image.crop != nil }
        var lines = [
            CSV.line(ManifestHeader.columns + (hasCrops ? [ManifestHeader.cropColumn] : []))
        ]
        for row in rows {
            var fields = ManifestRow(
                part: row.part, path: row.image.path, className: row.className, group: row.group,
                file: file(row)
            ).fields
            if hasCrops {
                fields.append(row.image.crop.map { "\($0.left) \($0.top) \($0.width) \($0.height)" } ?? "")
            }
            lines.append(CSV.line(fields))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
