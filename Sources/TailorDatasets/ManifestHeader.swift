import TailorSupport

/// First line of the CSV that `tailor split` writes. What stands below it is taken as it is: names may begin or end with
/// a blank there, which in a table typed by hand is a slip.
package enum ManifestHeader {
    package static let columns = ["split", "path", "class", "group", "file"]
    /// Of boxes that were cut out.
    package static let cropColumn = "crop"

    package static func isOwn(_ header: [String]) -> Bool {
        header == columns || header == columns + [cropColumn]
    }

    /// Records as they were before they were written, if Tailor wrote them; others as they are.
    package static func read(_ records: [CSV.Record]) -> (records: [CSV.Record], isOwn: Bool) {
        guard isOwn(records.first?.fields ?? []) else { return (records, false) }
        return (records.map(\.unguarded), true)
    }
}

/// Row of that CSV.
package struct ManifestRow: Sendable {
    package let part: SplitPart
    /// Path from the folder of the images that were divided.
    package let path: String
    package let className: String
    /// Empty where none is known.
    package let group: String
    /// Path from the folder of the CSV.
    package let file: String

    package init(part: SplitPart, path: String, className: String, group: String, file: String) {
        (self.part, self.path, self.className, self.group, self.file) = (part, path, className, group, file)
    }

    package var fields: [String] { [part.rawValue, path, className, group, file] }

    /// The whole CSV.
    package static func csv(_ rows: [ManifestRow]) -> String {
        ([CSV.line(ManifestHeader.columns)] + rows.map { CSV.line($0.fields) }).joined(separator: "\n") + "\n"
    }
}
