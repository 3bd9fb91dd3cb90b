import Foundation
import TailorSupport
import TailorTerminal

/// People's text goes to standard error, results to standard output.
package enum Console {
    /// Lines of a result for people, control characters escaped. One that could not be written is a failure: throws
    /// ``OutputError``.
    package static func result(_ text: String) throws { try document(printable(text) + "\n") }

    /// A result as it is: for programs, or with emphasis that the terminal understands. Throws ``OutputError``.
    package static func document(_ text: String) throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(text.utf8))
        } catch {
            throw OutputError(error)
        }
    }

    /// The one document that `--json` promises. Throws ``OutputError``.
    package static func json(_ value: some Encodable) throws {
        try document(String(decoding: try JSONFile.encode(value), as: UTF8.self) + "\n")
    }

    package static func note(_ text: String) { write(text) }
    package static func warning(_ text: String) { write(text, after: "warning:") }
    package static func error(_ text: String) { write(text, after: "error:") }

    /// Tells people something, and may fail: nobody reads it then, and the work goes on. Control characters come from
    /// names of files and classes, and could steer the terminal.
    private static func write(_ text: String, after label: String? = nil) {
        let start = label.map { Terminal.standardError().bold($0) + " " } ?? ""
        try? FileHandle.standardError.write(contentsOf: Data((start + printable(text) + "\n").utf8))
    }

    private static func printable(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0).printable }
            .joined(separator: "\n")
    }
}

/// Standard output that is full, closed or broken.
package struct OutputError: Error, CustomStringConvertible {
    package let description: String

    init(_ error: any Error) {
        description = "the result could not be written to standard output: \(FileError.reason(of: error))"
    }
}
