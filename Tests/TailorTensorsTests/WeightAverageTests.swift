import TailorTensors
import Testing

extension TensorLayer {
    @Suite struct WeightAverages {
        @Test func movesByOneMinusDecayAndChangesPlaces() throws {
            let parameter = try Tensor([1, 2] as [Float], shape: [2])
            try parameter.setRequiresGradient()
            let average = try WeightAverage(of: [.init(name: "a", tensor: parameter)])
            try parameter.copy(from: Tensor([3, 6] as [Float], shape: [2]))
            try average.update(decay: 0.75)
            #expect(try average.state[0].1.floats() == [1.5, 3])
            #expect(try parameter.floats() == [3, 6])
            let inside = try average.withAverages { try parameter.floats() }
            #expect(inside == [1.5, 3])
            #expect(try parameter.floats() == [3, 6])
            struct Failure: Error {}
            #expect(throws: Failure.self) { try average.withAverages { throw Failure() } }
            #expect(try parameter.floats() == [3, 6])
            #expect(throws: TensorError.self) { try average.update(decay: .nan) }
            try average.reset()
            #expect(try average.state[0].1.floats() == [3, 6])
        }

        @Test func loadsWhatFitsOnly() throws {
            let parameter = try Tensor([1, 2] as [Float], shape: [2])
            let average = try WeightAverage(of: [.init(name: "a", tensor: parameter)])
            #expect(throws: OptimizerStateError.missingEntry("a")) { try average.load([:]) }
            #expect(throws: OptimizerStateError.wrongShape("a", expected: [2], got: [1])) {
                try average.load(["a": Tensor([1] as [Float], shape: [1])])
            }
            try average.load(["a": Tensor([7, 8] as [Float], shape: [2])])
            #expect(try average.state[0].1.floats() == [7, 8])
            #expect(try parameter.floats() == [1, 2])
        }
    }
}
