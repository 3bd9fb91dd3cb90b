import TailorTensors

/// Features centred, scaled, and turned onto the axes of their covariance, in float64 on the CPU.
///
/// Axes along which the features do not vary are left out; a penalised head has no weight there.
struct RotatedFeatures {
    /// `[images, axes]` each; a block stays in the processor's cache while it is used.
    let blocks: [Tensor]
    /// `[axes]`: variance along each axis, descending not required, above 0.
    let variances: [Double]
    let featureCount: Int
    /// `[features]`
    private let mean: Tensor
    /// `[features, axes]`
    private let basis: Tensor

    /// Images in one block.
    private static let blockSize = 2048
    /// Variance, relative to the largest, below which an axis counts as one without.
    private static let leastVariance = 1e-10

    /// - Parameter features: `[images, features]`, at least one each.
    /// - Throws: ``LogisticRegressionError`` for a feature that is not finite.
    init(_ features: Tensor) throws {
        (blocks, variances, mean, basis) = try withoutGradients {
            let (count, width) = (features.shape[0], features.shape[1])
            guard try features.isAllFinite() else {
                let index = try features.floats().firstIndex { !$0.isFinite } ?? 0
                throw LogisticRegressionError.notFinite(image: index / width, feature: index % width)
            }
            let onCPU = try features.to(.cpu)
            func forEachBlock(_ body: (Tensor) throws -> Void) throws {
                for start in stride(from: 0, to: count, by: Self.blockSize) {
                    let length = min(Self.blockSize, count - start)
                    try body(try onCPU.narrow(0, start: start, length: length).to(.float64))
                }
            }
            var sum = try Tensor.zeros([width], dtype: .float64)
            try forEachBlock { sum = try sum + $0.sum([0]) }
            let mean = try sum.divided(by: Double(count))
            var products = try Tensor.zeros([width, width], dtype: .float64)
            try forEachBlock {
                let centred = try $0.subtracting(mean)
                products = try products + centred.permute([1, 0]).matmul(centred)
            }
            let (values, vectors) = try products.divided(by: Double(count)).symmetricEigen()
            let all = try values.doubles()
            let least = (all.last ?? 0) * Self.leastVariance
            let first = all.firstIndex { $0 > least && $0 > 0 } ?? all.count
            let basis = try vectors.narrow(1, start: first, length: all.count - first).contiguous()
            var blocks: [Tensor] = []
            try forEachBlock { blocks.append(try $0.subtracting(mean).matmul(basis)) }
            return (blocks, Array(all[first...]), mean, basis)
        }
        featureCount = features.shape[1]
    }

    /// The head on the original features that gives what `weight` gives on the turned ones.
    ///
    /// - Parameter weight: row-major `[rows, axes]`
    /// - Returns: row-major `[rows, features]`, and `[rows]` to subtract from the bias.
    func original(weight: [Double], rows: Int) throws -> (weight: [Double], offsets: [Double]) {
        let turned = try Tensor.float64(weight, shape: [rows, variances.count])
            .matmul(basis.permute([1, 0]))
        return (try turned.doubles(), try turned.multiplied(by: mean).sum([1]).doubles())
    }
}
