/// Comma-separated values (RFC 4180).
///
/// A spreadsheet runs a field as a formula if it begins with `=`, `+`, `-`, `@`, a tab or a return (OWASP, CSV
/// Injection), and file names come from anybody. Such fields are written with an apostrophe before, which a
/// spreadsheet takes for text; reading takes it off again in files that Tailor wrote, not in others, where it is part of
/// a name. Numbers are left alone.
package enum CSV {
    /// Fields as one line without a line end; those with a comma, a quote or a line break are quoted, those that
    /// could be formulas guarded.
    ///
    /// A lone empty field is written `""`, since an empty line holds no row.
    package static func line(_ fields: [String]) -> String {
        if fields == [""] { return "\"\"" }
        return fields.map { quoted(guarded($0)) }.joined(separator: ",")
    }

    private static func guarded(_ field: String) -> String {
        isFormula(field.utf8.drop { $0 == .apostrophe }) && Double(field) == nil ? "'" + field : field
    }

    /// Takes off what writing puts before a field that could be a formula.
    package static func unguarded(_ field: String) -> String {
        guard field.utf8.first == .apostrophe, isFormula(field.utf8.drop { $0 == .apostrophe }) else {
            return field
        }
        return String(decoding: field.utf8.dropFirst(), as: UTF8.self)
    }

    private static func isFormula(_ bytes: Substring.UTF8View) -> Bool {
        bytes.first.map { UInt8.formulaStarts.contains($0) } ?? false
    }

    /// Character between the fields of a row.
    package enum Delimiter: String, Sendable, CaseIterable {
        case comma = ","
        case semicolon = ";"
        case tab = "\t"
        case bar = "|"

        /// The character that the first line holds most of, outside of quotes; a comma if it holds none.
        package init(of text: String) {
            var counts: [UInt8: Int] = [:]
            var isQuoted = false
            for byte in text.utf8 {
                if byte == .quote { isQuoted.toggle() }
                if !isQuoted, byte == .newline || byte == .carriageReturn {
                    if counts.isEmpty { continue }
                    break
                }
                if !isQuoted { counts[byte, default: 0] += 1 }
            }
            self =
                Self.allCases.max { counts[$0.byte, default: 0] < counts[$1.byte, default: 0] }
                .flatMap { counts[$0.byte] == nil ? nil : $0 } ?? .comma
        }

        /// Name for messages: `semicolons`.
        package var plural: String {
            switch self {
            case .comma: "commas"
            case .semicolon: "semicolons"
            case .tab: "tabs"
            case .bar: "bars"
            }
        }

        fileprivate var byte: UInt8 { rawValue.utf8.first ?? .comma }
    }

    /// Rows of a text. Lines end in LF or CRLF, or in CR if there is no LF; empty lines and a byte order mark
    /// are skipped, and so are spaces around quotes.
    ///
    /// - Parameter isOwn: whether Tailor wrote the text, so that its guards are taken off.
    /// - Throws: `CSVError` with the line when a quote is not closed or stands in the wrong place.
    package static func parse(_ text: String, isOwn: Bool = false) throws -> [[String]] {
        try records(text, isOwn: isOwn).map(\.fields)
    }

    /// A row and the line on which it begins, from 1.
    package struct Record: Equatable, Sendable {
        package let line: Int
        package let fields: [String]

        /// The row with its fields unguarded.
        package var unguarded: Record { Record(line: line, fields: fields.map(CSV.unguarded)) }
    }

    /// Rows of a text with their line numbers, for messages about a row; otherwise as `parse`.
    package static func records(
        _ text: String, delimiter: Delimiter = .comma, isOwn: Bool = false
    ) throws -> [Record] {
        var parser = CSVParser(delimiter: delimiter.byte)
        var bytes = text.utf8[...]
        if text.unicodeScalars.first == "\u{FEFF}" { bytes = bytes.dropFirst(3) }
        let endsInReturn = !bytes.contains(.newline)
        for byte in bytes {
            try parser.take(endsInReturn && byte == .carriageReturn ? .newline : byte)
        }
        let records = try parser.finish()
        return isOwn ? records.map(\.unguarded) : records
    }

    private static func quoted(_ field: String) -> String {
        let special = field.utf8.contains { [.comma, .quote, .newline, .carriageReturn].contains($0) }
        guard special else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
            + "\""
    }
}

/// Violation of CSV's syntax, with the line (from 1).
public enum CSVError: CategorizedError, Equatable, Sendable {
    case unclosedQuote(line: Int)
    case quoteInsideField(line: Int)
    case textAfterQuote(line: Int)

    public var category: ErrorCategory { .input }

    public var description: String {
        switch self {
        case .unclosedQuote(let line):
            "CSV line \(line): a quoted field opens here and is never closed"
        case .quoteInsideField(let line):
            "CSV line \(line): a quote inside a field that is not quoted (write the field in quotes, with \"\" for each quote)"
        case .textAfterQuote(let line):
            "CSV line \(line): expected a comma or the end of the line after a closing quote"
        }
    }
}

/// State machine over bytes: in UTF-8 the separators never occur within another character, whereas Swift's
/// `Character` joins CR and LF into one.
private struct CSVParser {
    private enum State { case start, plain, quoted, quoteInQuoted }

    private let delimiter: UInt8
    private var state = State.start
    private var field: [UInt8] = []
    private var row: [String] = []
    private var rows: [CSV.Record] = []
    private var line = 1
    private var rowLine = 1
    private var openedAt = 1
    private var pendingReturn = false

    init(delimiter: UInt8) { self.delimiter = delimiter }

    mutating func take(_ byte: UInt8) throws {
        if row.isEmpty, state == .start, !pendingReturn { rowLine = line }
        if byte == .newline { line += 1 }
        if pendingReturn {
            pendingReturn = false
            if byte == .newline { return endRow() }
            // A lone CR is part of the field.
            field.append(.carriageReturn)
            state = .plain
        }
        switch (state, byte) {
        case (.quoted, .quote): state = .quoteInQuoted
        case (.quoted, _): field.append(byte)
        case (.quoteInQuoted, .quote):
            field.append(.quote)
            state = .quoted
        case (.start, .quote):
            openedAt = line
            state = .quoted
        case (.plain, .quote):
            guard field.allSatisfy({ $0 == .space }) else { throw CSVError.quoteInsideField(line: line) }
            field.removeAll(keepingCapacity: true)
            openedAt = line
            state = .quoted
        case (_, delimiter): endField()
        case (_, .newline): endRow()
        case (_, .carriageReturn): pendingReturn = true
        case (.quoteInQuoted, .space): break
        case (.quoteInQuoted, _): throw CSVError.textAfterQuote(line: line)
        default:
            field.append(byte)
            state = .plain
        }
    }

    mutating func finish() throws -> [CSV.Record] {
        if state == .quoted { throw CSVError.unclosedQuote(line: openedAt) }
        endRow()
        return rows
    }

    private mutating func endField() {
        row.append(String(decoding: field, as: UTF8.self))
        field.removeAll(keepingCapacity: true)
        state = .start
    }

    private mutating func endRow() {
        if row.isEmpty, state == .start { return }
        endField()
        rows.append(CSV.Record(line: rowLine, fields: row))
        row = []
    }
}

extension UInt8 {
    fileprivate static let apostrophe = UInt8(ascii: "'")
    fileprivate static let formulaStarts: [UInt8] = Array("=+-@\t\r".utf8)
    fileprivate static let comma = UInt8(ascii: ",")
    fileprivate static let space = UInt8(ascii: " ")
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let newline = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
