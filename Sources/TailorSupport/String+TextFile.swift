import Foundation

extension String {
    /// Text of a file in UTF-8, or in UTF-16 with a byte order mark, without the mark; nil for other bytes.
    package init?(textFile data: Data) {
        let isUTF16 = data.starts(with: [0xFF, 0xFE]) || data.starts(with: [0xFE, 0xFF])
        guard let text = String(data: data, encoding: isUTF16 ? .utf16 : .utf8) else { return nil }
        self =
            text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
    }

    /// Lines of a text, which end in LF, CRLF or CR.
    package var lines: [String] {
        var lines: [String] = []
        var line = String.UnicodeScalarView()
        var afterReturn = false
        for scalar in unicodeScalars {
            defer { afterReturn = scalar == "\r" }
            if scalar == "\n", afterReturn { continue }
            if scalar == "\n" || scalar == "\r" {
                lines.append(String(line))
                line = String.UnicodeScalarView()
            } else {
                line.append(scalar)
            }
        }
        if !line.isEmpty { lines.append(String(line)) }
        return lines
    }

    /// Whether the text begins with this one, scalar by scalar. `hasPrefix` compares characters, and a mark
    /// such as U+0301 makes one with the sign before it, be it a slash or a quote.
    package func begins(with start: String) -> Bool {
        unicodeScalars.starts(with: start.unicodeScalars)
    }

    /// Text without white space at its ends.
    package var trimmed: String {
        var scalars = unicodeScalars[...]
        while scalars.first?.properties.isWhitespace == true { scalars.removeFirst() }
        while scalars.last?.properties.isWhitespace == true { scalars.removeLast() }
        return String(scalars)
    }
}
