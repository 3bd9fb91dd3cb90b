import Foundation
import TailorResNet
import TailorTensors
import Testing

@Suite struct LoadingTests {
    let model: ResNet18
    let tensors: [String: Tensor]

    init() throws {
        model = try ResNet18(classCount: 3, seed: 1)
        tensors = Dictionary(
            uniqueKeysWithValues: try ResNet18(classCount: 3, seed: 2).stateDictionary().map {
                ($0.0, try $0.1.detach().clone())
            })
    }

    private func mismatch(_ tensors: [String: Tensor], replacingHead: Bool = false) throws -> WeightsMismatch
    {
        let before = try model.stateDictionary().map { try $0.1.rawBytes() }
        let error = try #require(throws: WeightsMismatch.self) {
            try model.load(tensors, replacingHead: replacingHead)
        }
        #expect(try model.stateDictionary().map { try $0.1.rawBytes() } == before, "nothing may change")
        return error
    }

    @Test func copiesInPlace() throws {
        let parameter = try #require(model.parameters.first).tensor
        try model.load(tensors, replacingHead: false)
        #expect(try parameter.rawBytes() == tensors["conv1.weight"]?.rawBytes())
        #expect(parameter.requiresGradient && parameter.isChannelsLast)
        for (name, tensor) in model.stateDictionary() {
            #expect(try tensor.rawBytes() == tensors[name]?.rawBytes(), "\(name)")
        }
    }

    @Test func keepsTheHeadWhenReplacing() throws {
        let head = try #require(model.parameters.last).tensor.rawBytes()
        var other = tensors
        other["fc.weight"] = try .ones([1000, 512])
        other["fc.bias"] = nil
        #expect(ResNet18.classCount(of: other) == 1000)
        try model.load(other, replacingHead: true)
        #expect(try #require(model.parameters.last).tensor.rawBytes() == head)
    }

    @Test func widensHalfPrecisionAndFillsInBatchCounts() throws {
        var other = tensors
        other["bn1.num_batches_tracked"] = nil
        other["conv1.weight"] = try tensors["conv1.weight"]?.to(.float16)
        other["fc.bias"] = try Tensor([0.5, 1, -2], shape: [3]).to(.float64)
        try model.load(other, replacingHead: false)
        let state = Dictionary(uniqueKeysWithValues: model.stateDictionary())
        #expect(state["conv1.weight"]?.dtype == .float32)
        #expect(try state["conv1.weight"]?.floats() == other["conv1.weight"]?.floats())
        #expect(try state["fc.bias"]?.floats() == [0.5, 1, -2])
        #expect(try state["bn1.num_batches_tracked"]?.item() == 0)
    }

    @Test func listsWhatDoesNotFit() throws {
        var other = tensors
        other["conv1.weight"] = nil
        other["encoder.\n1"] = try .ones([1])
        other["fc.bias"] = try .ones([4])
        other["bn1.bias"] = try .ones([64], dtype: .int64)
        other["bn1.weight"] = try Tensor([Float](repeating: .nan, count: 64), shape: [64])
        #expect(
            "\(try mismatch(other))"
                == "the weights do not fit ResNet18: 1 missing: conv1.weight; 1 unexpected: encoder.\\n1; "
                + "2 of the wrong shape: bn1.bias: expected float32, got int64, fc.bias: expected [3], got [4]; "
                + "1 with values that are not finite: bn1.weight")
    }

    @Test func listsTenNamesAndTheCount() throws {
        let text = "\(try mismatch([:]))"
        #expect(text.hasPrefix("the weights do not fit ResNet18: 102 missing: conv1.weight, bn1.weight, "))
        #expect(text.hasSuffix(" and 92 more"))
        #expect(text.split(separator: ",").count == 10)
        #expect(try mismatch([:]).missing.count == 102)
    }

    @Test func refusesValuesThatOverflow() throws {
        var other = tensors
        other["bn1.weight"] = try Tensor.full([64], 1e300, dtype: .float64)
        #expect(try mismatch(other).notFinite == ["bn1.weight"])
    }
}
