import Foundation
import Tailor
import TailorArguments

/// Option that names which images belong together.
struct GroupOptions: ArgumentGroup {
    @Option(
        placeholder: "regex|csv", completion: .file("csv"),
        help:
            "Images of one group (patient, video, module) belong on one side of a split. A regular expression "
            + "on the path from the folder of images: its first capture group, or whole match, is the group. Or "
            + "a .csv file with the columns path and group.")
    var groupBy: String?

    func source() throws -> GroupSource? {
        guard let groupBy else { return nil }
        if groupBy.lowercased().hasSuffix(".csv") {
            return .table(try GroupTable(contentsOf: URL(fileURLWithPath: groupBy)))
        }
        return .pattern(try GroupPattern(groupBy))
    }
}
