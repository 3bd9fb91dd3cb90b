import Foundation
import TailorCheckpoints
import TailorTensors
import TestSupport
import Testing

/// All tests of this module, one after the other: the count of live handles is the whole process's.
@Suite(.serialized) struct TensorLayer {}

/// Numbers that PyTorch computed; Scripts/golden/tensors.py made them.
struct Golden {
    let tensors: [String: Tensor]

    init(_ name: String) throws {
        tensors = try Safetensors.read(GoldenFiles(.module).url("\(name).safetensors")).tensors
    }

    subscript(name: String) -> Tensor {
        get throws { try #require(tensors[name], "golden file lacks \(name)") }
    }

    /// A copy that `backward` computes a gradient for.
    func leaf(_ name: String, channelsLast: Bool = false) throws -> Tensor {
        var copy = try self[name].clone()
        if channelsLast && copy.shape.count == 4 { copy = try copy.channelsLast() }
        try copy.setRequiresGradient()
        return copy
    }
}

/// Same shape, and the same values as for arrays.
func expectClose(
    _ actual: Tensor?, _ expected: Tensor, relative: Float = 1e-5, absolute: Float = 1e-5,
    _ what: String = "", sourceLocation: SourceLocation = #_sourceLocation
) throws {
    let actual = try #require(actual, "\(what) is missing", sourceLocation: sourceLocation)
    #expect(actual.shape == expected.shape, "\(what)", sourceLocation: sourceLocation)
    expectClose(
        try actual.floats(), try expected.floats(), relative: relative, absolute: absolute, what,
        sourceLocation: sourceLocation)
}
