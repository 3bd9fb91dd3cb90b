extension String {
    /// Cells that a terminal takes to show this: two for East Asian wide characters and emoji.
    package var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// Cut to `width` cells, with an ellipsis where something was left out.
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

extension Character {
    /// By the ranges of Unicode's East Asian Width that are wide throughout.
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
