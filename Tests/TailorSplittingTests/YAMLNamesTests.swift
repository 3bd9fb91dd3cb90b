import Foundation
import TailorDatasets
import TailorSplitting
import Testing

/// What `names:` of a `data.yaml` may look like, by the names that boxes of classes 0, 1 and so on end up with.
@Suite struct YAMLNamesTests {
    /// The names of these classes, each of them a box on a picture of its own.
    private func names(_ yaml: Data, of ids: [Int]) throws -> [String] {
        let made = try MadeAnnotations(pictures: ids.count)
        try made.made.write(yaml, to: "annotations/data.yaml")
        for (picture, id) in ids.enumerated() {
            try made.write("\(id) 0.5 0.5 0.5 0.5\n", to: "\(picture).txt")
        }
        let source = try made.read()
        return source.images.map { source.classes.names[$0.label] }
    }

    @Test(arguments: [
        "path: ..\nnames: [cat, 'a, dog', \"hen\"]  # three\nnc: 3\n",
        "names: [cat,\n  \"a, dog\", # a comment\n  hen,\n]\n",
        "names:\n- cat\n- 'a, dog'\n\n- hen\nnc: 3\n", "names:   # here\n  - cat\n  - \"a, dog\"\n  - hen\n",
        "nc: 3\r\nnames:\r\n  0: cat\r\n  1: a, dog\r\n  2: hen # last\r\n",
        "names: {0: cat, 2: hen, 1: 'a, dog'}",
    ])
    func spellings(text: String) throws {
        let made = try MadeAnnotations(pictures: 2)
        try made.made.write(Data(text.utf8), to: "data.yaml")
        try made.write("0 .5 .5 .5 .5\n1 .5 .5 .5 .5", to: "0.txt")
        try made.write("2 .5 .5 .5 .5", to: "1.txt")
        #expect(try made.read().classes.names == ["a, dog", "cat", "hen"])
    }

    /// As tools write it.
    private static let variants: [(text: String, names: [String])] = [
        ("names:\n- stop sign\n- vehicle\nnc: 2\ntrain: ./images\n", ["stop sign", "vehicle"]),
        ("nc: 2\nnames: ['stop sign', \"vehicle\"]  # two\n", ["stop sign", "vehicle"]),
        ("path: .\nnames:\n  0: stop sign\n  1: vehicle\n", ["stop sign", "vehicle"]),
        ("names: {0: stop sign, 1: vehicle}\n", ["stop sign", "vehicle"]),
        ("names: ['driver''s cab', \"bird's nest\"]\n", ["driver's cab", "bird's nest"]),
        ("names: [0, 1]\n", ["0", "1"]),
        ("\"names\":\n  \"0\": stop sign\n  \"1\": vehicle\n", ["stop sign", "vehicle"]),
        ("names:\n- yes\n- no\n", ["yes", "no"]),
        ("\u{FEFF}names:\r\n- stop sign\r\n- vehicle\r\n", ["stop sign", "vehicle"]),
        ("names:\n    - stop sign\n    - vehicle\n", ["stop sign", "vehicle"]),
        ("names :\n  - a\n  - b\n", ["a", "b"]),
        ("names: [\n  'stop sign',\n  'vehicle',\n]\n", ["stop sign", "vehicle"]),
        ("names: [\"caf\\u00e9\", 'b']\n", ["café", "b"]),
        ("names:\n  0: 'a: b'\n  1: c\n", ["a: b", "c"]),
        (
            "---\n# Ultralytics\nnames:\n  0: stop sign # comment\n  1: vehicle\n...\n",
            ["stop sign", "vehicle"]
        ),
        ("path: ./\ntrain: train.txt\nnames:\n  0: ok\n  1: nok\n", ["ok", "nok"]),
        ("dataset:\n  names:\n    0: a\n    1: b\n", ["a", "b"]),
        // What YAML allows beyond these.
        ("? names\n: ? 1\n  : b\n  ? 0\n  : a\n", ["a", "b"]),
        ("{nc: 2, names: [a, b]}", ["a", "b"]), ("%YAML 1.1\n---\nnames: [a, b]\n", ["a", "b"]),
        ("names: [a b\n  c, \"d \\\n  e\"]", ["a b c", "d e"]),
        ("names:\n- >-\n  a\n  b\n- |-\n  c\n", ["a b", "c"]),
        ("names: [ 'a # b', c#d ]", ["a # b", "c#d"]), ("names: [Ł, 犬]", ["Ł", "犬"]),
        ("first: &one a\nnames: [*one, b]\n", ["a", "b"]), ("names: [&x a, b]\nagain: *x\n", ["a", "b"]),
        ("classes: &all {0: a, 1: b}\nnames: *all\n", ["a", "b"]),
        ("names: !!seq [!!str 0, ! b]\n", ["0", "b"]), ("names: {!!int 0: a, 1: b}", ["a", "b"]),
        ("train: [x, {deep: [y]}]\nother: !mine {a: 1}\nnames: [a, b]\n", ["a", "b"]),
        ("names: [a, b]\rnc: 2\r", ["a", "b"]),
    ]

    @Test(arguments: variants.indices)
    func variant(index: Int) throws {
        let (text, expected) = Self.variants[index]
        #expect(try names(Data(text.utf8), of: [0, 1]) == expected)
    }

    @Test func numbersWithGapsInAnyOrder() throws {
        let text = "names: {17: c, 4: a, 9: b}"
        #expect(try names(Data(text.utf8), of: [4, 9, 17]) == ["a", "b", "c"])
        let error = #expect(throws: SplitError.self) { try names(Data(text.utf8), of: [4, 5]) }
        #expect(error?.description.contains("class 5 has no name in ") == true)
        #expect(error?.description.contains("data.yaml (it names 4 to 17)") == true)
    }

    @Test(arguments: [String.Encoding.utf16LittleEndian, .utf16BigEndian])
    func utf16WithItsMark(encoding: String.Encoding) throws {
        let text = try #require("\u{FEFF}names:\r\n- Łódź\r\n- 犬\u{1F415}\r\n".data(using: encoding))
        #expect(try names(text, of: [0, 1]) == ["Łódź", "犬\u{1F415}"])
    }

    private static let refused: [(text: String, expected: String)] = [
        ("nc: 2\n", ": expected names:, got none"), ("", ": expected names:, got none"),
        ("# nothing\n", ": expected names:, got none"),
        (
            "a:\n  names: [a, b]\nb:\n  names: [b, a]\n",
            ", line 4, column 3: names: expected in one map, got a second one here"
        ),
        ("names: [a]\nkpt_shape: 17\n", ", line 2, column 12: kpt_shape: expected two numbers, got \"17\""),
        ("- a\n", ", line 1, column 1: expected names:, got a list"),
        ("nc: 2\nnames: cat\n", ", line 2, column 8: names: expected a list or a map, got \"cat\""),
        (
            "names: [cat,\n dog\n",
            ", line 3, column 1: not valid YAML: did not find expected ',' or ']' while parsing a flow sequence "
                + "from line 1, column 8"
        ),
        (
            "names:\n  - cat\n  dog\n",
            ", line 4, column 1: not valid YAML: could not find expected ':' while scanning a simple key "
                + "from line 3, column 3"
        ),
        (
            "a:\n\t- b\n",
            ", line 2, column 1: not valid YAML: found character that cannot start any token while scanning for the next token from line 2, column 1"
        ),
        ("names:\n  zero: cat\n", ", line 2, column 3: expected the whole number of a class, got \"zero\""),
        ("names: {-1: cat}", ", line 1, column 9: expected the whole number of a class, got \"-1\""),
        ("names: {1.0: cat}", ", line 1, column 9: expected the whole number of a class, got \"1.0\""),
        ("names: {? [0] : cat}", ", line 1, column 11: expected the whole number of a class, got a list"),
        (
            "b: &b {0: cat}\nnames:\n  <<: *b\n",
            ", line 3, column 3: expected the whole number of a class, got \"<<\""
        ),
        ("names:\n  0: cat\n  0: dog\n", ", line 3, column 3: class 0 is named twice"),
        ("names: [a, b]\nnames: [c]\n", ", line 2, column 1: names: expected once, got twice"),
        (
            "names: [*a, dog]\n",
            ", line 1, column 9: *a: expected an alias of an anchor that is complete before it"
        ),
        (
            "names: &a [*a]\n",
            ", line 1, column 12: *a: expected an alias of an anchor that is complete before it"
        ),
        ("a: &a [x]\nnames: [*a, dog]\n", ", line 2, column 9: expected a name, got a list"),
        ("names: {0: {a: b}}", ", line 1, column 12: expected a name, got a map"),
        ("names: [a, '', b]", ", line 1, column 12: expected a name, got \"\""),
        ("names: [a, ~]", ", line 1, column 12: expected a name, got \"~\""),
        ("names:\n- a\n-\n- b\n", ", line 3, column 2: expected a name, got nothing"),
        ("names:\nnc: 2\n", ", line 1, column 7: names: expected one or more, got none"),
        ("names: []\n", ", line 1, column 8: names: expected one or more, got none"),
        (
            "names: [!!python/name:os.system a]\n",
            ", line 1, column 9: expected no tag, got tag:yaml.org,2002:python/name:os.system"
        ),
        ("names: [a, b]\n---\nnames: [c]\n", ", line 2, column 1: expected one document, got a second one"),
        (
            "names: [\"\\ud800\"]\n",
            ", line 1, column 12: not valid YAML: found invalid Unicode character escape code while parsing a quoted scalar from line 1, column 9"
        ),
        (
            "names: [a, b]\ndeep: \(String(repeating: "[", count: 40))\n",
            ", line 2, column 38: nested deeper than 32 lists and maps"
        ),
        (
            "names: [a, b]\nmany: [\(String(repeating: "x,", count: 100_000))]\n",
            ", line 2, column 199988: more than 100000 values, brackets and aliases"
        ),
    ]

    @Test(arguments: refused.indices)
    func refusedWithItsPlace(index: Int) throws {
        let (text, expected) = Self.refused[index]
        #expect(try refusal(Data(text.utf8)) == expected)
    }

    @Test func bytesThatAreNoText() throws {
        #expect(
            try refusal(Data("names: [".utf8) + [0xC3, 0x28])
                == ", byte 10: expected text in UTF-8 or UTF-16: invalid trailing UTF-8 octet")
        #expect(
            try refusal(Data([0xFF, 0xFE, 0x00, 0xDC, 0x0A, 0x00]))
                == ", byte 3: expected text in UTF-8 or UTF-16: unexpected low surrogate area")
        #expect(
            try refusal(Data("names: [a\u{0}]".utf8))
                == ", byte 10: expected text in UTF-8 or UTF-16: control characters are not allowed")
        #expect(try refusal(Data(count: 1 << 20 | 1)) == ": larger than the limit of 1048576 bytes")
    }

    /// Ten lists of ten aliases each of the one before: 10 to the tenth names if they were written out.
    @Test func aliasesAreNotWrittenOut() throws {
        var text = "a0: &a0 [x]\n"
        for level in 1...10 {
            let aliases = [String](repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
            text += "a\(level): &a\(level) [\(aliases)]\n"
        }
        #expect(try names(Data("\(text)names: [a, b]\n".utf8), of: [0, 1]) == ["a", "b"])
        #expect(
            try refusal(Data("\(text)names: *a10\n".utf8))
                == ", line 11, column 12: expected a name, got a list")
    }

    /// The message without the path before it.
    private func refusal(_ yaml: Data) throws -> String? {
        let made = try MadeAnnotations(pictures: 1)
        try made.made.write(yaml, to: "annotations/data.yaml")
        try made.write("0 0.5 0.5 0.5 0.5\n", to: "0.txt")
        let error = #expect(throws: AnnotationError.self) { try made.read() }
        let path = "\(made.annotations.path)/data.yaml"
        guard let text = error?.description, text.hasPrefix(path) else { return error?.description }
        return String(text.dropFirst(path.count))
    }
}
