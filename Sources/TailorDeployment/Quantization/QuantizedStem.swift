import TailorImages
import TailorSupport

/// The first convolution in 8 bits.
///
/// In the affine scheme it is applied to grey levels: 0...255 are their own codes, so the input is
/// exact. (Normalised, the three channels would share one scale, and every level would fall between two
/// codes.) A channel before the three is 255 on the image and 0 in the padding. Its weights subtract the mean colour on
/// the image only, so that the padding is 0 after normalisation, as in training. Its pair is red, whose weights
/// mostly have the other sign: such pairs never saturate, see ``QuantizedWeights``.
///
/// In the symmetric scheme it is applied to the normalised image.
package struct QuantizedStem: Sendable {
    /// Value of the first channel on the image; white, so that its weights are the mean's, scaled as the others
    /// are.
    static let insideLevel = ChannelNormalization.white

    /// Weight codes, `[output, channels, kernel, kernel]` row-major; 4 channels (the first one and grey levels) in the
    /// affine scheme, 3 in the symmetric one.
    package let codes: [Int8]
    let shape: [Int]
    /// Scales, one an output channel.
    package let scales: [Float]
    /// Biases, `[output]`.
    package let bias: [Float]

    /// Number of patches for rounding.
    private static let samples = 20_000

    /// Quantizes the weights with ``OptimalRounding`` on patches of images.
    ///
    /// - Parameter images: resized images; without any, weights are rounded to the nearest code.
    package init(
        _ convolution: FoldedNetwork.Convolution, scheme: QuantizationScheme = .affine,
        preprocessing: Preprocessing, images: [RGBImage]
    ) {
        let kernel = convolution.shape[2]
        let area = kernel * kernel
        let weights: [Float]
        let table: [[Float]]
        switch scheme {
        case .affine:
            weights = Self.weights(convolution, preprocessing.normalization, area: area)
            let levels = (UInt8.min...UInt8.max).map { Float($0) }
            table = [[Float](repeating: Self.insideLevel, count: 256)] + [levels, levels, levels]
        case .symmetric:
            weights = convolution.weight
            table = (0..<3).map { channel in
                (UInt8.min...UInt8.max).map {
                    preprocessing.normalization.normalized($0, channel: channel)
                }
            }
        }
        let channels = table.count
        let taps = channels * area
        shape = [convolution.outputChannels, channels, kernel, kernel]
        let plain = QuantizedWeights(weights, shape: shape)
        var codes = plain.codes
        var scales = plain.scales
        var bias = convolution.bias
        if let rounding = OptimalRounding(samples: Self.patches(images, convolution, table), count: taps) {
            for output in 0..<convolution.outputChannels {
                let range = output * taps..<(output + 1) * taps
                let own = Array(weights[range])
                // The best of several scales: what a pair cannot hold, the other taps make up for.
                let tried = QuantizedWeights.scales(own[...], inputs: channels).map { scale in
                    let result = rounding.codes(own[...], scale: scale) { index, codes in
                        let partner = index + ((index / area).isMultiple(of: 2) ? area : -area)
                        return partner < taps ? codes[partner] : 0
                    }
                    return (scale: scale, codes: result.codes, loss: result.loss)
                }
                guard let best = tried.min(by: { $0.loss < $1.loss }) else { continue }
                let rounded = best.codes
                scales[output] = best.scale
                codes.replaceSubrange(range, with: rounded)
                bias[output] += rounding.meanShift(own, codes: rounded, scale: scales[output])
            }
        }
        self.codes = codes
        self.bias = bias
        self.scales = scales
    }

    /// Weights for the first channel, and for grey levels instead of normalised ones.
    private static func weights(
        _ convolution: FoldedNetwork.Convolution, _ normalization: ChannelNormalization, area: Int
    ) -> [Float] {
        (0..<convolution.outputChannels).flatMap { output -> [Float] in
            var own: [Float] = []
            var mean = [Double](repeating: 0, count: area)
            for channel in 0..<3 {
                for tap in 0..<area {
                    let weight =
                        Double(convolution.weight[(3 * output + channel) * area + tap])
                        / normalization.levelDeviation[channel]
                    own.append(Float(weight))
                    mean[tap] -= weight * Double(normalization.mean[channel])
                }
            }
            return mean.map { Float($0) } + own
        }
    }

    /// Input patches at random positions, `[sample, channels, kernel, kernel]`; 0 in the padding.
    ///
    /// - Parameter table: values of each channel by grey level; of the last three, the channels of the image.
    private static func patches(
        _ images: [RGBImage], _ convolution: FoldedNetwork.Convolution, _ table: [[Float]]
    ) -> [Float] {
        guard !images.isEmpty else { return [] }
        let kernel = convolution.shape[2]
        let area = kernel * kernel
        let channels = table.count
        var generator = SeededGenerator(seed: 0)
        var values = [Float](repeating: 0, count: samples * channels * area)
        for index in 0..<samples {
            let image = images[index % images.count]
            let left = generator.integer(below: image.width) - convolution.padding
            let top = generator.integer(below: image.height) - convolution.padding
            for tap in 0..<area {
                let (x, y) = (left + tap % kernel, top + tap / kernel)
                guard (0..<image.width).contains(x), (0..<image.height).contains(y) else { continue }
                let start = index * channels * area + tap
                let pixel = 3 * (y * image.width + x)
                for channel in 0..<channels {
                    // The channel before the three has one value, whatever the level.
                    let level = image.pixels[pixel + max(0, channel - (channels - 3))]
                    values[start + channel * area] = table[channel][Int(level)]
                }
            }
        }
        return values
    }
}
