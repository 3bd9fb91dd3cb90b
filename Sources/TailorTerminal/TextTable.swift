import TailorSupport

/// Rows aligned in columns for a terminal or a log.
public struct TextTable: Sendable {
    public enum Alignment: Sendable { case left, right }

    public struct Column: Sendable {
        public let title: String
        public let alignment: Alignment

        public init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    public let columns: [Column]
    public private(set) var rows: [[String]] = []

    public init(columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells are empty, surplus ones left out, control characters made visible.
    public mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0].printable : "" })
    }

    /// The table with its titles in bold where the terminal can; a newline after each row.
    public func render(on terminal: Terminal = .plain) -> String {
        let widths = columns.indices.map { index in
            rows.reduce(columns[index].title.displayWidth) { max($0, $1[index].displayWidth) }
        }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (index, cell) in cells.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - cell.displayWidth)
                let isLast = index == cells.count - 1
                switch columns[index].alignment {
                case .left: text += isLast ? cell : cell + padding
                case .right: text += padding + cell
                }
                if !isLast { text += "  " }
            }
            return text
        }
        let title = terminal.bold(line(columns.map(\.title)))
        return ([title] + rows.map(line)).joined(separator: "\n") + "\n"
    }
}
