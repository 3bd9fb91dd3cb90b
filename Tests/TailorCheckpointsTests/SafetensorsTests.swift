import Foundation
import TailorCheckpoints
import TailorTensors
import TestSupport
import Testing

@Suite struct SafetensorsTests {
    struct Described: Decodable {
        struct Entry: Decodable {
            let dtype: String
            let shape: [Int]
            let values: [Double]
        }
        let tensors: [String: Entry]
        let metadata: [String: String]
    }

    @Test func aFileWrittenByPythonIsReadExactly() throws {
        let expected = try Golden.files.json(Described.self, from: "written-by-python.json")
        let (tensors, metadata) = try Safetensors.read(Golden.files.url("written-by-python.safetensors"))
        #expect(metadata == expected.metadata)
        #expect(tensors.keys.sorted() == expected.tensors.keys.sorted())
        for (name, entry) in expected.tensors {
            let tensor = try #require(tensors[name])
            #expect(tensor.dtype.description == entry.dtype)
            #expect(tensor.shape == entry.shape)
            #expect(try tensor.floats() == entry.values.map { Float($0) })
        }
    }

    @Test func theWritersBytesArePythons() throws {
        let expected = try Golden.files.data("plain.safetensors")
        let tensors: [(String, Tensor)] = [
            ("half", try Tensor([0.5, 1, 2], shape: [3]).to(.float16)),
            ("a", try Tensor([1.5, -2], shape: [1, 2])),
            ("b \"quoted\"", try Tensor([3], shape: [1])),
            ("count", try Tensor([Int64(7)], shape: [])),
        ]
        #expect(try Safetensors.encode(tensors, metadata: ["note": "ünïcode\n"]) == expected)
    }

    @Test func whatIsWrittenIsReadBackTheSame() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("tailor-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: url) }
        let written: [(String, Tensor)] = [
            ("half \"quoted\" \n\u{1}é🙂", try Tensor([1, -2], shape: [2]).to(.float16)),
            ("weight", try Tensor([1, 2, 3, 4, .nan, 6], shape: [1, 2, 3, 1]).channelsLast()),
            ("flag", try Tensor([1, 0, 1], shape: [3]).to(.bool)),
            ("count", try Tensor([Int64(7)], shape: [])),
            ("brain", try Tensor([1.5], shape: [1]).to(.bfloat16)),
        ]
        let metadata = ["classes": "[\"a\"]", "\\": "back\\slash"]
        try Safetensors.write(written, metadata: metadata, to: url)
        let read = try Safetensors.read(url)
        #expect(read.metadata == metadata)
        #expect(read.tensors.count == written.count)
        for (name, tensor) in written {
            let back = try #require(read.tensors[name])
            #expect(back.shape == tensor.shape && back.dtype == tensor.dtype)
            #expect(try back.rawBytes() == tensor.rawBytes(), "\(name)")
        }
        let file = try Data(contentsOf: url)
        #expect(try Safetensors.encode(written, metadata: metadata) == file, "the same bytes again")
    }

    @Test func namesThatCannotBeWrittenAreRefused() throws {
        let one = try Tensor.ones([1])
        #expect(
            message { _ = try Safetensors.encode([("a", one), ("a", one)]) }
                == "safetensors: not a valid safetensors file: two tensors are named \"a\"")
        #expect(
            message { _ = try Safetensors.encode([("__metadata__", one)]) }
                == "safetensors: not a valid safetensors file: a tensor cannot be named \"__metadata__\"")
    }

    static func file(_ header: String, elements: Int = 0) -> Data {
        var data = Data()
        withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { data.append(contentsOf: $0) }
        return data + Data(header.utf8) + Data(count: elements)
    }

    static func entry(_ shape: String, _ begin: Int, _ end: Int, dtype: String = "F32") -> String {
        "{\"dtype\":\"\(dtype)\",\"shape\":[\(shape)],\"data_offsets\":[\(begin),\(end)]}"
    }

    static let malformed: [(data: Data, message: String)] = [
        (Data([1, 2, 3]), "expected at least 8 bytes, got 3"),
        (Data(), "expected at least 8 bytes, got 0"),
        (
            Data(repeating: 0xFF, count: 16),
            "the header claims 18446744073709551615 bytes; the limit is 100000000"
        ),
        (
            Data([0x01, 0xE1, 0xF5, 0x05, 0, 0, 0, 0]),
            "the header claims 100000001 bytes; the limit is 100000000"
        ),
        (Data([9, 0, 0, 0, 0, 0, 0, 0, 0x7B]), "the header claims 9 bytes, but the file has 9 in all"),
        (file(""), "header, byte 0: expected \"{\""),
        (file(" {}"), "header, byte 0: expected \"{\""),
        (file("[]"), "header, byte 0: expected \"{\""),
        (file("{"), "header, byte 1: expected a string"),
        (file("{} x"), "header, byte 3: expected nothing after the closing brace"),
        (file("{\"a"), "header, byte 3: expected a quotation mark at the end of a string"),
        (file("{\"a\\q\":1}"), "header, byte 4: expected an escape that JSON knows"),
        (file("{\"a\\ud800\":1}"), "header, byte 9: expected the second half of a surrogate pair"),
        (file("{\"a\":{\"shape\":[-1]}}"), "header, byte 15: expected a whole number from 0 up"),
        (file("{\"a\":{\"shape\":[1.5]}}"), "header, byte 15: expected a whole number from 0 up"),
        (file("{\"a\":{\"shape\":[01]}}"), "header, byte 15: expected a whole number from 0 up"),
        (
            file("{\"a\":{\"shape\":[99999999999999999999]}}"),
            "header, byte 15: expected a number of at most 63 bits"
        ),
        (
            file("{\"a\":\(entry("1", 0, 4)),\"a\":\(entry("1", 0, 4))}", elements: 4),
            "header, byte 54: the key \"a\" appears twice"
        ),
        (
            // The same name, written differently.
            file("{\"a\":\(entry("1", 0, 4)),\"\\u0061\":\(entry("1", 0, 4))}", elements: 4),
            "header, byte 54: the key \"a\" appears twice"
        ),
        (
            file("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}"),
            "header, byte 20: the key \"dtype\" appears twice"
        ),
        (
            file("{\"__metadata__\":{\"k\":\"1\",\"k\":\"2\"}}"),
            "header, byte 25: the key \"k\" appears twice"
        ),
        (
            file("{\"__metadata__\":{\"k\":1}}"), "header, byte 21: expected a string"
        ),
        (
            file("{\"a\":\(entry("1", 0, 1, dtype: "F8_E4M3"))}", elements: 1),
            "tensor \"a\": unsupported dtype \"F8_E4M3\" (expected one of U8, I8, I16, I32, I64, F16, F32, "
                + "F64, BOOL, BF16)"
        ),
        (file("{\"a\":{\"dtype\":\"F32\",\"extra\":[]}}"), "tensor \"a\": unknown field \"extra\""),
        (file("{\"a\":{}}"), "tensor \"a\": the field \"dtype\" is missing"),
        (
            file("{\"a\":{\"dtype\":\"F32\",\"shape\":[1]}}"),
            "tensor \"a\": the field \"data_offsets\" is missing"
        ),
        (
            file("{\"a\":\(entry("1,1,1,1,1,1,1,1,1", 0, 4))}", elements: 4),
            "tensor \"a\": 9 dimensions; the limit is 8"
        ),
        (
            file("{\"a\":\(entry("4611686018427387904,4", 0, 0))}"),
            "tensor \"a\": shape [4611686018427387904, 4] takes more bytes than a number can hold"
        ),
        (
            file("{\"a\":\(entry("0,4611686018427387904,4", 0, 0))}"),
            "tensor \"a\": shape [0, 4611686018427387904, 4] takes more bytes than a number can hold"
        ),
        (
            file("{\"a\":\(entry("2", 0, 4))}", elements: 4),
            "tensor \"a\": its shape and dtype take 8 bytes, but its offsets are 0 to 4"
        ),
        (
            file("{\"a\":\(entry("1", 4, 0))}", elements: 4),
            "tensor \"a\": its shape and dtype take 4 bytes, but its offsets are 4 to 0"
        ),
        (
            file("{\"a\":\(entry("1", 4, 8))}", elements: 8),
            "tensor \"a\" begins at 4, but the one before ends at 0: a hole"
        ),
        (
            file("{\"a\":\(entry("2", 0, 8)),\"b\":\(entry("2", 4, 12))}", elements: 12),
            "tensor \"b\" begins at 4, but the one before ends at 8: an overlap"
        ),
        (file("{\"a\":\(entry("2", 0, 8))}", elements: 4), "expected 8 bytes of tensors, got 4"),
        (file("{\"a\":\(entry("1", 0, 4))}", elements: 7), "3 bytes after the last tensor"),
        (file("{}", elements: 1), "1 bytes after the last tensor"),
    ]

    @Test func malformedFilesAreRefusedWithTheReason() {
        for (data, expected) in Self.malformed {
            let before = liveTorchHandles
            let text = message { _ = try Safetensors.decode(data, name: "m.safetensors") }
            #expect(text == "m.safetensors: not a valid safetensors file: \(expected)")
            #expect(liveTorchHandles == before)
        }
    }

    @Test func theFilesPathIsInTheMessage() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("tailor-\(UUID().uuidString).safetensors")
        #expect(message { _ = try Safetensors.read(url) }.contains(url.path))
        defer { try? FileManager.default.removeItem(at: url) }
        try Self.file("{}", elements: 2).write(to: url)
        #expect(
            message { _ = try Safetensors.read(url) }
                == "\(url.path): not a valid safetensors file: 2 bytes after the last tensor")
        #expect(
            message { _ = try Safetensors.read(url.deletingLastPathComponent()) }.contains("a folder"))
    }

    @Test func anEmptyFileOfTensorsIsFine() throws {
        let (tensors, metadata) = try Safetensors.decode(Self.file("{}  \n"), name: "empty")
        #expect(tensors.isEmpty && metadata.isEmpty)
    }

    /// Flipped bytes anywhere give an error or other numbers, never a crash.
    @Test func damagedBytesNeverCrash() throws {
        let good = try Golden.files.data("written-by-python.safetensors")
        for position in good.indices {
            for mask: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = good
                damaged[position] ^= mask
                _ = try? Safetensors.decode(damaged, name: "damaged")
            }
            #expect(throws: SafetensorsError.self) {
                try Safetensors.decode(good.prefix(position), name: "cut")
            }
        }
    }
}
