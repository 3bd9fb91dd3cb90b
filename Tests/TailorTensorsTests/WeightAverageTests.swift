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

        @Test func anExchangeIsAllOrNothing() throws {
            func made(_ shapes: [[Int]], _ value: Double) throws -> [Tensor] {
                try shapes.map { try Tensor.ones($0).multiplied(by: value) }
            }
            let first = try made([[2], [3]], 1)
            let second = try made([[2], [3]], 2)
            for tensor in first { try tensor.setRequiresGradient() }
            try WeightAverage.exchange(first, second)
            #expect(try first.map { try $0.floats() } == [[2, 2], [2, 2, 2]])
            #expect(try second.map { try $0.floats() } == [[1, 1], [1, 1, 1]])
            #expect(first.allSatisfy(\.requiresGradient) && !second.contains(where: \.requiresGradient))
            // What the parameter holds now is what the optimiser's kernels and `backward` see.
            try first[0].multiplied(by: 3).sum().backward()
            #expect(try first[0].gradient?.floats() == [3, 3])

            for wrong in [
                try made([[2], [4]], 5), try made([[2]], 5),
                [try made([[2]], 5)[0], try Tensor([Int64(1), 2, 3], shape: [3])],
            ] {
                #expect(throws: TensorError.self) { try WeightAverage.exchange(first, wrong) }
                #expect(try first.map { try $0.floats() } == [[2, 2], [2, 2, 2]], "nothing has moved")
                #expect(try wrong[0].floats() == [5, 5])
            }
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
