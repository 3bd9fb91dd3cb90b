import Foundation
import TailorCheckpoints
import TailorSupport
import Testing

/// Files as `torch.save` writes them.
@Suite struct TorchFileWriterTests {
    /// What `Self.written` was made of with PyTorch 2.13.0:
    /// `OrderedDict([("conv1.weight", arange(6, dtype=float32).reshape(2, 3)), ("bn1.num_batches_tracked",
    /// tensor(42)), ("bn1.größe 名前", tensor([1, -2], dtype=float16)), ("fc.weight", zeros(0, 3)), ("fc.bias",
    /// tensor([1, -2, 0.5], dtype=bfloat16))])`
    private static let state = [
        RawTensor(
            name: "conv1.weight", element: .float32, shape: [2, 3],
            bytes: [0, 0, 0, 0, 0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40, 0, 0, 0x80, 0x40]
                + [0, 0, 0xA0, 0x40]),
        RawTensor(
            name: "bn1.num_batches_tracked", element: .int64, shape: [], bytes: [42, 0, 0, 0, 0, 0, 0, 0]),
        RawTensor(name: "bn1.größe 名前", element: .float16, shape: [2], bytes: [0, 0x3C, 0, 0xC0]),
        RawTensor(name: "fc.weight", element: .float32, shape: [0, 3], bytes: []),
        RawTensor(
            name: "fc.bias", element: .bfloat16, shape: [3], bytes: [0x80, 0x3F, 0, 0xC0, 0, 0x3F]),
    ]

    /// The file of `state` up to the entry `.data/serialization_id`, saved as archive.pth.
    private static let written = (
        byteCount: 1682, sha256: "0d1175bcb3e2f24a0c491a153389c984c6229807b454827a86e72dbd54d85704"
    )

    private func readBack(_ tensors: [RawTensor]) throws -> [RawTensor] {
        try TorchFile.tensors(in: TorchFile.serialized(tensors, path: "f.pth"), path: "f.pth")
    }

    // MARK: Contents

    @Test func bytesAreThoseOfPyTorch() throws {
        let bytes = try TorchFile.serialized(Self.state, path: "f.pth")
        #expect(try ContentHash.sha256(Data(bytes.prefix(Self.written.byteCount))) == Self.written.sha256)
        #expect(Array(bytes[Self.written.byteCount...].prefix(4)) == Array("PK".utf8) + [1, 2])
    }

    @Test func isReadBackInOrder() throws {
        #expect(try readBack(Self.state) == Self.state)
        #expect(try readBack(Self.state.reversed()) == Self.state.reversed())
    }

    @Test func everyElementTypeIsReadBack() throws {
        let tensors = ElementType.allCases.map { element in
            RawTensor(
                name: element.rawValue, element: element, shape: [3, 1, 2],
                bytes: (0..<UInt8(6 * element.width)).map { element == .bool ? $0 & 1 : $0 })
        }
        #expect(try readBack(tensors) == tensors)
    }

    /// Files of PyTorch, its views and channels-last tensors among them, survive being written anew.
    @Test(arguments: ["mixed.pth", "wrapped.pth"])
    func whatPyTorchSavedIsReadBack(_ name: String) throws {
        let tensors = try TorchFile.tensors(in: Golden.bytes(name), path: name)
        #expect(try readBack(tensors) == tensors)
    }

    /// More items than Python sets at once, more memo entries than a byte can count, every width of a size.
    @Test func manyAndLargeAreReadBack() throws {
        var tensors = (0..<1001).map {
            RawTensor(name: "p.\($0)", element: .uint8, shape: [1], bytes: [UInt8($0 % 251)])
        }
        for count in [255, 256, 65_535, 65_536] {
            tensors.append(
                RawTensor(
                    name: "n.\(count)", element: .int8, shape: [count, 1, 1, 1, 1],
                    bytes: Array(repeating: 7, count: count)))
        }
        tensors.append(
            RawTensor(name: "empty", element: .float32, shape: [0, 1 << 31, 1 << 29], bytes: []))
        #expect(try readBack(tensors) == tensors)
        let one = Array(tensors.prefix(1))
        #expect(try readBack(one) == one)
    }

    // MARK: Layout

    @Test func sameTensorsGiveTheSameBytes() throws {
        let first = try TorchFile.serialized(Self.state, folder: "a", path: "a.pth")
        #expect(try TorchFile.serialized(Self.state, folder: "a", path: "elsewhere/b.pth") == first)
        #expect(try TorchFile.serialized(Self.state, folder: "b", path: "a.pth") != first)
    }

    @Test func contentsBeginAtMultiplesOf64() throws {
        for folder in ["a", "best", "größe", String(repeating: "x", count: 255)] {
            let bytes = try TorchFile.serialized(Self.state, folder: folder, path: "f.pth")
            let entries = try localEntries(bytes)
            #expect(
                entries.map(\.name)
                    == ["data.pkl", ".format_version", ".storage_alignment", "byteorder", "data/0", "data/1"]
                    .map { "\(folder)/\($0)" }
                    + ["data/2", "data/3", "data/4", "version"].map { "\(folder)/\($0)" })
            for entry in entries { #expect(entry.start % 64 == 0, "\(entry.name)") }
            #expect(Array(bytes[entries[3].start...].prefix(6)) == Array("little".utf8))
            #expect(Array(bytes[entries[9].start...].prefix(2)) == Array("3\n".utf8))
            for (tensor, entry) in zip(Self.state, entries.dropFirst(4)) {
                #expect(Array(bytes[entry.start...].prefix(tensor.bytes.count)) == tensor.bytes)
            }
        }
    }

    /// Name and first byte of each entry, from the headers before the contents.
    private func localEntries(_ bytes: [UInt8]) throws -> [(name: String, start: Int)] {
        var entries: [(name: String, start: Int)] = []
        var rest = bytes[...]
        while let header = rest.firstRange(of: Array("PK".utf8) + [3, 4])?.lowerBound {
            let nameLength = Int(bytes[header + 26]) | Int(bytes[header + 27]) << 8
            let extraLength = Int(bytes[header + 28]) | Int(bytes[header + 29]) << 8
            let name = bytes[(header + 30)...].prefix(nameLength)
            let start = header + 30 + nameLength + extraLength
            entries.append((try #require(String(bytes: name, encoding: .utf8)), start))
            rest = bytes[start...]
        }
        return entries
    }

    // MARK: Errors

    static let refusals: [(RawTensor, String)] = [
        (
            RawTensor(name: "w", element: .float32, shape: [2, 3], bytes: [0, 0, 0, 0]),
            "damaged checkpoint: w: expected 24 bytes of float32 for shape [2, 3], got 4"
        ),
        (
            RawTensor(name: "w", element: .int64, shape: [0, -1], bytes: []),
            "damaged checkpoint: w: no tensor of int64 has the shape [0, -1]"
        ),
        (
            RawTensor(name: "w", element: .int8, shape: [0, .max, 2], bytes: []),
            "damaged checkpoint: w: no tensor of int8 has the shape [0, 9223372036854775807, 2]"
        ),
        (
            RawTensor(name: "w\n", element: .int8, shape: Array(repeating: 1, count: 17), bytes: [1]),
            "unsupported checkpoint: w\\n: 17 dimensions, at most 16"
        ),
        (
            RawTensor(name: "fc.bias", element: .int8, shape: [], bytes: [1]),
            "damaged checkpoint: two tensors named fc.bias"
        ),
        (
            RawTensor(
                name: String(repeating: "x", count: 8 << 20), element: .int8, shape: [], bytes: [1]),
            "unsupported checkpoint: a pickle of 8389194 bytes, at most 8388608"
        ),
    ]

    @Test(arguments: refusals.indices) func whatCannotBeReadIsNotWritten(_ index: Int) {
        let (tensor, expected) = Self.refusals[index]
        let error = #expect(throws: CheckpointError.self) {
            try TorchFile.serialized(Self.state + [tensor], path: "f.pth")
        }
        #expect(error?.description == "f.pth: \(expected)")
    }

    @Test(arguments: ["", "a/b", String(repeating: "x", count: 256)])
    func foldersAreRefused(_ folder: String) {
        let error = #expect(throws: CheckpointError.self) {
            try TorchFile.serialized(Self.state, folder: folder, path: "f.pth")
        }
        guard case .unsupported? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
