/// Violation of JSON's syntax, with its place.
package struct JSONSyntaxError: Error, Equatable {
    /// Line and column in characters, both from 1.
    package let line: Int
    package let column: Int
    package let reason: String

    package init(line: Int, column: Int, reason: String) {
        self.line = line
        self.column = column
        self.reason = reason
    }

    package var place: String { "line \(line), column \(column)" }
}
