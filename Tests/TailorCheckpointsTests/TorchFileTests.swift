import Foundation
import TailorCheckpoints
import TailorTensors
import TestSupport
import Testing

/// Files written by torch.save itself.
@Suite struct TorchFileTests {
    private func check(_ tensors: [RawTensor], _ expected: [String: Golden.StoredTensor]) throws {
        #expect(tensors.map(\.name).sorted() == expected.keys.sorted())
        for tensor in tensors {
            let stored = try #require(expected[tensor.name])
            #expect(tensor.element.rawValue == stored.dtype, "\(tensor.name)")
            #expect(tensor.shape == stored.shape, "\(tensor.name)")
            let hex = tensor.bytes.map { String(format: "%02x", $0) }.joined()
            #expect(hex == stored.hex, "\(tensor.name)")
        }
    }

    @Test(arguments: ["mixed.pth", "mixed-legacy.pth", "mixed-protocol4.pth"])
    func everyTypeAndViewIsExact(_ name: String) throws {
        let expected = try #require(Golden.tensors()["mixed"])
        try check(TorchFile.tensors(in: Golden.bytes(name), path: name), expected)
    }

    @Test func surroundingDictionaryAndPrefixAreSeenThrough() throws {
        let expected = try #require(Golden.tensors()["wrapped"])
        try check(TorchFile.tensors(in: Golden.bytes("wrapped.pth"), path: "wrapped.pth"), expected)
    }

    @Test(arguments: [
        ("wrapped.pth", CheckpointSelection(key: "model", prefix: "module.")),
        ("trainer.pth", CheckpointSelection(key: "model")),
        ("two.pth", CheckpointSelection(key: "model", others: ["model_ema"])),
        ("nested.pth", CheckpointSelection(key: "checkpoint.model_state_dict", prefix: "module.")),
    ]) func theTrainedNetworkIsTakenAndNamed(_ name: String, _ selection: CheckpointSelection) throws {
        let contents = try TorchFile.contents(of: Golden.bytes(name), path: name)
        #expect(contents.selection == selection)
        try check(contents.tensors, try #require(Golden.tensors()["wrapped"]))
    }

    @Test func becomeTensors() throws {
        let tensors = try TorchCheckpoint.read(Golden.files.url("mixed.pth"))
        for dtype in DType.allCases where dtype != .bool {
            let tensor = try #require(tensors["\(dtype)"])
            #expect(tensor.dtype == dtype)
            #expect(tensor.shape == [2, 3])
            #expect(try tensor.floats() == [0, 1, 2, 3, 100, 5])
        }
        #expect(try tensors["bool"]?.int64s() == [1, 0, 1])
        #expect(try tensors["transposed"]?.floats() == [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11])
        #expect(try tensors["steps"]?.floats() == [3, 7, 11, 15, 19])
        #expect(try tensors["scalar"]?.item() == 42)
        #expect(tensors["empty"]?.shape == [0, 3])
    }

    @Test func zip64IsRead() throws {
        // {"w": …} without tensors ends in the search for a state dict, which lies behind the container.
        for builder in [ZipBuilder(), ZipBuilder(zip64: true)] {
            let error = #expect(throws: CheckpointError.self) {
                try TorchFile.tensors(in: builder.checkpoint(pickle: [0x80, 2, 0x7D, 0x2E]), path: "f")
            }
            guard case .noStateDictionary? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }
}
