import TailorSupport

/// Sums over images that a least-squares fit is made of; those of two sets add up.
struct NormalSums: Sendable {
    /// Sum of kernels · kernelsᵀ, row-major `[landmarks, landmarks]`, lower triangle.
    private(set) var products: [Double]
    /// Sum of kernels · target, `[classes][landmarks]`.
    private(set) var targets: [[Double]]

    /// Images whose kernels are in memory at one time.
    private static let blockSize = 256

    /// Sums over these rows of `model`.
    init(_ model: KernelLeastSquares, of rows: [Int], workers: Int? = nil) {
        let workers = workers ?? model.workers
        let size = model.landmarkCount
        products = [Double](repeating: 0, count: size * size)
        targets = Array(repeating: Array(repeating: 0, count: size), count: model.classCount)
        for start in stride(from: 0, to: rows.count, by: Self.blockSize) {
            let block = Array(rows[start..<min(start + Self.blockSize, rows.count)])
            let kernels = ParallelMap.run(block.count, workers: workers, name: "labels") {
                model.kernels(block[$0])
            }
            for (row, values) in zip(block, kernels) {
                for (name, target) in model.targets(row).enumerated() {
                    add(values, times: target, to: &targets[name], at: 0, count: size)
                }
            }
            // Each thread has rows of the matrix of its own: the order of the sums is the same for any number.
            let parts = min(max(workers, 1), max(size, 1))
            let sums = ParallelMap.run(parts, workers: workers, name: "labels") { part -> [Double] in
                var sums: [Double] = []
                for row in stride(from: part, to: size, by: parts) {
                    let offset = sums.count
                    sums.append(contentsOf: repeatElement(0, count: row + 1))
                    for values in kernels {
                        add(values, times: values[row], to: &sums, at: offset, count: row + 1)
                    }
                }
                return sums
            }
            for (part, sums) in sums.enumerated() {
                var offset = 0
                for row in stride(from: part, to: size, by: parts) {
                    add(
                        sums[offset...row + offset], to: &products, at: row * size)
                    offset += row + 1
                }
            }
        }
    }

    func subtracting(_ other: NormalSums) -> NormalSums {
        var result = self
        for index in result.products.indices { result.products[index] -= other.products[index] }
        for name in result.targets.indices {
            for index in result.targets[name].indices {
                result.targets[name][index] -= other.targets[name][index]
            }
        }
        return result
    }
}

private func add(_ values: ArraySlice<Double>, to sums: inout [Double], at offset: Int) {
    for (index, value) in values.enumerated() { sums[offset + index] += value }
}

private func add(
    _ values: [Double], times factor: Double, to sums: inout [Double], at offset: Int, count: Int
) {
    values.withUnsafeBufferPointer { values in
        sums.withUnsafeMutableBufferPointer { sums in
            for index in 0..<count { sums[offset + index] += factor * values[index] }
        }
    }
}
