import TailorSupport

/// The `names:` of a YOLO `data.yaml`: a list or a map from numbers, in brackets or indented. No more of
/// YAML than that: what is not of these forms is refused with its line.
struct YAMLNames {
    /// A name of the list, or `number: name` of the map.
    private struct Entry {
        let line: Int
        let text: String
    }

    private let path: String
    private let lines: [String]

    /// The names by their numbers; one at least. Throws `AnnotationError.malformed`.
    static func parse(_ text: String, path: String) throws -> [Int: String] {
        let file = YAMLNames(path: path, lines: text.textLines.map { String($0.beforeComment) })
        guard let start = file.lines.firstIndex(where: { $0.hasPrefix("names:") }) else {
            throw AnnotationError.malformed(path: path, place: nil, reason: "expected names:, got none")
        }
        let names = try file.names(from: start)
        guard !names.isEmpty else { throw file.malformed(start, "names: expected one or more, got none") }
        return names
    }

    private func names(from start: Int) throws -> [Int: String] {
        let value = lines[start].dropFirst("names:".count).trimmed
        switch value.first {
        case "[", "{":
            let isMap = value.first == "{"
            return try names(of: try bracketed(value, from: start, end: isMap ? "}" : "]"), isMap: isMap)
        case nil:
            let block = lines.enumerated().dropFirst(start + 1).map { Entry(line: $0, text: $1) }
                .filter { !$0.text[...].trimmed.isEmpty }
                .prefix { $0.text.hasPrefix(" ") || $0.text.hasPrefix("-") }
                .map { Entry(line: $0.line, text: $0.text[...].trimmed) }
            if block.first?.text.hasPrefix("-") == false { return try names(of: block, isMap: true) }
            return try names(of: block.map(withoutDash), isMap: false)
        default: throw malformed(start, "names: expected a list or a map, got \"\(value.printable)\"")
        }
    }

    /// The entries up to the closing bracket, which may stand on a later line.
    private func bracketed(_ value: String, from start: Int, end: String) throws -> [Entry] {
        var text = value
        var line = start
        while !text.hasSuffix(end) {
            line += 1
            guard line < lines.count else { throw malformed(start, "names: the bracket is never closed") }
            text = (text + " " + lines[line])[...].trimmed
        }
        var entries = text.dropFirst().dropLast().commaSeparated.map { Entry(line: start, text: $0.trimmed) }
        if entries.last?.text.isEmpty == true { entries.removeLast() }
        return entries
    }

    private func withoutDash(_ entry: Entry) throws -> Entry {
        guard entry.text.hasPrefix("-") else {
            throw malformed(entry.line, "expected \"- name\", got \"\(entry.text.printable)\"")
        }
        return Entry(line: entry.line, text: entry.text.dropFirst().trimmed)
    }

    private func names(of entries: [Entry], isMap: Bool) throws -> [Int: String] {
        var names: [Int: String] = [:]
        for (position, entry) in entries.enumerated() {
            var (id, name) = (position, entry.text)
            if isMap {
                guard let colon = entry.text.firstIndex(of: ":"),
                    let number = Int(entry.text[..<colon].trimmed), number >= 0
                else {
                    throw malformed(entry.line, "expected \"number: name\", got \"\(entry.text.printable)\"")
                }
                (id, name) = (number, entry.text[colon...].dropFirst().trimmed)
            }
            guard let plain = name.unquoted else {
                throw malformed(entry.line, "expected a name, got \"\(name.printable)\"")
            }
            guard names.updateValue(plain, forKey: id) == nil else {
                throw malformed(entry.line, "class \(id) is named twice")
            }
        }
        return names
    }

    private func malformed(_ line: Int, _ reason: String) -> AnnotationError {
        AnnotationError.malformed(path: path, place: "line \(line + 1)", reason: reason)
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// Up to a `#` at the start or after a space.
    fileprivate var beforeComment: Substring {
        let mark = unquotedIndices.first { index in
            self[index] == "#" && (index == startIndex || self[self.index(before: index)].isWhitespace)
        }
        return mark.map { self[..<$0] } ?? self
    }

    fileprivate var commaSeparated: [Substring] {
        var parts: [Substring] = []
        var start = startIndex
        for index in unquotedIndices where self[index] == "," {
            parts.append(self[start..<index])
            start = self.index(after: index)
        }
        return parts + [self[start...]]
    }

    /// Of the characters outside of quotes. A quote opens where a value may begin, not within a word.
    private var unquotedIndices: [Index] {
        var indices: [Index] = []
        var quote: Character?
        var previous: Character?
        for index in self.indices {
            let character = self[index]
            if let open = quote {
                if character == open { quote = nil }
            } else if character == "\"" || character == "'", previous.map({ ":,[{-".contains($0) }) ?? true {
                quote = character
            } else {
                indices.append(index)
            }
            if !character.isWhitespace { previous = character }
        }
        return indices
    }
}

extension String {
    /// Nil for what is neither a plain nor a simply quoted name.
    fileprivate var unquoted: String? {
        guard let first else { return nil }
        if first == "\"" || first == "'" {
            guard count >= 2, last == first else { return nil }
            let inner = String(dropFirst().dropLast())
            return inner.isEmpty || inner.contains(first) || inner.contains("\\") ? nil : inner
        }
        return "[]{}&*!|>%@`".contains(first) ? nil : self
    }
}
