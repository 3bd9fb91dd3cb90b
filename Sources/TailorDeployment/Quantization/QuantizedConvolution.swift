import TailorModelFile

/// A convolution in 8 bits: codes, scales, and biases that make up for the mean error of the rounded weights.
package struct QuantizedConvolution: Sendable {
    /// Codes, `[output, input, kernel, kernel]` row-major.
    package let codes: [Int8]
    /// Scales, one an output channel.
    package let scales: [Float]
    /// Biases, `[output]`.
    package let bias: [Float]

    /// Quantizes a convolution for inputs such as were measured: within an input channel with
    /// ``OptimalRounding``, since neighbouring pixels vary together; between channels the errors are taken to be
    /// independent. What remains on average goes into the bias (Nagel et al., 2019).
    package init(_ convolution: FoldedNetwork.Convolution, inputs: ActivationMoments) {
        let (outputs, channels) = (convolution.shape[0], convolution.shape[1])
        let area = convolution.shape[2] * convolution.shape[3]
        let plain = QuantizedWeights(convolution.weight, shape: convolution.shape)
        let roundings = Self.roundings(convolution, inputs)
        var codes = plain.codes
        var scales = plain.scales
        for output in roundings.isEmpty ? 0..<0 : 0..<outputs {
            let range = output * channels * area..<(output + 1) * channels * area
            let own = convolution.weight[range]
            // The best of several scales: what a pair cannot hold, the other taps make up for.
            let tried = QuantizedWeights.scales(own, inputs: channels).map { scale in
                Self.rounded(own, roundings, scale: scale)
            }
            guard let best = tried.min(by: { $0.loss < $1.loss }) else { continue }
            codes.replaceSubrange(range, with: best.codes)
            scales[output] = best.scale
        }
        var bias = convolution.bias
        for output in 0..<outputs {
            var shift = 0.0
            for channel in 0..<channels {
                let start = (output * channels + channel) * area
                var error = 0.0
                for index in start..<start + area {
                    error += Double(convolution.weight[index]) - Double(scales[output]) * Double(codes[index])
                }
                shift += error * inputs.mean(channel)
            }
            bias[output] += Float(shift)
        }
        self.codes = codes
        self.scales = scales
        self.bias = bias
    }

    /// Roundings of the input channels; none where the kernel is not the one whose inputs were measured.
    private static func roundings(
        _ convolution: FoldedNetwork.Convolution, _ inputs: ActivationMoments
    ) -> [OptimalRounding] {
        guard convolution.shape[2] == ActivationMoments.kernel else { return [] }
        let area = convolution.shape[2] * convolution.shape[3]
        let all = (0..<inputs.channels).compactMap { channel in
            OptimalRounding(
                covariance: inputs.covariance(channel),
                mean: [Double](repeating: inputs.mean(channel), count: area))
        }
        return all.count == convolution.shape[1] ? all : []
    }

    /// Rounds one output's weights, `[channels, kernel, kernel]`, a channel after the other.
    private static func rounded(
        _ weights: ArraySlice<Float>, _ roundings: [OptimalRounding], scale: Float
    ) -> (scale: Float, codes: [Int8], loss: Double) {
        let area = weights.count / roundings.count
        var codes: [Int8] = []
        codes.reserveCapacity(weights.count)
        var loss = 0.0
        for (channel, rounding) in roundings.enumerated() {
            let start = weights.startIndex + channel * area
            let before = (channel - 1) * area
            let own = rounding.codes(weights[start..<start + area], scale: scale) { index, _ in
                channel.isMultiple(of: 2) ? 0 : codes[before + index]
            }
            codes += own.codes
            loss += own.loss
        }
        return (scale, codes, loss)
    }
}

extension FoldedNetwork {
    /// Convolutions after the first, each with the name of its input in the graph.
    package var inputs: [(convolution: Convolution, input: String)] {
        var input = GraphNames.pooled
        return blocks.flatMap { block in
            defer { input = block.name }
            return [(block.conv1, input), (block.conv2, block.conv1.name)]
                + (block.downsample.map { [($0, input)] } ?? [])
        }
    }
}
