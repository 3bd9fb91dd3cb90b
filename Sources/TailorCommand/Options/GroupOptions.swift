import Foundation
import Tailor
import TailorArguments

/// Option that names which images belong together.
struct GroupOptions: ArgumentGroup {
    @Option(
        placeholder: "regex|csv", completion: .file("csv"),
        help:
            "Images of one group (patient, video, module) belong on one side of a split. A regular expression "
            + "on the path from DATA: its first capture group, or whole match, is the group. Or a .csv file with "
            + "the columns path and group.")
    var groupBy: String?

    func grouping() throws -> (@Sendable (String) -> String?)? {
        guard let groupBy else { return nil }
        if groupBy.lowercased().hasSuffix(".csv") {
            let table = try GroupTable(contentsOf: URL(fileURLWithPath: groupBy))
            return { table.group(of: $0) }
        }
        let pattern = try GroupPattern(groupBy)
        return { pattern.group(of: $0) }
    }
}
