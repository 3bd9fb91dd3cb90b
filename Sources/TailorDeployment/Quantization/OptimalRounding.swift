import TailorSupport

/// GPTQ (Frantar et al., 2023, after Hassibi & Stork, 1993): rounds weights so that the layer's outputs stay;
/// the weights not yet rounded compensate for the error of each one.
///
/// Filters whose taps cancel on all images of a dataset (colour filters over grey X-rays) are amplified by
/// batch norm; rounded one by one, their taps no longer cancel.
struct OptimalRounding {
    /// Share of the mean variance that is added to each, so that the matrix can be inverted if inputs never
    /// vary.
    private static let damping = 0.01

    private let count: Int
    private let mean: [Double]
    /// Upper triangle U with UᵀU = (covariance + damping)⁻¹, row-major, in the order of `order`.
    private let factor: [Double]
    /// Order of the inputs, by falling variance.
    private let order: [Int]

    /// Measures the inputs' covariance; `nil` without samples.
    ///
    /// - Parameter samples: inputs of the layer, `count` numbers each, one after the other.
    init?(samples: [Float], count: Int) {
        let rows = count > 0 ? samples.count / count : 0
        guard rows > 0 else { return nil }
        var mean = [Double](repeating: 0, count: count)
        for row in 0..<rows { for index in 0..<count { mean[index] += Double(samples[row * count + index]) } }
        for index in 0..<count { mean[index] /= Double(rows) }
        var covariance = [Double](repeating: 0, count: count * count)
        samples.withUnsafeBufferPointer { samples in
            covariance.withUnsafeMutableBufferPointer { covariance in
                var centred = [Double](repeating: 0, count: count)
                for row in 0..<rows {
                    for index in 0..<count {
                        centred[index] = Double(samples[row * count + index]) - mean[index]
                    }
                    centred.withUnsafeBufferPointer { centred in
                        for i in 0..<count {
                            for j in 0...i { covariance[i * count + j] += centred[i] * centred[j] }
                        }
                    }
                }
            }
        }
        self.init(covariance: covariance, mean: mean)
    }

    /// Takes the inputs' covariance; `nil` if they never vary.
    ///
    /// - Parameters:
    ///   - covariance: `[count, count]` row-major, its lower triangle.
    ///   - mean: for ``meanShift(_:codes:scale:)``; one number an input.
    init?(covariance: [Double], mean: [Double]) {
        let count = mean.count
        let trace = (0..<count).reduce(0) { $0 + covariance[$1 * count + $1] }
        let extra = max(Self.damping * trace / Double(count), 1e-9)
        let order = (0..<count).sorted {
            (covariance[$1 * count + $1], $0) < (covariance[$0 * count + $0], $1)
        }
        var sorted = [Double](repeating: 0, count: count * count)
        for (i, a) in order.enumerated() {
            for (j, b) in order.enumerated() {
                sorted[i * count + j] = covariance[max(a, b) * count + min(a, b)] + (i == j ? extra : 0)
            }
        }
        guard let lower = Cholesky(sorted, dimension: count),
            let inverseLower = Cholesky(lower.inverse, dimension: count)
        else { return nil }
        var factor = [Double](repeating: 0, count: count * count)
        for i in 0..<count { for j in i..<count { factor[i * count + j] = inverseLower[j, i] } }
        self.count = count
        self.mean = mean
        self.order = order
        self.factor = factor
    }

    /// Quantizes one output's weights with a scale.
    ///
    /// - Parameter partner: code that forms a pair with the weight of this index, 0 if it is not decided yet; the
    ///   pair keeps to ``QuantizedWeights/largestPair``.
    /// - Returns: codes, and the expected square of the output's error with the best bias.
    func codes(
        _ weights: ArraySlice<Float>, scale: Float, partner: (Int, [Int8]) -> Int8
    ) -> (codes: [Int8], loss: Double) {
        var rest = order.map { Double(weights[weights.startIndex + $0]) }
        var codes = [Int8](repeating: 0, count: count)
        let scale = Double(scale)
        var loss = 0.0
        for step in 0..<count {
            let index = order[step]
            let code = QuantizedWeights.code(rest[step] / scale, besides: partner(index, codes))
            codes[index] = code
            let error = (rest[step] - Double(code) * scale) / factor[step * count + step]
            loss += error * error
            for later in step..<count { rest[later] -= error * factor[step * count + later] }
        }
        return (codes, loss)
    }

    /// Decrease of an output's mean due to quantization of its weights.
    func meanShift(_ weights: [Float], codes: [Int8], scale: Float) -> Float {
        Float(
            (0..<count).reduce(0.0) {
                $0 + (Double(weights[$1]) - Double(scale) * Double(codes[$1])) * mean[$1]
            })
    }
}
