/// Affine quantization of an activation to 8 bits: value ≈ scale × (code − zeroPoint), code 0...255 (Jacob et
/// al., 2018).
package struct AffineQuantization: Sendable, Equatable {
    package let scale: Float
    package let zeroPoint: UInt8

    /// Chooses scale and zero point for a range.
    ///
    /// - Parameter range: widened to hold 0, which must be exact because convolutions pad with it.
    package init(_ range: ClosedRange<Float>) {
        let low = min(range.lowerBound, 0)
        let high = max(range.upperBound, 0)
        // An activation that is always 0 still needs a scale.
        scale = high > low ? (high - low) / 255 : 1
        zeroPoint = UInt8(max(0, min(255, (-low / scale).rounded(.toNearestOrEven))))
    }
}

/// Symmetric quantization of weights to 8 bits, one scale an output channel: weight ≈ scale × code, code
/// −127...127.
package struct QuantizedWeights: Sendable {
    package let codes: [Int8]
    /// Scales, one an output channel.
    package let scales: [Float]

    /// Quantizes weights, each rounded to the nearest code.
    ///
    /// - Parameter weights: `[channels, …]`, row-major.
    package init(_ weights: [Float], channels: Int) {
        let perChannel = weights.count / max(channels, 1)
        var codes = [Int8](repeating: 0, count: weights.count)
        scales = (0..<channels).map { channel in
            let range = channel * perChannel..<(channel + 1) * perChannel
            let largest = weights[range].reduce(0) { max($0, abs($1)) }
            let scale = largest > 0 ? largest / 127 : 1
            for index in range {
                codes[index] = Int8(max(-127, min(127, (weights[index] / scale).rounded(.toNearestOrEven))))
            }
            return scale
        }
        self.codes = codes
    }

    /// Codes `[…, channels]`, for multiplication from the right.
    var transposed: [Int8] {
        let channels = scales.count
        let width = codes.count / max(channels, 1)
        return codes.indices.map { codes[($0 % channels) * width + $0 / channels] }
    }

    /// Quantizes biases to 32 bits with the scale of the products, input scale × weight scale.
    package static func biasCodes(_ bias: [Float], scales: [Float], inputScale: Float) -> [Int32] {
        zip(bias, scales).map { value, scale in
            let code = (Double(value) / (Double(inputScale) * Double(scale))).rounded(.toNearestOrEven)
            return Int32(max(Double(Int32.min), min(Double(Int32.max), code)))
        }
    }
}
