import Foundation
import TailorReporting

/// People's text goes to standard error, results to standard output.
package enum Console {
    package static func result(_ text: String, terminator: String = "\n") {
        print(text, terminator: terminator)
    }

    package static func note(_ text: String) { write(text) }
    package static func warning(_ text: String) {
        write(Terminal.standardError().bold("warning:") + " " + text)
    }
    package static func error(_ text: String) { write(Terminal.standardError().bold("error:") + " " + text) }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
