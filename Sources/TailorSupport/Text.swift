/// Count with its noun: `1 image`, `2 images`.
package func counted(_ count: Int, _ singular: String, _ plural: String? = nil) -> String {
    "\(count) \(count == 1 ? singular : plural ?? singular + "s")"
}

/// Share in whole percent: `0.816` → `82 %`; `n/a` for what is no number.
///
/// - Parameter rule: to nearest; `.down` where a hundred must mean all.
package func percent<Share: BinaryFloatingPoint>(
    _ share: Share, rounded rule: FloatingPointRoundingRule = .toNearestOrAwayFromZero
) -> String {
    Int(exactly: (100 * share).rounded(rule)).map { "\($0) %" } ?? "n/a"
}

/// Extension of a file's name without the dot, in lower case; nil when it is empty or the name begins with
/// the dot.
package func fileExtension(of name: String) -> String? {
    guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")), dot > name.startIndex else { return nil }
    let text = name[name.utf8.index(after: dot)...]
    return text.isEmpty ? nil : text.lowercased()
}

extension [String] {
    /// Enumeration for a message: at most `limit` of the texts, then how many more.
    package func listed(limit: Int = 10) -> String {
        let shown = prefix(limit).map(\.printable).joined(separator: ", ")
        return count > limit ? "\(shown) and \(count - limit) more" : shown
    }
}

extension String {
    /// The text as one word of a POSIX shell's command line, in quotes where it needs them. Control characters are
    /// escaped: the line can be read, and is not to be copied then.
    package var quotedForShell: String {
        let plain = utf8.allSatisfy {
            UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 || UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0
                || UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || $0 >= 0x80 || "/._-+=:,@%".utf8.contains($0)
        }
        guard isEmpty || !plain else { return self }
        return "'"
            + printable.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''")
            + "'"
    }

    /// Text on one line, with control characters escaped: a file's name may hold a newline or a terminal's
    /// escapes.
    package var printable: String {
        guard unicodeScalars.contains(where: { Self.isControl($0) }) else { return self }
        var text = ""
        for scalar in unicodeScalars {
            switch scalar {
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where Self.isControl(scalar): text += "\\u{\(String(scalar.value, radix: 16))}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        // C0, DEL, C1, and the marks that reverse the direction of the text after them.
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
            || (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
    }
}
