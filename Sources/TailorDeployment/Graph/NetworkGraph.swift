import TailorModelFile

/// ResNet18 as ONNX nodes.
package struct NetworkGraph {
    /// How weights are stored and convolutions computed.
    package enum Arithmetic {
        case float32
        /// Weights of 16 bits, widened when the graph is loaded.
        case float16
        case int8(QuantizationPlan)
        /// Only the head in 8 bits, its input's range taken from the batch at hand.
        case dynamicInt8
    }

    private let network: FoldedNetwork
    private let arithmetic: Arithmetic
    private var builder: GraphBuilder
    /// Activations whose pair of quantize and dequantize nodes exists: name to the pair's result.
    private var dequantized: [String: String] = [:]
    private var quantizations: [String: AffineQuantization] = [:]

    /// - Parameters:
    ///   - taps: activations that become outputs after logits and features, for measuring their ranges.
    package static func make(
        _ network: FoldedNetwork, arithmetic: Arithmetic, input: ModelDescription.Input,
        imageSize: Int, taps: [String] = []
    ) -> ONNXGraph {
        var graph = NetworkGraph(network: network, arithmetic: arithmetic)
        graph.build(input: input, imageSize: imageSize)
        for tap in taps {
            graph.builder.output(tap, .tensor(.float, nil))
        }
        return graph.builder.graph
    }

    private init(network: FoldedNetwork, arithmetic: Arithmetic) {
        self.network = network
        self.arithmetic = arithmetic
        builder = GraphBuilder(name: "resnet18")
    }

    private var plan: QuantizationPlan? {
        if case .int8(let plan) = arithmetic { return plan }
        return nil
    }

    private mutating func build(input: ModelDescription.Input, imageSize: Int) {
        builder.input(GraphNames.input, GraphNames.inputType(input, imageSize: imageSize))
        let stem = relu(
            convolve(network.stem, GraphNames.input, range: ActivationName.image), as: network.stem.name)
        // Taking maxima commutes with rounding: the pool keeps the codes of what it is given.
        let pooled = builder.node(
            "MaxPool", [quantized(stem, range: stem, for: network.stem.name)], to: "maxpool",
            [("kernel_shape", .ints([3, 3])), ("strides", .ints([2, 2])), ("pads", .ints([1, 1, 1, 1]))])
        var current = pooled
        var range = stem
        for block in network.blocks {
            current = add(block, current, range: range)
            range = current
        }
        let average = builder.node(
            "GlobalAveragePool", [quantized(current, range: current, for: "fc")], to: "average")
        builder.node("Flatten", [average], to: GraphNames.features)
        addHead()
        builder.output(
            GraphNames.logits, .tensor(.float, [.name(GraphNames.batch), .size(network.classCount)]))
        builder.output(
            GraphNames.features,
            .tensor(
                .float,
                [.name(GraphNames.batch), .size(network.headWeight.count / max(network.classCount, 1))]))
    }

    private mutating func add(_ block: FoldedNetwork.Block, _ input: String, range: String) -> String {
        let hidden = relu(convolve(block.conv1, input, range: range), as: block.conv1.name)
        let residual = convolve(block.conv2, hidden, range: hidden, named: block.conv2.name)
        let shortcut =
            if let downsample = block.downsample {
                quantized(
                    convolve(downsample, input, range: range, named: downsample.name), range: downsample.name,
                    for: downsample.name)
            } else {
                // What the block's first convolution reads.
                quantized(input, range: range, for: block.conv1.name)
            }
        let sum = builder.node(
            "Add", [quantized(residual, range: block.conv2.name, for: block.conv2.name), shortcut],
            to: block.name + ".sum")
        return builder.node("Relu", [sum], to: block.name)
    }

    private mutating func relu(_ input: String, as name: String) -> String {
        builder.node("Relu", [input], to: name)
    }

    // MARK: layers

    /// - Parameters:
    ///   - range: activation whose range `input` has.
    ///   - name: of the result; default: the convolution's with a suffix, for what a ReLU will follow.
    private mutating func convolve(
        _ convolution: FoldedNetwork.Convolution, _ input: String, range: String, named name: String? = nil
    ) -> String {
        let isQuantized = plan?.quantizes(convolution.name) ?? false
        let source = isQuantized ? quantized(input, range: range, for: convolution.name) : input
        let weight = weights(
            convolution.name, convolution.weight, shape: convolution.shape, bias: convolution.bias,
            inputRange: isQuantized ? range : nil)
        let kernel = convolution.shape[2]
        return builder.node(
            "Conv", [source, weight.weight, weight.bias], to: name ?? convolution.name + ".raw",
            [
                ("kernel_shape", .ints([kernel, kernel])),
                ("strides", .ints([convolution.stride, convolution.stride])),
                ("pads", .ints([Int](repeating: convolution.padding, count: 4))),
            ])
    }

    private mutating func addHead() {
        let count = network.classCount
        let width = network.headWeight.count / max(count, 1)
        if case .dynamicInt8 = arithmetic {
            addDynamicHead(width: width)
            return
        }
        let isQuantized = plan?.quantizes("fc") ?? false
        let weight = weights(
            "fc", network.headWeight, shape: [count, width], bias: network.headBias,
            inputRange: isQuantized ? ActivationName.features : nil)
        let source =
            isQuantized
            ? quantized(GraphNames.features, range: ActivationName.features, for: "fc") : GraphNames.features
        builder.node(
            "Gemm", [source, weight.weight, weight.bias], to: GraphNames.logits, [("transB", .int(1))])
    }

    /// PyTorch's `quantize_dynamic` of the linear layer, in ONNX's words.
    private mutating func addDynamicHead(width: Int) {
        let count = network.classCount
        let quantized = QuantizedWeights(network.headWeight, channels: count)
        // MatMulInteger wants [input, output].
        let transposed = (0..<width * count).map { quantized.codes[($0 % count) * width + $0 / count] }
        builder.constant("fc.weight", transposed, shape: [width, count])
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

    // MARK: numbers

    /// Names of weight and bias, quantized when the activation that they meet is given.
    private mutating func weights(
        _ name: String, _ values: [Float], shape: [Int], bias: [Float], inputRange: String?
    ) -> (weight: String, bias: String) {
        if let inputRange {
            let weights = QuantizedWeights(values, channels: shape[0])
            let inputScale = quantizations[inputRange]?.scale ?? 1
            builder.constant(name + ".weight.codes", weights.codes, shape: shape)
            builder.constant(name + ".weight.scale", weights.scales, shape: [shape[0]])
            builder.constant(name + ".weight.zero", [Int8](repeating: 0, count: shape[0]), shape: [shape[0]])
            builder.constant(
                name + ".bias.codes", weights.biasCodes(bias, inputScale: inputScale), shape: [shape[0]])
            builder.constant(name + ".bias.scale", weights.scales.map { $0 * inputScale }, shape: [shape[0]])
            builder.constant(name + ".bias.zero", [Int32](repeating: 0, count: shape[0]), shape: [shape[0]])
            return (
                builder.node(
                    "DequantizeLinear", [".weight.codes", ".weight.scale", ".weight.zero"].map { name + $0 },
                    to: name + ".weight", [("axis", .int(0))]),
                builder.node(
                    "DequantizeLinear", [".bias.codes", ".bias.scale", ".bias.zero"].map { name + $0 },
                    to: name + ".bias", [("axis", .int(0))])
            )
        }
        if case .float16 = arithmetic {
            return (half(name + ".weight", values, shape), half(name + ".bias", bias, [shape[0]]))
        }
        return (
            builder.constant(name + ".weight", values, shape: shape),
            builder.constant(name + ".bias", bias, shape: [shape[0]])
        )
    }

    private mutating func half(_ name: String, _ values: [Float], _ shape: [Int]) -> String {
        builder.constant(name + ".half", values.map(Float16.init), shape: shape)
        return builder.node(
            "Cast", [name + ".half"], to: name, [("to", .int(ONNXElementType.float.rawValue))])
    }

    /// The activation after a pair of quantize and dequantize nodes, or itself where `layer` stays in floats.
    private mutating func quantized(_ activation: String, range: String, for layer: String) -> String {
        guard let plan, plan.quantizes(layer), let bounds = plan.ranges[range] else { return activation }
        if let existing = dequantized[activation] { return existing }
        let quantization = AffineQuantization(bounds)
        quantizations[range] = quantization
        let scale = builder.constant(activation + ".scale", [quantization.scale], shape: [])
        let zero = builder.constant(activation + ".zero", [quantization.zeroPoint], shape: [])
        let codes = builder.node("QuantizeLinear", [activation, scale, zero], to: activation + ".codes")
        let result = builder.node("DequantizeLinear", [codes, scale, zero], to: activation + ".rounded")
        dequantized[activation] = result
        return result
    }
}
