/// A command line that cannot be carried out: the message says where, what was expected and what was got.
package struct UsageError: Error, Equatable, CustomStringConvertible {
    package let message: String
    /// Program and commands, as in `tailor train`; empty until the parser or the program adds it.
    package var command = ""
    /// The line that shows how it goes, where that helps.
    package var usage: String?

    package init(_ message: String) { self.message = message }

    /// Message, usage, and where help is to be had.
    package var description: String {
        var lines = [message]
        if let usage { lines.append("Usage: " + usage) }
        if !command.isEmpty { lines.append("See '\(command) --help'.") }
        return lines.joined(separator: "\n")
    }
}
