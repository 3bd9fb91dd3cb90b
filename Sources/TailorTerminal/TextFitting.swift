import TailorSupport

extension String {
    /// Broken at spaces into lines of at most `width` cells; a longer word keeps a line to itself, unbroken.
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

    /// A path cut to `width` cells: folders in its middle go first, the file's name last.
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

    /// Cut to `width` cells in the middle; the end, with a file's number and extension, keeps the larger part.
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
