import Foundation
import TailorCheckpoints
import TestSupport
import Testing

/// What is refused, and in which words.
@Suite struct TorchFileErrorTests {
    private static let advice = "(save only the weights: torch.save(model.state_dict(), path))"
    private static let executed = "which weights never need; nothing was executed \(advice)"

    private func message(_ bytes: [UInt8]) -> String {
        let error = #expect(throws: CheckpointError.self) { try TorchFile.tensors(in: bytes, path: "f.pth") }
        return error?.description ?? "nothing thrown"
    }

    static let files: [(String, String)] = [
        ("evil.pth", "f.pth: refused: the pickle asks for posix.system, \(executed)"),
        ("list.pth", "f.pth: no state dict: the file holds no dictionary \(advice)"),
        ("gan.pth", "f.pth: no state dict: the file holds 2, choose one: generator, discriminator \(advice)"),
        (
            "script.pth",
            "f.pth: unsupported checkpoint: a TorchScript program (torch.jit.save), not a state dict of torch.save"
        ),
        (
            "files.json",
            "f.pth: expected a checkpoint written by torch.save, got something that is neither a zip archive nor a pickle"
        ),
    ]

    @Test(arguments: files) func filesAreRefusedByName(_ file: String, _ expected: String) throws {
        #expect(message(try Golden.bytes(file)) == expected)
        #expect(!FileManager.default.fileExists(atPath: "tailor-pickle-ran"))
    }

    @Test func containersAreRefused() {
        let empty: [UInt8] = [0x80, 2, 0x7D, 0x2E]
        let expected = "f.pth: expected a checkpoint written by torch.save, got "
        #expect(message([]) == expected + "an empty file")
        #expect(message(empty) == expected + "a pickle of another kind (plain pickle.dump, joblib?)")
        #expect(message(ZipBuilder().archive([("a/b", [1])])) == expected + "a zip archive without data.pkl")
        #expect(
            message(ZipBuilder(method: 8).checkpoint(pickle: empty))
                == "f.pth: unsupported checkpoint: x/data.pkl is compressed (zip method 8); torch.save stores plainly"
        )
        #expect(
            message(ZipBuilder(flags: 1).checkpoint(pickle: empty))
                == "f.pth: unsupported checkpoint: x/data.pkl is encrypted")
        #expect(
            message(ZipBuilder().archive([("x/data.pkl", empty), ("x/byteorder", Array("big".utf8))]))
                == "f.pth: unsupported checkpoint: its numbers are not little-endian")
        #expect(
            message(ZipBuilder().archive([("x/data.pkl", empty), ("x/data.pkl", empty)]))
                == "f.pth: damaged checkpoint: two zip entries named x/data.pkl")
        var flipped = ZipBuilder().checkpoint(pickle: empty)
        flipped[30 + 10] ^= 1
        #expect(message(flipped) == "f.pth: damaged checkpoint: checksum of x/data.pkl does not match")
    }

    /// Pickles assembled by hand; all would run or build something else in Python.
    static let pickles: [(String, String)] = [
        ("cos\nsystem\n(X\u{04}\0\0\0truetR.", "os.system"),
        ("cposix\nsystem\n.", "posix.system"),
        ("c__builtin__\neval\n.", "__builtin__.eval"),
        ("cbuiltins\ngetattr\n.", "builtins.getattr"),
        ("\u{8C}\u{02}os\u{8C}\u{06}system\u{93}.", "os.system"),
        ("X\u{02}\0\0\0osX\u{06}\0\0\0system\u{93}.", "os.system"),
        ("(X\u{02}\0\0\0idios\nsystem\n.", "os.system"),
        ("ctorch._utils\n_rebuild_tensor_v3\n.", "torch._utils._rebuild_tensor_v3"),
        ("ctorch\nload\n.", "torch.load"),
        ("ctorch.storage\n_load_from_bytes\n.", "torch.storage._load_from_bytes"),
        ("ccollections\nOrderedDict.__init__\n.", "collections.OrderedDict.__init__"),
        ("cnumpy\u{1B}[2J\nload\n.", "numpy\\u{1b}[2J.load"),
    ]

    @Test(arguments: pickles) func globalsAreRefusedByName(_ pickle: String, _ name: String) {
        // Code points below 256 stand for bytes.
        let bytes = [0x80, 4] + pickle.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(
            message(ZipBuilder().checkpoint(pickle: bytes))
                == "f.pth: refused: the pickle asks for \(name), \(Self.executed)")
    }

    static let instructions: [(String, String)] = [
        ("}\u{81}.", "f.pth: refused: pickle instruction 0x81, \(executed)"),
        ("I1\n.", "f.pth: refused: pickle instruction 0x49, \(executed)"),
        ("}", "f.pth: damaged checkpoint: the pickle is cut short"),
        (".", "f.pth: damaged checkpoint: pickle: the stack is empty"),
        ("t.", "f.pth: damaged checkpoint: pickle: no mark on the stack"),
        ("h\u{07}.", "f.pth: damaged checkpoint: pickle: memo 7 was never stored"),
        (
            "K\u{01}K\u{02}K\u{03}s.",
            "f.pth: damaged checkpoint: pickle: sets items of something that is no dictionary"
        ),
        (
            "ccollections\nOrderedDict\nK\u{01}\u{85}R.",
            "f.pth: damaged checkpoint: pickle: an OrderedDict with arguments"
        ),
        ("K\u{01})R.", "f.pth: damaged checkpoint: pickle: calls something that cannot be called"),
        ("ctorch\nFloatStorage\n)R.", "f.pth: damaged checkpoint: pickle: calls a storage type"),
        ("NQ.", "f.pth: damaged checkpoint: pickle: a storage without description"),
        ("X\u{02}\0\0\0\u{C3}\u{28}.", "f.pth: damaged checkpoint: pickle: a string that is not UTF-8"),
        ("\u{80}\u{09}.", "f.pth: unsupported checkpoint: pickle protocol 9, expected 2 to 5"),
    ]

    @Test(arguments: instructions) func instructionsAreRefused(_ pickle: String, _ expected: String) {
        let bytes = [0x80, 2] + pickle.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) }
        #expect(message(ZipBuilder().checkpoint(pickle: bytes)) == expected)
    }

    /// {"w": tensor} over a storage of four float32, with any offset, shape and strides.
    private func view(offset: Int, shape: [Int], strides: [Int], stored: Int = 16) -> [UInt8] {
        func long(_ value: Int) -> [UInt8] {
            [0x8A, 8] + withUnsafeBytes(of: Int64(value).littleEndian, Array.init)
        }
        func text(_ text: String) -> [UInt8] { [0x8C, UInt8(text.utf8.count)] + Array(text.utf8) }
        func tuple(_ parts: [[UInt8]]) -> [UInt8] { [0x28] + parts.joined() + [0x74] }
        let storage =
            tuple([text("storage"), Array("ctorch\nFloatStorage\n".utf8), text("0"), text("cpu"), long(4)])
            + [0x51]
        let arguments = tuple([
            storage, long(offset), tuple(shape.map(long)), tuple(strides.map(long)), [0x89], [0x4E],
        ])
        let tensor = Array("ctorch._utils\n_rebuild_tensor_v2\n".utf8) + arguments + [0x52]
        let pickle = [0x80, 2, 0x7D] + text("w") + tensor + [0x73, 0x2E]
        return ZipBuilder().archive([
            ("x/data.pkl", pickle), ("x/data/0", [UInt8](repeating: 1, count: stored)),
        ])
    }

    @Test func viewsStayInsideTheirStorage() throws {
        #expect(
            try TorchFile.tensors(in: view(offset: 0, shape: [2, 2], strides: [1, 2]), path: "f").count == 1)
        #expect(try TorchFile.tensors(in: view(offset: 3, shape: [1], strides: [.max]), path: "f").count == 1)
        #expect(
            try TorchFile.tensors(in: view(offset: 1, shape: [1, 3], strides: [.max, 1]), path: "f").count
                == 1)
        let outside: [(Int, [Int], [Int])] = [
            (1, [2, 2], [2, 1]), (5, [], []), (0, [5], [1]), (0, [2], [.max]), (0, [.max, .max], [0, 0]),
            (0, [1 << 40], [0]), (.max, [1], [1]), (0, [2, 2, 2], [1, 1, .max / 2]),
        ]
        for (offset, shape, strides) in outside {
            let text = message(view(offset: offset, shape: shape, strides: strides))
            #expect(text.hasSuffix("reach outside its storage of 4 elements"), "\(text)")
        }
        #expect(
            message(view(offset: -1, shape: [1], strides: [1])).hasSuffix(
                "reach outside its storage of 4 elements"))
        #expect(
            message(view(offset: 0, shape: [-1], strides: [1]))
                == "f.pth: damaged checkpoint: pickle: a size or stride that is no whole number ≥ 0")
        #expect(
            message(view(offset: 0, shape: [1], strides: []))
                == "f.pth: damaged checkpoint: pickle: a tensor of 1 dimensions with 0 strides")
        #expect(
            message(view(offset: 0, shape: [4], strides: [1], stored: 12))
                == "f.pth: damaged checkpoint: storage 0 of w: expected 4 float32, got 12 bytes")
    }

    @Test func depthAndCyclesAreHarmless() {
        let deep = [0x80, 2, 0x29] + [UInt8](repeating: 0x85, count: 1_000_000) + [0x2E]
        #expect(message(ZipBuilder().checkpoint(pickle: deep)).contains("no dictionary"))
        // A list that holds itself.
        let cycle: [UInt8] = [0x80, 2, 0x5D, 0x71, 0, 0x68, 0, 0x61, 0x2E]
        #expect(message(ZipBuilder().checkpoint(pickle: cycle)).contains("no dictionary"))
    }

    @Test func filesThatAreNoneAreNamed() throws {
        let folder = try TemporaryFolder()
        let missing = folder.url.appendingPathComponent("none.pth")
        let absent = #expect(throws: CheckpointError.self) { try TorchCheckpoint.read(missing) }
        #expect(absent?.description == "\(missing.path): cannot be read: no such file or directory")
        let error = #expect(throws: CheckpointError.self) { try TorchCheckpoint.read(folder.url) }
        #expect(error?.description == "\(folder.url.path): cannot be read: not a regular file (a folder)")
    }
}
