/// Help of a command as text.
package struct HelpText {
    /// Characters per line.
    private let width: Int
    /// Styling of a heading on a terminal.
    private let emphasis: (String) -> String
    /// Column at which explanations begin, in characters.
    private static let column = 28

    /// Creates a renderer.
    ///
    /// - Parameter width: Characters per line, at least 40 are used.
    package init(width: Int, emphasis: @escaping (String) -> String = { $0 }) {
        self.width = max(width, 40)
        self.emphasis = emphasis
    }

    /// Renders a command's help, without a final newline.
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

    /// Row of label and explanation; a label too long for its column gets its own line.
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
