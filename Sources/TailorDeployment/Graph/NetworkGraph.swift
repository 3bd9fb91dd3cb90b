import TailorImages
import TailorModelFile

/// ResNet18 as ONNX nodes.
package struct NetworkGraph {
    /// Types in which weights are stored and convolutions computed.
    package enum Arithmetic {
        case float32
        /// 16-bit weights, converted to 32 bits when the graph is loaded.
        case float16
        case int8(QuantizationPlan)
        /// Dynamic quantization of the head: 8 bits, the range taken from the batch.
        case dynamicInt8
    }

    let network: FoldedNetwork
    let arithmetic: Arithmetic
    var builder: GraphBuilder
    /// Results of existing pairs of quantize and dequantize nodes, by activation.
    private var dequantized: [String: String] = [:]
    private var quantizations: [String: AffineQuantization] = [:]

    /// Makes the graph.
    ///
    /// - Parameters:
    ///   - input: `embedded`: the graph applies `preprocessing` itself.
    ///   - withMaps: the activation maps become the third output.
    ///   - extraOutputs: names of activations that become the last outputs.
    package static func make(
        _ network: FoldedNetwork, arithmetic: Arithmetic, input: ModelDescription.Input,
        preprocessing: Preprocessing, withMaps: Bool = false, extraOutputs: [String] = []
    ) -> ONNXGraph {
        var graph = NetworkGraph(network: network, arithmetic: arithmetic)
        graph.build(input: input, preprocessing: preprocessing, withMaps: withMaps)
        for name in extraOutputs {
            graph.builder.output(name, .tensor(.float, nil))
        }
        return graph.builder.graph
    }

    private init(network: FoldedNetwork, arithmetic: Arithmetic) {
        self.network = network
        self.arithmetic = arithmetic
        builder = GraphBuilder(name: "resnet18")
    }

    var plan: QuantizationPlan? {
        if case .int8(let plan) = arithmetic { return plan }
        return nil
    }

    private mutating func build(
        input: ModelDescription.Input, preprocessing: Preprocessing, withMaps: Bool
    ) {
        builder.input(GraphNames.input, GraphNames.inputType(input, imageSize: preprocessing.imageSize))
        let image =
            switch input {
            case .external: GraphNames.input
            case .embedded: PreprocessingGraph.add(preprocessing, to: &builder)
            }
        let stem = relu(addStem(image, preprocessing), as: network.stem.name)
        // Maxima commute with rounding, so the pool needs no quantization of its own.
        let pooled = builder.node(
            "MaxPool", [quantized(stem, range: stem, for: network.stem.name)], to: GraphNames.pooled,
            [("kernel_shape", .ints([3, 3])), ("strides", .ints([2, 2])), ("pads", .ints([1, 1, 1, 1]))])
        var current = pooled
        var range = stem
        for block in network.blocks {
            current = add(block, current, range: range)
            range = current
        }
        let last = quantized(current, range: current, for: "fc")
        let average = builder.node("GlobalAveragePool", [last], to: "average")
        builder.node("Flatten", [average], to: GraphNames.features)
        addHead()
        builder.output(
            GraphNames.logits,
            .tensor(.float, [.dimParam(GraphNames.batch), .dimValue(Int64(network.classCount))]))
        builder.output(
            GraphNames.features,
            .tensor(
                .float,
                [
                    .dimParam(GraphNames.batch),
                    .dimValue(Int64(network.headWeight.count / max(network.classCount, 1))),
                ]))
        if withMaps { addMaps(last, imageSize: preprocessing.imageSize) }
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
                // The quantized input of the block's first convolution.
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

    private mutating func addStem(_ image: String, _ preprocessing: Preprocessing) -> String {
        let convolution = network.stem
        guard let plan, plan.quantizes(convolution.name) else {
            return convolve(convolution, image, range: "")
        }
        // Back to grey levels, with the channel described at `QuantizedStem`.
        let normalization = preprocessing.normalization
        builder.constant("stem.channel", [0, 1, 0, 0, 0, 0, 0, 0].map(Int64.init), shape: [8])
        builder.constant(
            "stem.deviation", [1] + normalization.levelDeviation.map(Float.init), shape: [1, 4, 1, 1])
        builder.constant(
            "stem.mean", [QuantizedStem.insideLevel] + normalization.levelMean.map(Float.init),
            shape: [1, 4, 1, 1])
        builder.node("Pad", [image, "stem.channel"], to: "stem.four")
        builder.node("Mul", ["stem.four", "stem.deviation"], to: "stem.scaled")
        builder.node("Add", ["stem.scaled", "stem.mean"], to: "stem.levels")
        let levels = quantizeDequantize("stem.levels", AffineQuantization(0...255))
        let weight = quantizedWeights(
            convolution.name, codes: plan.stem.codes, scales: plan.stem.scales, shape: plan.stem.shape,
            bias: plan.stem.bias, inputScale: 1)
        return addConvolution(convolution, levels, weight, to: convolution.name + ".raw")
    }

    /// Adds a convolution, quantized if the plan says so.
    ///
    /// - Parameters:
    ///   - range: activation whose range `input` has.
    ///   - name: name of the result; by default the convolution's with a suffix, where a ReLU follows.
    private mutating func convolve(
        _ convolution: FoldedNetwork.Convolution, _ input: String, range: String, named name: String? = nil
    ) -> String {
        let isQuantized = plan?.quantizes(convolution.name) ?? false
        let source = isQuantized ? quantized(input, range: range, for: convolution.name) : input
        let weight: (weight: String, bias: String)
        if isQuantized, let own = plan?.weights[convolution.name] {
            weight = quantizedWeights(
                convolution.name, codes: own.codes, scales: own.scales, shape: convolution.shape,
                bias: own.bias, inputScale: quantizations[range]?.scale ?? 1)
        } else {
            weight = weights(
                convolution.name, convolution.weight, shape: convolution.shape, bias: convolution.bias,
                inputRange: isQuantized ? range : nil)
        }
        return addConvolution(convolution, source, weight, to: name ?? convolution.name + ".raw")
    }

    private mutating func addConvolution(
        _ convolution: FoldedNetwork.Convolution, _ input: String, _ weight: (weight: String, bias: String),
        to name: String
    ) -> String {
        let kernel = convolution.shape[2]
        return builder.node(
            "Conv", [input, weight.weight, weight.bias], to: name,
            [
                ("kernel_shape", .ints([kernel, kernel])),
                ("strides", .ints([convolution.stride, convolution.stride])),
                ("pads", .ints([Int](repeating: convolution.padding, count: 4))),
            ])
    }

    // MARK: numbers

    /// Adds weight and bias, quantized if the range of the input is given. Returns their names.
    mutating func weights(
        _ name: String, _ values: [Float], shape: [Int], bias: [Float], inputRange: String?
    ) -> (weight: String, bias: String) {
        if let inputRange {
            let weights = QuantizedWeights(values, shape: shape)
            return quantizedWeights(
                name, codes: weights.codes, scales: weights.scales, shape: shape, bias: bias,
                inputScale: quantizations[inputRange]?.scale ?? 1)
        }
        if case .float16 = arithmetic {
            return (float16(name + ".weight", values, shape), float16(name + ".bias", bias, [shape[0]]))
        }
        return (
            builder.constant(name + ".weight", values, shape: shape),
            builder.constant(name + ".bias", bias, shape: [shape[0]])
        )
    }

    private mutating func quantizedWeights(
        _ name: String, codes: [Int8], scales: [Float], shape: [Int], bias: [Float], inputScale: Float
    ) -> (weight: String, bias: String) {
        let count = scales.count
        let biases = QuantizedWeights.biasCodes(bias, scales: scales, inputScale: inputScale)
        builder.constant(name + ".weight.codes", codes, shape: shape)
        builder.constant(name + ".weight.scale", scales, shape: [count])
        builder.constant(name + ".weight.zero", [Int8](repeating: 0, count: count), shape: [count])
        builder.constant(name + ".bias.codes", biases, shape: [count])
        builder.constant(name + ".bias.scale", scales.map { $0 * inputScale }, shape: [count])
        builder.constant(name + ".bias.zero", [Int32](repeating: 0, count: count), shape: [count])
        return (
            builder.node(
                "DequantizeLinear", [".weight.codes", ".weight.scale", ".weight.zero"].map { name + $0 },
                to: name + ".weight", [("axis", .int(0))]),
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
        let quantization = AffineQuantization(bounds)
        quantizations[range] = quantization
        let result = quantizeDequantize(activation, quantization)
        dequantized[activation] = result
        return result
    }

    private mutating func quantizeDequantize(_ activation: String, _ quantization: AffineQuantization)
        -> String
    {
        let scale = builder.constant(activation + ".scale", [quantization.scale], shape: [])
        let zero = builder.constant(activation + ".zero", [quantization.zeroPoint], shape: [])
        let codes = builder.node("QuantizeLinear", [activation, scale, zero], to: activation + ".codes")
        return builder.node("DequantizeLinear", [codes, scale, zero], to: activation + ".rounded")
    }
}
