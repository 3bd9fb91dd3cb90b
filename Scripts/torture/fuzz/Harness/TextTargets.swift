import Foundation

@testable import TailorSupport

let textTargets = [
    FuzzTarget("csv") { data in
        guard let text = String(textFile: data) else { return }
        _ = CSV.Delimiter(of: text)
        for delimiter in CSV.Delimiter.allCases where delimiter != .comma {
            try ignoring(CSVError.self) { _ = try CSV.records(text, delimiter: delimiter) }
        }
        // Below a header: a table's first byte is never one of its values.
        let rows = try CSV.parse(text)
        let written = ([["column"]] + rows).map(CSV.line).joined(separator: "\n") + "\n"
        try expect(Array(try CSV.parse(written, isOwn: true).dropFirst()) == rows, "other rows when written")
    },
    FuzzTarget("json") { data in
        let strict = value(of: data, allowsNonFinite: false)
        let loose = value(of: data, allowsNonFinite: true)
        if let strict { try expect(loose == strict, "another value where NaN is allowed") }
        try expect((JSONFile.syntaxError(in: data) == nil) == (strict != nil), "skipped is not read")
        guard let loose else { return }
        let written = text(of: loose)
        let again = value(of: Data(written.utf8), allowsNonFinite: true)
        try expect(again.map(text(of:)) == written, "another value when written")
        _ = loose.described
        _ = loose.double
    },
    FuzzTarget("text") { data in
        guard let text = String(textFile: data) else { return }
        for line in text.lines {
            try expect(!line.utf8.contains(0x0A) && !line.utf8.contains(0x0D), "a line of two lines")
            _ = line.trimmed
        }
        _ = fileExtension(of: text)
        let printable = text.printable
        try expect(printable.printable == printable, "text that is printable only when asked twice")
        _ = [text, text].listed(limit: 1)
    },
]

private func value(of data: Data, allowsNonFinite: Bool) -> JSONValue? {
    data.withUnsafeBytes { bytes in
        var reader = JSONReader(bytes, allowsNonFinite: allowsNonFinite)
        guard let value = try? reader.value(), (try? reader.finish()) != nil else { return nil }
        return value
    }
}

/// Members in the order of their keys, so that equal values have equal texts, NaN among them.
private func text(of value: JSONValue) -> String {
    switch value {
    case .null: return "null"
    case .bool(let value): return "\(value)"
    case .integer(let value): return "\(value)"
    case .number(let value):
        return value.isNaN ? "NaN" : value.isInfinite ? (value < 0 ? "-Infinity" : "Infinity") : "\(value)"
    case .text(let text): return quoted(text)
    case .array(let elements): return "[" + elements.map(text(of:)).joined(separator: ",") + "]"
    case .object(let members):
        let sorted = members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return "{" + sorted.map { quoted($0.key) + ":" + text(of: $0.value) }.joined(separator: ",") + "}"
    }
}

private func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
        if scalar.value < 0x20 || scalar == "\"" || scalar == "\\" {
            let digits = String(scalar.value, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
            result.unicodeScalars.append(scalar)
        }
    }
    return result + "\""
}
