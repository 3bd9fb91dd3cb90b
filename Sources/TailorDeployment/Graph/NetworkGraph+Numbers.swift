import TailorModelFile

/// Weights and activations in the numbers that the plan gives them.
extension NetworkGraph {
    /// Adds weight and bias, quantized if the range of the input is given. Returns their names.
    mutating func weights(
        _ name: String, _ values: [Float], shape: [Int], bias: [Float], inputRange: String?
    ) -> (weight: String, bias: String) {
        if let inputRange {
            let weights = QuantizedWeights(values, shape: shape)
            return quantizedWeights(
                name, codes: weights.codes, scales: weights.scales, shape: shape, bias: bias,
                inputScale: inputScale(inputRange))
        }
        if case .float16 = arithmetic {
            return (float16(name + ".weight", values, shape), float16(name + ".bias", bias, [shape[0]]))
        }
        return (
            builder.constant(name + ".weight", values, shape: shape),
            builder.constant(name + ".bias", bias, shape: [shape[0]])
        )
    }

    /// Scale of a layer's input, by which its biases are quantized; `nil` where they stay in floats.
    func inputScale(_ range: String) -> Float? {
        plan?.scheme == .symmetric ? nil : scales[range] ?? 1
    }

    mutating func quantizedWeights(
        _ name: String, codes: [Int8], scales: [Float], shape: [Int], bias: [Float], inputScale: Float?
    ) -> (weight: String, bias: String) {
        let count = scales.count
        if isSimulated {
            let perOutput = codes.count / max(count, 1)
            let values = codes.indices.map { Float(codes[$0]) * scales[$0 / perOutput] }
            return (
                builder.constant(name + ".weight", values, shape: shape),
                builder.constant(name + ".bias", bias, shape: [count])
            )
        }
        builder.constant(name + ".weight.codes", codes, shape: shape)
        builder.constant(name + ".weight.scale", scales, shape: [count])
        builder.constant(name + ".weight.zero", [Int8](repeating: 0, count: count), shape: [count])
        let weight = builder.node(
            "DequantizeLinear", [".weight.codes", ".weight.scale", ".weight.zero"].map { name + $0 },
            to: name + ".weight", [("axis", .int(0))])
        guard let inputScale else {
            return (weight, builder.constant(name + ".bias", bias, shape: [count]))
        }
        let biases = QuantizedWeights.biasCodes(bias, scales: scales, inputScale: inputScale)
        builder.constant(name + ".bias.codes", biases, shape: [count])
        builder.constant(name + ".bias.scale", scales.map { $0 * inputScale }, shape: [count])
        builder.constant(name + ".bias.zero", [Int32](repeating: 0, count: count), shape: [count])
        return (
            weight,
            builder.node(
                "DequantizeLinear", [".bias.codes", ".bias.scale", ".bias.zero"].map { name + $0 },
                to: name + ".bias", [("axis", .int(0))])
        )
    }

    mutating func float16(_ name: String, _ values: [Float], _ shape: [Int]) -> String {
        builder.constant(name + ".half", values.map(Float16.init), shape: shape)
        return builder.node(
            "Cast", [name + ".half"], to: name, [("to", .int(ONNXElementType.float.rawValue))])
    }

    /// Adds a pair of quantize and dequantize nodes, once an activation. Returns its result, or `activation`
    /// if `layer` stays in floats.
    mutating func quantized(_ activation: String, range: String, for layer: String) -> String {
        guard let plan, plan.quantizes(layer), let bounds = plan.ranges[range] else { return activation }
        if let existing = dequantized[activation] { return existing }
        let (result, scale) = quantizeDequantize(activation, bounds, plan.scheme)
        scales[range] = scale
        dequantized[activation] = result
        return result
    }

    /// Adds the two nodes. Returns the result and its scale.
    mutating func quantizeDequantize(
        _ activation: String, _ range: ClosedRange<Float>, _ scheme: QuantizationScheme
    ) -> (result: String, scale: Float) {
        let scale: Float
        // Codes less the zero point.
        let codes: ClosedRange<Int>
        switch scheme {
        case .affine:
            let quantization = AffineQuantization(range)
            scale = quantization.scale
            let zero = Int(quantization.zeroPoint)
            codes = -zero...255 - zero
            if !isSimulated { builder.constant(activation + ".zero", [quantization.zeroPoint], shape: []) }
        case .symmetric:
            scale = SymmetricQuantization(range).scale
            codes = -128...127
            if !isSimulated { builder.constant(activation + ".zero", [Int8(0)], shape: []) }
        }
        let step = builder.constant(activation + ".scale", [scale], shape: [])
        if isSimulated {
            let exact = builder.node("Div", [activation, step], to: activation + ".exact")
            let whole = builder.node("Round", [exact], to: activation + ".whole")
            let low = builder.constant(activation + ".low", [Float(codes.lowerBound)], shape: [])
            let high = builder.constant(activation + ".high", [Float(codes.upperBound)], shape: [])
            let clipped = builder.node("Clip", [whole, low, high], to: activation + ".codes")
            return (builder.node("Mul", [clipped, step], to: activation + ".rounded"), scale)
        }
        let parameters = [step, activation + ".zero"]
        let quantized = builder.node("QuantizeLinear", [activation] + parameters, to: activation + ".codes")
        return (
            builder.node("DequantizeLinear", [quantized] + parameters, to: activation + ".rounded"), scale
        )
    }
}
