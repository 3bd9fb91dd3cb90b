import TailorSupport
import Testing

@Suite struct JSONReaderTests {
    @Test func values() throws {
        let text = #"""
             {"a": [1, -2.5e1, 1E+2, 0, -0.5, 9007199254740993, 1e400], "b\u00e9\ud83d\ude00\n\/\"": {},
             "c": [true, false, null, "", [[]]], "a2": "\ud800x"}
            """#
        #expect(
            try JSONReader.value(of: text)
                == .object([
                    "a": .array([
                        .integer(1), .number(-25), .number(100), .integer(0), .number(-0.5),
                        .integer(9_007_199_254_740_993), .number(.infinity),
                    ]),
                    "bé😀\n/\"": .object([:]),
                    "c": .array([.bool(true), .bool(false), .null, .text(""), .array([.array([])])]),
                    "a2": .text("\u{FFFD}x"),
                ]))
    }

    @Test(arguments: [
        ("", 1, 1, "expected a value, got the end"), ("{", 1, 2, "expected a key in quotes, got the end"),
        ("{\"a\" 1}", 1, 6, "expected a colon, got 1"), ("[1,]", 1, 4, "expected a value, got ]"),
        ("[1\n 2]", 2, 2, "expected a comma or ], got 2"),
        ("{\"a\": 1,}", 1, 9, "expected a key in quotes, got }"),
        ("[\"é\", nul]", 1, 7, "expected a value, got nul"), ("[01]", 1, 3, "expected a comma or ], got 1"),
        ("[1.]", 1, 3, "expected a comma or ], got ."), ("[NaN]", 1, 2, "expected a value, got NaN"),
        ("\"a", 1, 3, "a text that is never closed"), ("\"\\x\"", 1, 2, "a backslash that begins no escape"),
        ("\"\\u12\"", 1, 2, "a backslash that begins no escape"),
        ("\"a\tb\"", 1, 3, "a control character inside a text"),
        ("{} x", 1, 4, "expected the end of the document, got x"), ("'a'", 1, 1, "expected a value, got 'a'"),
    ])
    func syntax(text: String, line: Int, column: Int, reason: String) {
        let error = #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: text) }
        #expect(error == JSONSyntaxError(line: line, column: column, reason: reason))
    }

    @Test func depth() {
        let text = String(repeating: "[", count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSONReader.value(of: text) }
    }

    /// Python's json module writes these.
    @Test func numbersThatJSONLacks() throws {
        let bytes = Array("[NaN, Infinity, -Infinity, -1]".utf8)
        try bytes.withUnsafeBytes { bytes in
            var reader = JSONReader(bytes, allowsNonFinite: true)
            guard case .array(let values) = try reader.value() else { return #expect(Bool(false)) }
            let numbers = values.compactMap(\.double)
            #expect(numbers[0].isNaN && Array(numbers[1...]) == [.infinity, -.infinity, -1])
        }
    }
}
