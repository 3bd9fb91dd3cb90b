import Foundation
import Tailor

/// People's text goes to standard error, results to standard output.
enum Console {
    static func result(_ text: String) { print(text) }

    static func note(_ text: String) { write(text) }
    static func warning(_ text: String) { write(Terminal.standardError().bold("warning:") + " " + text) }
    static func error(_ text: String) { write(Terminal.standardError().bold("error:") + " " + text) }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data((text + "\n").utf8))
    }
}
