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
    /// Whether 8 bits are computed in floats, rounded where they would be.
    let isSimulated: Bool
    var builder: GraphBuilder
    /// Results of existing pairs of quantize and dequantize nodes, by activation.
    var dequantized: [String: String] = [:]
    /// Scales of quantized activations, by the activation that sets the range.
    var scales: [String: Float] = [:]

    /// Makes the graph.
    ///
    /// - Parameters:
    ///   - input: `embedded`: the graph applies `preprocessing` itself.
    ///   - withMaps: the activation maps become the third output.
    ///   - extraOutputs: names of activations that become the last outputs.
    ///   - isSimulated: 8 bits are computed in floats, each activation rounded where it would be quantized: what the
    ///     graph means, whatever a runtime makes of it. Not for model files.
    package static func make(
        _ network: FoldedNetwork, arithmetic: Arithmetic, input: ModelDescription.Input,
        preprocessing: Preprocessing, withMaps: Bool = false, extraOutputs: [String] = [],
        isSimulated: Bool = false
    ) -> ONNXGraph {
        var graph = NetworkGraph(network: network, arithmetic: arithmetic, isSimulated: isSimulated)
        graph.builder.input(
            GraphNames.input, GraphNames.inputType(input, imageSize: preprocessing.imageSize))
        let last = graph.build(input: input, preprocessing: preprocessing)
        graph.addLogitsOutput(batch: .dimParam(GraphNames.batch))
        graph.addFeaturesOutput()
        if withMaps { graph.addMaps(last, imageSize: preprocessing.imageSize) }
        for name in extraOutputs {
            graph.builder.output(name, .tensor(.float, nil))
        }
        return graph.builder.graph
    }

    /// Makes the graph for compilers of other makers: floats, one normalised image `[1, 3, size, size]`, the logits `[1,
    /// classes]` as its only output. No shape is left open.
    package static func makeStatic(_ network: FoldedNetwork, preprocessing: Preprocessing) -> ONNXGraph {
        var graph = NetworkGraph(network: network, arithmetic: .float32)
        let side = ONNXDimension.Size.dimValue(Int64(preprocessing.imageSize))
        graph.builder.input(GraphNames.input, .tensor(.float, [.dimValue(1), .dimValue(3), side, side]))
        _ = graph.build(input: .external, preprocessing: preprocessing)
        graph.addLogitsOutput(batch: .dimValue(1))
        return graph.builder.graph
    }

    private init(network: FoldedNetwork, arithmetic: Arithmetic, isSimulated: Bool = false) {
        self.network = network
        self.arithmetic = arithmetic
        self.isSimulated = isSimulated
        builder = GraphBuilder(name: "resnet18")
    }

    var plan: QuantizationPlan? {
        if case .int8(let plan) = arithmetic { return plan }
        return nil
    }

    /// Adds the nodes from the input to the logits. Returns the name of the last stage.
    private mutating func build(input: ModelDescription.Input, preprocessing: Preprocessing) -> String {
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
        return last
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
        if plan.scheme == .symmetric {
            let (normalized, _) = quantizeDequantize(image, preprocessing.normalizedRange, plan.scheme)
            let weight = quantizedWeights(
                convolution.name, codes: plan.stem.codes, scales: plan.stem.scales, shape: plan.stem.shape,
                bias: plan.stem.bias, inputScale: nil)
            return addConvolution(convolution, normalized, weight, to: convolution.name + ".raw")
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
        let (levels, _) = quantizeDequantize("stem.levels", 0...255, plan.scheme)
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
                bias: own.bias, inputScale: inputScale(range))
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
}
