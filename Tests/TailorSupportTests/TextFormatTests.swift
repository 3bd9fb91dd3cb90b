import Foundation
import TailorSupport
import TestSupport
import Testing

@Suite struct CSVTests {
    @Test(arguments: [
        (["a", "b"], "a,b"),
        (["a,b", "c"], "\"a,b\",c"),
        (["say \"hi\"", ""], "\"say \"\"hi\"\"\","),
        (["two\nlines", "é"], "\"two\nlines\",é"),
        (["a\r\nb"], "\"a\r\nb\""),
        ([" kept "], " kept "),
        ([""], "\"\""),
        ([], ""),
    ])
    func lines(fields: [String], expected: String) throws {
        #expect(CSV.line(fields) == expected)
        let back = try CSV.parse(expected + "\n")
        #expect(back == (fields.isEmpty ? [] : [fields]))
    }

    @Test(arguments: [
        ("", []),
        ("a,b\r\nc,d\r\n", [["a", "b"], ["c", "d"]]),
        ("a,b\nc,d", [["a", "b"], ["c", "d"]]),
        ("\u{FEFF}a\n\n\nb\n", [["a"], ["b"]]),
        (",\n", [["", ""]]),
        ("\"a,\"\"b\"\"\r\nc\",d\n", [["a,\"b\"\r\nc", "d"]]),
        ("\"a\"\r\n\"b\"", [["a"], ["b"]]),
        ("a\rb,c\n", [["a\rb", "c"]]),
        ("a,b\rc,\"d\re\"\r\r", [["a", "b"], ["c", "d\ne"]]),
        ("\"a\" , \"b,c\"  \n d ,e\n", [["a", "b,c"], [" d ", "e"]]),
        ("图,é\n", [["图", "é"]]),
    ])
    func texts(text: String, expected: [[String]]) throws {
        #expect(try CSV.parse(text) == expected)
    }

    @Test(arguments: [
        ("a\n\"b\nc", "CSV line 2: a quoted field opens here and is never closed"),
        ("a\n\"b\"c\n", "CSV line 2: expected a comma or the end of the line after a closing quote"),
        (
            "a\nb\"c\n",
            "CSV line 2: a quote inside a field that is not quoted "
                + "(write the field in quotes, with \"\" for each quote)"
        ),
    ])
    func notCSV(text: String, expected: String) {
        let error = #expect(throws: CSVError.self) { try CSV.parse(text) }
        #expect(error?.description == expected)
    }

    @Test func recordsKnowTheirLines() throws {
        let records = try CSV.records("\u{FEFF}a,b\r\n\r\n\"two\nlines\",c\n\nd,e")
        #expect(records.map(\.line) == [1, 3, 6])
        #expect(records.map(\.fields) == [["a", "b"], ["two\nlines", "c"], ["d", "e"]])
    }
}

@Suite struct CSVDelimiterTests {
    @Test(arguments: [
        ("a,b;c,d\n", CSV.Delimiter.comma), ("a;b\n1,5;2,5;3,5\n", .semicolon), ("\n\na\tb", .tab),
        ("\"a,b,c\"|d\n", .bar), ("a\n1,2\n", .comma), ("", .comma), ("a,b;c\n", .comma),
    ])
    func delimiters(text: String, expected: CSV.Delimiter) throws {
        #expect(CSV.Delimiter(of: text) == expected)
    }

    @Test func records() throws {
        let records = try CSV.records("a;\"b;c\"\n1,5;2\n", delimiter: .semicolon)
        #expect(records.map(\.fields) == [["a", "b;c"], ["1,5", "2"]])
    }
}

@Suite struct JSONFileTests {
    struct Inner: Codable, Equatable { var names: [String] }
    struct Outer: Codable, Equatable {
        var b: Double
        var a: Inner
        var path = "x/y"
        var date: Date?
        var count: Int?
    }

    @Test func theSameBytesEachTime() throws {
        let value = Outer(b: 0.5, a: Inner(names: ["z", "é"]), date: Date(timeIntervalSince1970: 0))
        let expected = """
            {
              "a" : {
                "names" : [
                  "z",
                  "é"
                ]
              },
              "b" : 0.5,
              "date" : "1970-01-01T00:00:00Z",
              "path" : "x/y"
            }

            """
        #expect(String(decoding: try JSONFile.encode(value), as: UTF8.self) == expected)
    }

    @Test func writtenAndRead() throws {
        let folder = try TemporaryFolder()
        let value = Outer(b: 1, a: Inner(names: ["x"]), count: 3)
        try JSONFile.write(value, to: folder.file("v.json"))
        #expect(try JSONFile.read(Outer.self, from: folder.file("v.json")) == value)
    }

    @Test func numbersThatJSONLacks() throws {
        let folder = try TemporaryFolder()
        let url = folder.file("v.json")
        try Data("old".utf8).write(to: url)
        let error = #expect(throws: JSONFileError.self) {
            try JSONFile.write(["loss": [1, Double.nan]], to: url)
        }
        #expect(error?.description == "\(url.path): nan at loss[1] cannot be written as JSON")
        #expect(try Data(contentsOf: url) == Data("old".utf8))
    }

    @Test(arguments: [
        ("{", "not valid JSON, line 1, column 2: expected a key in quotes, got the end"),
        ("", "not valid JSON, line 1, column 1: expected a value, got the end"),
        ("{\"b\": 1,\n \"path\": nul}", "not valid JSON, line 2, column 10: expected a value, got nul"),
        (
            ##"{"b": 1, "path": "", "a": {"names": []}, "count": 1e300}"##, "count: 1e+300 is too large"
        ),
        (
            ##"{"b": 1, "path": "", "a": {"names": []}, "count": 1.5}"##,
            "a number is out of range, or not whole where it must be"
        ),
        (#"{"b": 1, "path": ""}"#, #"expected a value for "a", got none"#),
        (#"{"b": 1, "path": "", "a": {}}"#, #"expected a value for "names" at a, got none"#),
        (
            #"{"b": 1, "path": "", "a": {"names": ["x", 3]}}"#,
            "expected a string at a.names[1], got something else"
        ),
        (#"{"b": "1", "path": "", "a": {"names": []}}"#, "expected a number at b, got something else"),
        (#"{"b": null, "path": "", "a": {"names": []}}"#, "expected a number at b, got null"),
        ("[]", "expected an object, got something else"),
    ])
    func notTheDocument(text: String, expected: String) throws {
        let folder = try TemporaryFolder()
        let url = folder.file("run.json")
        try Data(text.utf8).write(to: url)
        let error = #expect(throws: JSONFileError.self) { try JSONFile.read(Outer.self, from: url) }
        #expect(error?.description == "\(url.path): \(expected)")
    }
}
