import TailorArguments
import TailorInference

extension TileGrid.Layout: ArgumentValue {
    package init(argument text: String) throws(ValueProblem) {
        if text == "auto" {
            self = .automatic
            return
        }
        let parts = text.lowercased().split(separator: "x", omittingEmptySubsequences: false)
        guard parts.count == 2, let columns = Int(parts[0]), let rows = Int(parts[1]) else {
            throw ValueProblem(expected: "auto, or columns and rows as 3x2")
        }
        self = .grid(columns: columns, rows: rows)
    }

    package var argumentText: String {
        switch self {
        case .automatic: "auto"
        case .grid(let columns, let rows): "\(columns)x\(rows)"
        }
    }
    package static var placeholder: String { "auto|3x2" }
}
