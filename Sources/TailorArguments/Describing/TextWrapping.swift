/// Line breaking at spaces.
enum TextWrapping {
    /// Breaks text into lines of at most `width` characters; only a longer word exceeds it.
    static func lines(_ text: String, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: { $0 == " " || $0 == "\n" }) {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }

    /// Wraps paragraphs and puts an empty line between them; lines that begin with two spaces stay as they
    /// are.
    static func paragraphs(_ text: String, width: Int) -> String {
        blocks(of: text).map { block in
            switch block {
            case .text(let text): lines(text, width: width).joined(separator: "\n")
            case .verbatim(let lines): lines.joined(separator: "\n")
            }
        }.joined(separator: "\n\n")
    }

    enum Block: Equatable {
        case text(String)
        case verbatim([String])
    }

    /// Splits text into blocks at empty lines and where verbatim lines begin or end.
    static func blocks(of text: String) -> [Block] {
        var blocks: [Block] = []
        var isOpen = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) {
            if line.allSatisfy({ $0 == " " }) {
                isOpen = false
                continue
            }
            let isVerbatim = line.hasPrefix("  ")
            switch (isOpen ? blocks.last : nil, isVerbatim) {
            case (.text(let before), false): blocks[blocks.count - 1] = .text(before + " " + line)
            case (.verbatim(let before), true): blocks[blocks.count - 1] = .verbatim(before + [line])
            default: blocks.append(isVerbatim ? .verbatim([line]) : .text(line))
            }
            isOpen = true
        }
        return blocks
    }
}
