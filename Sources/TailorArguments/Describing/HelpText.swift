/// A command's help as text.
package struct HelpText {
    /// Characters a line.
    private let width: Int
    /// How a heading is set off on a terminal.
    private let emphasis: (String) -> String
    /// Where explanations begin, characters.
    private static let column = 28

    /// - Parameter width: Characters a line; what is too narrow to read is taken as 40.
    package init(width: Int, emphasis: @escaping (String) -> String = { $0 }) {
        self.width = max(width, 40)
        self.emphasis = emphasis
    }

    /// Without a line end at its end.
    package func render(_ command: CommandDescription) -> String {
        var parts = [TextWrapping.paragraphs(command.abstract, width: width)]
        let usage = TextWrapping.lines(command.usage, width: width - 7)
        parts.append(emphasis("USAGE:") + " " + usage.joined(separator: "\n       "))
        if !command.discussion.isEmpty {
            parts.append(TextWrapping.paragraphs(command.discussion, width: width))
        }
        if !command.subcommands.isEmpty {
            parts.append(section("Commands", command.subcommands.map { ($0.name, $0.abstract) }))
        }
        if !command.arguments.isEmpty {
            parts.append(section("Arguments", command.arguments.map { ($0.label, $0.explanation) }))
        }
        for (heading, options) in command.sections {
            parts.append(section(heading, options.map { ($0.label, $0.explanation) }))
        }
        if !command.subcommands.isEmpty {
            parts.append("'\(command.title) help COMMAND' tells more of one.")
        }
        return parts.joined(separator: "\n\n")
    }

    private func section(_ heading: String, _ rows: [(String, String)]) -> String {
        ([emphasis(heading.uppercased() + ":")] + rows.map { row($0.0, $0.1) }).joined(separator: "\n")
    }

    /// A label that does not fit before the column has a line to itself.
    private func row(_ label: String, _ text: String) -> String {
        let column = width < 72 ? 8 : Self.column
        let lines = TextWrapping.lines(text, width: width - column)
        let indent = String(repeating: " ", count: column)
        let fits = label.count + 4 <= column
        let first =
            fits ? "  " + label + String(repeating: " ", count: column - 2 - label.count) : "  " + label
        guard let head = lines.first else { return "  " + label }
        let tail = lines.dropFirst().map { indent + $0 }
        return ((fits ? [first + head] : [first, indent + head]) + tail).joined(separator: "\n")
    }
}
