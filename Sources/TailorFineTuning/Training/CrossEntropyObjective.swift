import TailorTensors

/// Weighted mean cross-entropy of a linear head plus its L2 penalty, as a function of the head.
///
/// Parameters lie as the weight, row-major `[classes, features]`, and the bias `[classes]` after it.
struct CrossEntropyObjective {
    private struct Block {
        /// `[images, features]`
        let inputs: Tensor
        /// `[images, classes]`: the image's weight at its class, 0 elsewhere.
        let targets: Tensor
        /// `[images, 1]`
        let weights: Tensor
    }

    private let blocks: [Block]
    private let classCount: Int
    private let featureCount: Int

    /// - Parameters:
    ///   - inputs: float64 blocks `[images, features]`
    ///   - targets: one an image of all blocks, 0 ..< classCount
    ///   - weights: one an image; their sum is 1.
    init(inputs: [Tensor], targets: [Int], weights: [Double], classCount: Int) throws {
        self.classCount = classCount
        featureCount = inputs.first?.shape.last ?? 0
        var start = 0
        blocks = try inputs.map { inputs in
            let rows = start..<start + inputs.shape[0]
            start = rows.upperBound
            var expected = [Double](repeating: 0, count: rows.count * classCount)
            for (row, image) in rows.enumerated() {
                expected[row * classCount + targets[image]] = weights[image]
            }
            return Block(
                inputs: inputs, targets: try Tensor.float64(expected, shape: [rows.count, classCount]),
                weights: try Tensor.float64(Array(weights[rows]), shape: [rows.count, 1]))
        }
    }

    func evaluate(_ point: [Double], strength: Double) throws -> LimitedMemoryBFGS.Evaluation {
        let size = classCount * featureCount
        let weight = try Tensor.float64(Array(point.prefix(size)), shape: [classCount, featureCount])
        let bias = try Tensor.float64(Array(point.suffix(classCount)), shape: [classCount])
        var value = 0.0
        var weightGradient = try weight.multiplied(by: strength)
        var biasGradient = try Tensor.zeros([classCount], dtype: .float64)
        for block in blocks {
            let logarithms = try linear(block.inputs, weight: weight, bias: bias).logSoftmax(1)
            value -= try logarithms.multiplied(by: block.targets).sum().item()
            let residuals = try logarithms.exp().multiplied(by: block.weights).subtracting(block.targets)
            weightGradient = try weightGradient + residuals.permute([1, 0]).matmul(block.inputs)
            biasGradient = try biasGradient + residuals.sum([0])
        }
        let penalty = point.prefix(size).reduce(0) { $0 + $1 * $1 }
        return .init(
            point: point, value: value + strength / 2 * penalty,
            gradient: try weightGradient.doubles() + biasGradient.doubles())
    }
}

extension Tensor {
    /// Creates a float64 tensor on the CPU with these elements in row-major order.
    static func float64(_ values: [Double], shape: [Int]) throws -> Tensor {
        try values.withUnsafeBytes { try Tensor(bytes: $0, shape: shape, dtype: .float64) }
    }
}
