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

    init(suspects: [ReviewPage.Suspect], total: Int, files: [String]) {
        self.files = files
        self.suspects = suspects.count
        leftOut = total - suspects.count
        kinds = Dictionary(
            suspects.flatMap { $0.kinds.map { ($0.rawValue, 1) } }, uniquingKeysWith: +)
    }

    private static let names: [(ReviewPage.Kind, String)] = [
        (.label, "doubtful labels"), (.classes, "under two classes"), (.copies, "copies across splits"),
        (.extreme, "odd images"), (.unreadable, "unreadable"),
    ]

    var text: String {
        let parts = Self.names.compactMap { kind, name in
            kinds[kind.rawValue].map { "\(Format.count($0)) \(name)" }
        }
        let found = parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
        let more = leftOut > 0 ? "; \(Format.count(leftOut)) more beyond --limit" : ""
        return """
            \(Format.count(suspects, "image")) to look at\(found)\(more)
            Open \(files.map(\.quotedForShell).joined(separator: ", ")) in a browser; it exports decisions.csv.
            Next: tailor train DATA --decisions decisions.csv
                  tailor check DATA --apply decisions.csv --output corrected
            """
    }
}
