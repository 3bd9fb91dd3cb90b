import Foundation
import TailorSupport
import TailorTerminal

/// People's text goes to standard error, results to standard output.
package enum Console {
    /// A result that could not be written is a failure: throws ``OutputError``.
    package static func result(_ text: String, terminator: String = "\n") throws {
        do {
            try FileHandle.standardOutput.write(contentsOf: Data((text + terminator).utf8))
        } catch {
            throw OutputError(error)
        }
    }

    /// The one document that `--json` promises. Throws ``OutputError``.
    package static func json(_ value: some Encodable) throws {
        try result(String(decoding: try JSONFile.encode(value), as: UTF8.self))
    }

    package static func note(_ text: String) { write(text) }
    package static func warning(_ text: String) { write(text, after: "warning:") }
    package static func error(_ text: String) { write(text, after: "error:") }

    /// Tells people something, and may fail: nobody reads it then, and the work goes on. Control characters come from
    /// names of files and classes, and could steer the terminal.
    private static func write(_ text: String, after label: String? = nil) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let printable = lines.map { String($0).printable }.joined(separator: "\n")
        let start = label.map { Terminal.standardError().bold($0) + " " } ?? ""
        try? FileHandle.standardError.write(contentsOf: Data((start + printable + "\n").utf8))
    }
}

/// Standard output that is full, closed or broken.
package struct OutputError: Error, CustomStringConvertible {
    package let description: String

    init(_ error: any Error) {
        description = "the result could not be written to standard output: \(FileError.reason(of: error))"
    }
}
