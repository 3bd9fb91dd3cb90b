import Foundation
import TailorCheckpoints
import TailorSupport
import Testing

/// Damaged files must throw `CheckpointError` or read, never trap and never hang.
@Suite struct TorchFileFuzzTests {
    static let names = ["mixed.pth", "mixed-legacy.pth", "wrapped.pth"]

    @Test(arguments: names) func truncationIsAlwaysNoticed(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        for length in 0..<bytes.count {
            #expect(throws: CheckpointError.self) {
                try TorchFile.tensors(in: Array(bytes[..<length]), path: name)
            }
        }
    }

    @Test(arguments: names) func flippedBytesNeverTrap(_ name: String) throws {
        let bytes = try Golden.bytes(name)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<2000 {
            var damaged = bytes
            for _ in 0...generator.integer(below: 4) {
                damaged[generator.integer(below: damaged.count)] = UInt8(generator.integer(below: 256))
            }
            expectHarmless(damaged)
        }
    }

    @Test func flippedElementsAreNoticed() throws {
        let bytes = try Golden.bytes("wrapped.pth")
        let intact = try TorchFile.tensors(in: bytes, path: "f")
        for tensor in intact where !tensor.bytes.isEmpty && tensor.element == .float32 {
            let range = try #require(bytes.firstRange(of: tensor.bytes))
            var damaged = bytes
            damaged[range.lowerBound] ^= 0x40
            #expect(throws: CheckpointError.self, "\(tensor.name)") {
                try TorchFile.tensors(in: damaged, path: "f")
            }
        }
    }

    /// The checksum would catch a damaged pickle first: so put right ones on.
    @Test func damagedPicklesNeverTrap() throws {
        let bytes = try Golden.bytes("mixed.pth")
        let start = try #require(bytes.firstRange(of: [0x80, 0x02])).lowerBound
        let end = try #require(bytes.firstRange(of: Array("PK".utf8) + [7, 8])).lowerBound
        let pickle = Array(bytes[start..<end])
        let storages = (0..<24).map { ("x/data/\($0)", [UInt8](repeating: 1, count: 96)) }
        var generator = SeededGenerator(seed: 12)
        for _ in 0..<3000 {
            var damaged = pickle
            for _ in 0...generator.integer(below: 3) {
                let position = generator.integer(below: damaged.count)
                switch generator.integer(below: 4) {
                case 0: damaged.remove(at: position)
                case 1: damaged.insert(damaged[generator.integer(below: damaged.count)], at: position)
                case 2: damaged[position] ^= 1 << UInt8(generator.integer(below: 8))
                default: damaged[position] = UInt8(generator.integer(below: 256))
                }
            }
            expectHarmless(ZipBuilder().archive([("x/data.pkl", damaged)] + storages))
        }
    }

    private func expectHarmless(_ bytes: [UInt8]) {
        do {
            _ = try TorchFile.tensors(in: bytes, path: "f")
        } catch {
            #expect(!error.description.isEmpty)
        }
    }
}
