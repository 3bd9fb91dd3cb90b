/// Symmetric quantization of weights to 8 bits, one scale an output channel: weight ≈ scale × code, code
/// −127...127.
///
/// x86 processors without VNNI multiply codes by activations of 0...255 and add the products of two neighbouring
/// input channels in 16 bits, which saturate without notice (`vpmaddubsw`). Each scale is therefore so large that
/// no pair of codes of one sign sums up to more than ``largestPair``, and the model answers alike everywhere.
/// Costs about a quarter of a bit; 7-bit codes, the usual remedy, cost one.
package struct QuantizedWeights: Sendable {
    /// Largest code.
    static let largestCode: Float = 127
    /// Largest sum of two codes: 255 × 128 is below 2¹⁵.
    static let largestPair = 128

    package let codes: [Int8]
    /// Scales, one an output channel.
    package let scales: [Float]

    /// Quantizes weights, each rounded to the nearest code.
    ///
    /// - Parameters:
    ///   - weights: row-major.
    ///   - shape: `[outputs, inputs, …]`.
    package init(_ weights: [Float], shape: [Int]) {
        let perOutput = weights.count / max(shape[0], 1)
        let inputs = shape.count > 1 ? shape[1] : 1
        var codes = [Int8](repeating: 0, count: weights.count)
        scales = (0..<shape[0]).map { output in
            let range = output * perOutput..<(output + 1) * perOutput
            let scale = Self.scaleBounds(weights[range], inputs: inputs).pair
            for index in range { codes[index] = Self.code(weights[index] / scale) }
            return scale
        }
        self.codes = codes
    }

    /// Largest sum of two neighbouring inputs' weights of one sign, at the same place, of one output.
    ///
    /// - Parameter weights: `[inputs, …]`, of one output.
    static func largestPairSum(_ weights: ArraySlice<Float>, inputs: Int) -> Float {
        func part(_ value: Float) -> Float { max(value, 0) }
        let area = weights.count / max(inputs, 1)
        var largest: Float = 0
        for first in stride(from: 0, to: inputs, by: 2) {
            for tap in 0..<area {
                let a = weights[weights.startIndex + first * area + tap]
                let b = first + 1 < inputs ? weights[weights.startIndex + (first + 1) * area + tap] : 0
                largest = max(largest, part(a) + part(b), part(-a) + part(-b))
            }
        }
        return largest
    }

    /// Nearest code that forms a pair with another one.
    package static func code<Value: BinaryFloatingPoint>(_ value: Value, besides other: Int8 = 0) -> Int8 {
        let positive = other > 0 ? min(127, largestPair - Int(other)) : 127
        let negative = other < 0 ? max(-127, -largestPair - Int(other)) : -127
        return Int8(max(Value(negative), min(Value(positive), value.rounded(.toNearestOrEven))))
    }

    /// Scales to try for one output's weights: from one that holds the largest weight to one that holds the
    /// largest pair.
    static func scales(_ weights: ArraySlice<Float>, inputs: Int) -> [Float] {
        let (low, high) = scaleBounds(weights, inputs: inputs)
        guard high > low else { return [high] }
        return (0...candidates).map { low + (high - low) * Float($0) / Float(candidates) }
    }

    private static let candidates = 4

    /// Smallest scale that holds each weight, and the smallest that holds each pair too; rounding adds at most 1
    /// to the sum of a pair.
    private static func scaleBounds(_ weights: ArraySlice<Float>, inputs: Int) -> (single: Float, pair: Float)
    {
        let largest = weights.reduce(0) { max($0, abs($1)) }
        guard largest > 0 else { return (1, 1) }
        let pair = largestPairSum(weights, inputs: inputs)
        let single = largest / largestCode
        return (single, max(single, pair / Float(largestPair - 1)))
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
