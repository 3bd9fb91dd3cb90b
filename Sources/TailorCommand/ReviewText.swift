import Tailor
import TailorSupport

/// What a review holds, for `--json` and in words.
struct ReviewDocument: Encodable {
    let files: [String]
    let suspects: Int
    /// By kind; an image may count in several.
    let kinds: [String: Int]
    /// Suspects that --limit left out.
    let leftOut: Int

    private enum CodingKeys: CodingKey { case files, suspects, kinds, leftOut }

    /// The data, as it is named in what to do next.
    private let data: String

    init(suspects: [ReviewPage.Suspect], total: Int, files: [String], data: String) {
        self.data = data
        self.files = files
        self.suspects = suspects.count
        leftOut = total - suspects.count
        kinds = Dictionary(
            suspects.flatMap { $0.kinds.map { ($0.rawValue, 1) } }, uniquingKeysWith: +)
    }

    private static let names: [(kind: ReviewPage.Kind, one: String, several: String)] = [
        (.label, "doubtful label", "doubtful labels"), (.classes, "under two classes", "under two classes"),
        (.copies, "copy across splits", "copies across splits"), (.extreme, "odd image", "odd images"),
        (.unreadable, "unreadable", "unreadable"),
    ]

    var text: String {
        let parts = Self.names.compactMap { name in
            kinds[name.kind.rawValue].map { "\(Format.count($0)) \($0 == 1 ? name.one : name.several)" }
        }
        let several = kinds.values.reduce(0, +) > suspects ? " (some are more than one of these)" : ""
        let found = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ") + several
        let more = leftOut > 0 ? "; \(Format.count(leftOut)) more beyond --limit" : ""
        guard suspects > 0 else {
            return
                "Nothing to look at: \(files.map(\.quotedForShell).joined(separator: ", ")) says what was looked for"
        }
        return """
            \(Format.count(suspects, "image")) to look at\(found)\(more)
            Open \(files.map(\.quotedForShell).joined(separator: ", ")) in a browser; it exports decisions.csv.
            Next: tailor train \(data.quotedForShell) --decisions decisions.csv
                  tailor check \(data.quotedForShell) --apply decisions.csv --output corrected
            """
    }
}
