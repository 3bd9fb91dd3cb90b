import TailorDatasets
import TailorSupport

/// Where each image goes, row by row: the order of the source, with the file's name in the new folder.
struct SplitManifest: Sendable {
    struct Row: Sendable {
        let image: SplitImage
        let part: SplitPart
        let className: String
        let group: String
        /// Within its class folder.
        let fileName: String

        /// From the new folder: `train/bees/01.jpg`.
        var file: String { "\(part.rawValue)/\(className)/\(fileName)" }
    }

    let rows: [Row]

    /// Throws `SplitError.beyond` when the plan is not one of this source, and `ContentHashError`.
    init(source: SplitSource, plan: SplitPlan) throws {
        guard plan.parts.count == source.images.count, plan.classes.count == source.classes.count else {
            throw SplitError.beyond(
                what: "the plan's last image", index: plan.parts.count - 1, count: source.images.count)
        }
        var fileNames = [String](repeating: "", count: source.images.count)
        // A class at a time over all parts: an image has the same name whichever part it goes to.
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

    /// The text of a CSV: `split,path,class,group`; with `files`, also where each is in the new folder, and
    /// for crops the part of the image (`x y width height`).
    func csv(files: Bool) -> String {
        let hasCrops = files && rows.contains { $0.image.crop != nil }
        var lines = [
            CSV.line(
                ["split", "path", "class", "group"] + (files ? ["file"] : []) + (hasCrops ? ["crop"] : []))
        ]
        for row in rows {
            var fields = [row.part.rawValue, row.image.path, row.className, row.group]
            if files { fields.append(row.file) }
            if hasCrops {
                fields.append(row.image.crop.map { "\($0.left) \($0.top) \($0.width) \($0.height)" } ?? "")
            }
            lines.append(CSV.line(fields))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
