import Foundation

/// Parser for the JSON of a safetensors header.
///
/// Foundation's decoder silently drops duplicate keys; this one reports each. It reads only what such a
/// header holds: objects, arrays, strings and integers of 0 or more.
struct StrictJSON {
    struct Failure: Error {
        let expected: String
        let offset: Int
    }

    private let bytes: [UInt8]
    private(set) var offset = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private var next: UInt8? { offset < bytes.count ? bytes[offset] : nil }

    private func failure(_ expected: String) -> Failure { Failure(expected: expected, offset: offset) }

    private mutating func skipSpaces() {
        while let byte = next, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D { offset += 1 }
    }

    /// Consumes `byte` if it is next, after spaces.
    private mutating func take(_ byte: UInt8) -> Bool {
        skipSpaces()
        guard next == byte else { return false }
        offset += 1
        return true
    }

    private mutating func expect(_ character: Character) throws {
        guard let byte = character.asciiValue, take(byte) else { throw failure("\"\(character)\"") }
    }

    /// Consumes the end of the text, after spaces.
    mutating func end() throws {
        skipSpaces()
        guard next == nil else { throw failure("nothing after the closing brace") }
    }

    /// Calls `member` at each value, with the key before it and the key's offset.
    mutating func object(
        _ member: (inout StrictJSON, _ key: String, _ keyOffset: Int) throws -> Void
    ) throws {
        try expect("{")
        if take(UInt8(ascii: "}")) { return }
        repeat {
            skipSpaces()
            let keyOffset = offset
            let key = try string()
            try expect(":")
            try member(&self, key, keyOffset)
        } while take(UInt8(ascii: ","))
        try expect("}")
    }

    /// Reads an array of integers; throws for more than `limit`.
    mutating func integers(limit: Int) throws -> [Int] {
        try expect("[")
        if take(UInt8(ascii: "]")) { return [] }
        var values: [Int] = []
        repeat {
            guard values.count < limit else { throw failure("at most \(limit) numbers") }
            values.append(try integer())
        } while take(UInt8(ascii: ","))
        try expect("]")
        return values
    }

    private mutating func integer() throws -> Int {
        skipSpaces()
        let start = offset
        var value = 0
        while let byte = next, (0x30...0x39).contains(byte) {
            let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = scaled.addingReportingOverflow(Int(byte - 0x30))
            guard !overflow, !carry else {
                throw Failure(expected: "a number of at most 63 bits", offset: start)
            }
            value = sum
            offset += 1
        }
        let digits = offset - start
        let leadingZero = digits > 1 && bytes[start] == UInt8(ascii: "0")
        let continues = next == UInt8(ascii: ".") || next == UInt8(ascii: "e") || next == UInt8(ascii: "E")
        guard digits > 0, !leadingZero, !continues else {
            throw Failure(expected: "a whole number from 0 up", offset: start)
        }
        return value
    }

    mutating func string() throws -> String {
        guard take(UInt8(ascii: "\"")) else { throw failure("a string") }
        let start = offset
        var text: [UInt8] = []
        while let byte = next {
            offset += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(bytes: text, encoding: .utf8) else {
                    throw Failure(expected: "a string in UTF-8", offset: start)
                }
                return string
            case UInt8(ascii: "\\"):
                try text.append(contentsOf: escaped())
            case 0..<0x20:
                throw Failure(expected: "no control character in a string", offset: offset - 1)
            default:
                text.append(byte)
            }
        }
        throw failure("a quotation mark at the end of a string")
    }

    /// Reads an escape sequence after its backslash, as UTF-8.
    private mutating func escaped() throws -> [UInt8] {
        guard let byte = next else { throw failure("a character after \"\\\"") }
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
        case UInt8(ascii: "b"): return [0x08]
        case UInt8(ascii: "f"): return [0x0C]
        case UInt8(ascii: "n"): return [0x0A]
        case UInt8(ascii: "r"): return [0x0D]
        case UInt8(ascii: "t"): return [0x09]
        case UInt8(ascii: "u"):
            let start = offset
            var units = [try fourHexDigits()]
            if UTF16.isLeadSurrogate(units[0]) {
                guard next == UInt8(ascii: "\\") else { throw failure("the second half of a surrogate pair") }
                offset += 1
                guard next == UInt8(ascii: "u") else { throw failure("the second half of a surrogate pair") }
                offset += 1
                units.append(try fourHexDigits())
            }
            var text: [UInt8] = []
            let broken = transcode(
                units.makeIterator(), from: UTF16.self, to: UTF8.self, stoppingOnError: true
            ) { text.append($0) }
            guard !broken else { throw Failure(expected: "a Unicode character", offset: start) }
            return text
        default:
            offset -= 1
            throw failure("an escape that JSON knows")
        }
    }

    private mutating func fourHexDigits() throws -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
                throw failure("four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            offset += 1
        }
        return value
    }

    /// JSON string literal of `text`, with its quotation marks.
    static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case "\u{8}": result += "\\b"
            case "\u{c}": result += "\\f"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
