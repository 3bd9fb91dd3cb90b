import TailorSupport

/// Table aligned in columns for a terminal or a log.
package struct TextTable: Sendable {
    package enum Alignment: Sendable { case left, right }

    package struct Column: Sendable {
        package let title: String
        package let alignment: Alignment

        package init(_ title: String, _ alignment: Alignment = .left) {
            self.title = title
            self.alignment = alignment
        }
    }

    package let columns: [Column]
    package private(set) var rows: [[String]] = []

    package init(columns: [Column]) { self.columns = columns }

    /// Adds a row; missing cells are empty, surplus ones dropped, control characters escaped.
    package mutating func add(_ cells: [String]) {
        rows.append(columns.indices.map { $0 < cells.count ? cells[$0].printable : "" })
    }

    /// Renders the table, titles in bold if the terminal can, with a newline after each row.
    package func render(on terminal: Terminal = .plain) -> String {
        let widths = columns.indices.map { index in rows.map { $0[index].displayWidth }.max() ?? 0 }
        let lines = TableLines(columns: columns, widths: widths)
        return ([terminal.bold(lines.title)] + rows.map(lines.line)).joined(separator: "\n") + "\n"
    }
}

/// Lines of a table, one by one, where the widths of the cells are known before they are.
package struct TableLines: Sendable {
    private let columns: [TextTable.Column]
    private let widths: [Int]

    /// - Parameter widths: of the widest cell in each column, in columns of the terminal; a title may be wider.
    package init(columns: [TextTable.Column], widths: [Int]) {
        self.columns = columns
        self.widths = zip(columns, widths).map { max($0.title.displayWidth, $1) }
    }

    package var title: String { line(columns.map(\.title)) }

    /// A row without a line end. Control characters are not escaped; a cell that is too wide moves those after it.
    package func line(_ cells: [String]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: max(0, widths[index] - cell.displayWidth))
            let isLast = index == cells.count - 1
            switch columns[index].alignment {
            case .left: text += isLast ? cell : cell + padding
            case .right: text += padding + cell
            }
            if !isLast { text += "  " }
        }
        return text
    }
}
