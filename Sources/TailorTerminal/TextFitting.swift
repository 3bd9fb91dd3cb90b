import TailorSupport

extension String {
    /// Width in terminal cells: two for East Asian wide characters and emoji.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// Text truncated to `width` cells, with an ellipsis if something was left out.
    package func fitted(to width: Int) -> String {
        guard displayWidth > width else { return self }
        guard width > 0 else { return "" }
        var result = ""
        var used = 0
        for character in self {
            guard used + character.displayWidth <= width - 1 else { break }
            used += character.displayWidth
            result.append(character)
        }
        return result + "…"
    }
}

extension String {
    /// Lines of at most `width` cells, broken at spaces; a longer word gets its own line, unbroken.
    package func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var used = 0
        for word in split(separator: " ", omittingEmptySubsequences: false) {
            let cells = String(word).displayWidth
            if used > 0, used + 1 + cells > width {
                lines.append(line)
                (line, used) = ("", 0)
            }
            line += used > 0 ? " \(word)" : word
            used += used > 0 ? cells + 1 : cells
        }
        return lines + [line]
    }

    /// Path truncated to `width` cells: folders in its middle are dropped first, the file's name last.
    package func pathFitted(to width: Int, ellipsis: String = "…") -> String {
        guard displayWidth > width else { return self }
        let parts = split(separator: "/", omittingEmptySubsequences: false)
        for kept in stride(from: parts.count - 2, through: 1, by: -1) {
            let candidate =
                parts.prefix(kept).joined(separator: "/") + "/\(ellipsis)/" + parts[parts.count - 1]
            if candidate.displayWidth <= width { return candidate }
        }
        return middleCut(to: width, ellipsis: ellipsis)
    }

    /// Text truncated in the middle to `width` cells; the end, with a file's number and extension, keeps the
    /// larger part.
    package func middleCut(to width: Int, ellipsis: String = "…") -> String {
        guard displayWidth > width else { return self }
        let room = max(0, width - ellipsis.displayWidth)
        let head = prefix(cells: room / 3)
        let tail = String(String(reversed()).prefix(cells: room - head.displayWidth).reversed())
        return head + ellipsis + tail
    }

    private func prefix(cells: Int) -> String {
        var used = 0
        return String(
            prefix {
                used += String($0).displayWidth
                return used <= cells
            })
    }
}

extension Character {
    /// Width in terminal cells, by the ranges of Unicode's East Asian Width that are wide throughout.
    fileprivate var displayWidth: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        if scalar.properties.isEmojiPresentation { return 2 }
        return switch scalar.value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
            0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x20000...0x3FFFD:
            2
        default: 1
        }
    }
}
