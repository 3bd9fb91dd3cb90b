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
