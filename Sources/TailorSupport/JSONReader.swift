/// Reader of a JSON text in UTF-8 (RFC 8259), which makes only the values that are asked for.
///
/// Must not outlive the bytes it reads from.
package struct JSONReader {
    private static let maximumDepth = 512

    private let bytes: UnsafeRawBufferPointer
    /// Whether NaN, Infinity and -Infinity are numbers, as Python's json module writes them.
    private let allowsNonFinite: Bool
    private var depth = 0
    /// Offset of the next byte.
    package private(set) var offset: Int

    /// Begins at the first value, after a byte order mark, or at an offset where a value begins.
    package init(_ bytes: UnsafeRawBufferPointer, allowsNonFinite: Bool = false, offset: Int? = nil) {
        self.bytes = bytes
        self.allowsNonFinite = allowsNonFinite
        self.offset = offset ?? (bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0)
    }

    /// Parses a whole text.
    package static func value(of text: String) throws(JSONSyntaxError) -> JSONValue {
        let result = Array(text.utf8).withUnsafeBytes { bytes -> Result<JSONValue, JSONSyntaxError> in
            do throws(JSONSyntaxError) {
                var reader = JSONReader(bytes)
                let value = try reader.value()
                try reader.finish()
                return .success(value)
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    /// First byte of the next value: `{`, `[`, `"` or another; nil at the end.
    package mutating func peek() -> UInt8? {
        while offset < bytes.count {
            let byte = bytes[offset]
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return byte }
            offset += 1
        }
        return nil
    }

    /// Reads an object; `member` is called with each key and must read or skip its value.
    package mutating func object(
        _ member: (String, inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        try list(from: "{", to: "}") { reader throws(JSONSyntaxError) in
            guard reader.peek() == UInt8(ascii: "\"") else { throw reader.unexpected("a key in quotes") }
            let key = try reader.text()
            guard reader.peek() == UInt8(ascii: ":") else { throw reader.unexpected("a colon") }
            reader.offset += 1
            try member(key, &reader)
        }
    }

    /// Reads an array; `element` is called at each element and must read or skip it.
    package mutating func array(
        _ element: (inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        try list(from: "[", to: "]", element)
    }

    /// Reads the next value.
    package mutating func value() throws(JSONSyntaxError) -> JSONValue {
        switch peek() {
        case UInt8(ascii: "{"):
            var members: [String: JSONValue] = [:]
            try object { key, reader throws(JSONSyntaxError) in members[key] = try reader.value() }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONValue] = []
            try array { reader throws(JSONSyntaxError) in elements.append(try reader.value()) }
            return .array(elements)
        case UInt8(ascii: "\""): return .text(try text())
        default: return try atom()
        }
    }

    /// Passes over the next value.
    package mutating func skip() throws(JSONSyntaxError) {
        switch peek() {
        case UInt8(ascii: "{"): try object { _, reader throws(JSONSyntaxError) in try reader.skip() }
        case UInt8(ascii: "["): try array { reader throws(JSONSyntaxError) in try reader.skip() }
        case UInt8(ascii: "\""): _ = try text()
        default: _ = try atom()
        }
    }

    /// Checks that nothing follows but white space.
    package mutating func finish() throws(JSONSyntaxError) {
        if peek() != nil { throw unexpected("the end of the document") }
    }

    private mutating func list(
        from open: Unicode.Scalar, to end: Unicode.Scalar,
        _ element: (inout JSONReader) throws(JSONSyntaxError) -> Void
    ) throws(JSONSyntaxError) {
        guard peek() == UInt8(ascii: open) else { throw unexpected(String(open)) }
        offset += 1
        depth += 1
        guard depth <= Self.maximumDepth else {
            throw error("nested deeper than \(Self.maximumDepth) lists and objects")
        }
        defer { depth -= 1 }
        if peek() == UInt8(ascii: end) {
            offset += 1
            return
        }
        while true {
            try element(&self)
            switch peek() {
            case UInt8(ascii: ","): offset += 1
            case UInt8(ascii: end):
                offset += 1
                return
            default: throw unexpected("a comma or \(end)")
            }
        }
    }

    // MARK: Scalars

    private mutating func atom() throws(JSONSyntaxError) -> JSONValue {
        switch peek() {
        case UInt8(ascii: "t") where take("true"): return .bool(true)
        case UInt8(ascii: "f") where take("false"): return .bool(false)
        case UInt8(ascii: "n") where take("null"): return .null
        case UInt8(ascii: "N") where allowsNonFinite && take("NaN"): return .number(.nan)
        case UInt8(ascii: "I") where allowsNonFinite && take("Infinity"): return .number(.infinity)
        case UInt8(ascii: "-") where allowsNonFinite && take("-Infinity"): return .number(-.infinity)
        default: return try number()
        }
    }

    private mutating func take(_ word: String) -> Bool {
        let end = offset + word.utf8.count
        guard end <= bytes.count, bytes[offset..<end].elementsEqual(word.utf8) else { return false }
        offset = end
        return true
    }

    private mutating func number() throws(JSONSyntaxError) -> JSONValue {
        let start = offset
        func isDigit(_ place: Int) -> Bool { place < bytes.count && (0x30...0x39).contains(bytes[place]) }
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "-") { offset += 1 }
        guard isDigit(offset) else {
            offset = start
            throw unexpected("a value")
        }
        let isZero = bytes[offset] == 0x30
        offset += 1
        while !isZero, isDigit(offset) { offset += 1 }
        var isWhole = true
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "."), isDigit(offset + 1) {
            isWhole = false
            offset += 1
            while isDigit(offset) { offset += 1 }
        }
        if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
            var place = offset + 1
            if place < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[place]) {
                place += 1
            }
            if isDigit(place) {
                isWhole = false
                offset = place
                while isDigit(offset) { offset += 1 }
            }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        return .number(Double(text) ?? .nan)
    }

    /// Reads a text in quotes, at its first quote.
    private mutating func text() throws(JSONSyntaxError) -> String {
        offset += 1
        var start = offset
        var result: [UInt8] = []
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""):
                result += bytes[start..<offset]
                offset += 1
                guard let text = String(validating: result, as: UTF8.self) else {
                    throw error("a text that is not UTF-8")
                }
                return text
            case UInt8(ascii: "\\"):
                result += bytes[start..<offset]
                result += try escaped().utf8
                start = offset
            case 0..<0x20: throw error("a control character inside a text")
            default: offset += 1
            }
        }
        throw error("a text that is never closed")
    }

    private mutating func escaped() throws(JSONSyntaxError) -> String {
        guard offset + 1 < bytes.count else { throw error("a text that is never closed") }
        let simple: [UInt8: String] = [
            0x22: "\"", 0x5C: "\\", 0x2F: "/", 0x62: "\u{8}", 0x66: "\u{C}", 0x6E: "\n", 0x72: "\r",
            0x74: "\t",
        ]
        if let text = simple[bytes[offset + 1]] {
            offset += 2
            return text
        }
        guard let first = unit(at: offset) else { throw error("a backslash that begins no escape") }
        offset += 6
        guard (0xD800..<0xDC00).contains(first), let second = unit(at: offset),
            (0xDC00..<0xE000).contains(second)
        else { return String(decoding: [first], as: UTF16.self) }
        offset += 6
        return String(decoding: [first, second], as: UTF16.self)
    }

    /// Code unit of `\uXXXX` at a place; nil where there is none.
    private func unit(at place: Int) -> UInt16? {
        guard place + 6 <= bytes.count, bytes[place] == UInt8(ascii: "\\"),
            bytes[place + 1] == UInt8(ascii: "u"),
            bytes[place + 2..<place + 6].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return UInt16(String(decoding: bytes[place + 2..<place + 6], as: UTF8.self), radix: 16)
    }

    // MARK: Errors

    private func unexpected(_ expected: String) -> JSONSyntaxError {
        guard offset < bytes.count else { return error("expected \(expected), got the end") }
        let rest = bytes[offset..<min(offset + 12, bytes.count)]
        let word = rest.prefix { !Set(" \t\r\n,:{}[]\"".utf8).contains($0) }
        let found = word.isEmpty ? rest.prefix(1) : word
        return error("expected \(expected), got \(String(decoding: found, as: UTF8.self).printable)")
    }

    private func error(_ reason: String) -> JSONSyntaxError {
        let before = bytes[..<min(offset, bytes.count)]
        let lineStart = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        return JSONSyntaxError(
            line: before.count { $0 == 0x0A } + 1,
            column: bytes[lineStart..<before.endIndex].count { $0 & 0xC0 != 0x80 } + 1, reason: reason)
    }
}
