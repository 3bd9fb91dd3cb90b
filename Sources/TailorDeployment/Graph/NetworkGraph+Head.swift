import TailorImages
import TailorModelFile

/// The head: from the last stage to logits and activation maps.
extension NetworkGraph {
    mutating func addHead() {
        let count = network.classCount
        let width = network.headWeight.count / max(count, 1)
        if case .dynamicInt8 = arithmetic {
            addDynamicHead(width: width)
        } else if plan?.quantizes("fc") ?? false {
            addQuantizedHead(width: width)
        } else {
            let weight = weights(
                "fc", network.headWeight, shape: [count, width], bias: network.headBias, inputRange: nil)
            builder.node(
                "Gemm", [GraphNames.features, weight.weight, weight.bias], to: GraphNames.logits,
                [("transB", .int(1))])
        }
    }

    /// Adds `MatMul` and `Add` instead of one `Gemm`: ONNX Runtime 1.32 fuses a quantized `Gemm` with a scale
    /// a class into one with the bias's scales in their place.
    private mutating func addQuantizedHead(width: Int) {
        let count = network.classCount
        let weights = QuantizedWeights(network.headWeight, shape: [count, width])
        builder.constant("fc.weight.codes", weights.transposed, shape: [width, count])
        builder.constant("fc.weight.scale", weights.scales, shape: [count])
        builder.constant("fc.weight.zero", [Int8](repeating: 0, count: count), shape: [count])
        builder.constant("fc.bias", network.headBias, shape: [count])
        let weight = builder.node(
            "DequantizeLinear", ["fc.weight.codes", "fc.weight.scale", "fc.weight.zero"], to: "fc.weight",
            [("axis", .int(1))])
        let source = quantized(GraphNames.features, range: ActivationName.features, for: "fc")
        builder.node("MatMul", [source, weight], to: "fc.product")
        builder.node("Add", ["fc.product", "fc.bias"], to: GraphNames.logits)
    }

    /// Adds the head as PyTorch's `quantize_dynamic` computes it.
    private mutating func addDynamicHead(width: Int) {
        let count = network.classCount
        let quantized = QuantizedWeights(network.headWeight, shape: [count, width])
        builder.constant("fc.weight", quantized.transposed, shape: [width, count])
        builder.constant("fc.weight.scale", quantized.scales, shape: [count])
        builder.constant("fc.bias", network.headBias, shape: [count])
        builder.nodes(
            "DynamicQuantizeLinear", [GraphNames.features],
            to: ["features.codes", "features.scale", "features.zero"])
        builder.node("MatMulInteger", ["features.codes", "fc.weight", "features.zero"], to: "fc.products")
        builder.node("Cast", ["fc.products"], to: "fc.sums", [("to", .int(ONNXElementType.float.rawValue))])
        builder.node("Mul", ["features.scale", "fc.weight.scale"], to: "fc.scale")
        builder.node("Mul", ["fc.sums", "fc.scale"], to: "fc.scaled")
        builder.node("Add", ["fc.scaled", "fc.bias"], to: GraphNames.logits)
    }

    mutating func addLogitsOutput(batch: ONNXDimension.Size) {
        builder.output(
            GraphNames.logits, .tensor(.float, [batch, .dimValue(Int64(network.classCount))]))
    }

    mutating func addFeaturesOutput() {
        let width = network.headWeight.count / max(network.classCount, 1)
        builder.output(
            GraphNames.features,
            .tensor(.float, [.dimParam(GraphNames.batch), .dimValue(Int64(width))]))
    }

    /// Adds the activation maps: the last stage through the head's weights, as the logits use them, as a convolution.
    mutating func addMaps(_ last: String, imageSize: Int) {
        let count = network.classCount
        let width = network.headWeight.count / max(count, 1)
        var weight = "fc.weight"
        var isQuantized = plan?.quantizes("fc") ?? false
        if case .dynamicInt8 = arithmetic { isQuantized = true }
        if isQuantized {
            // The head's own lie the other way round. Not as codes: OpenVINO 2026.4 loses the scales of a convolution
            // whose weights alone are quantized.
            let weights = QuantizedWeights(network.headWeight, shape: [count, width])
            let values = weights.codes.indices.map { Float(weights.codes[$0]) * weights.scales[$0 / width] }
            weight = float16("maps.weight", values, [count, width, 1, 1])
        } else {
            builder.constant("maps.shape", [count, width, 1, 1].map(Int64.init), shape: [4])
            weight = builder.node("Reshape", [weight, "maps.shape"], to: "maps.weight")
        }
        builder.node("Conv", [last, weight], to: GraphNames.maps, [("kernel_shape", .ints([1, 1]))])
        let cells = Int64(ModelDescription.Maps.cells(imageSize: imageSize))
        builder.output(
            GraphNames.maps,
            .tensor(
                .float,
                [.dimParam(GraphNames.batch), .dimValue(Int64(count)), .dimValue(cells), .dimValue(cells)]))
    }
}
