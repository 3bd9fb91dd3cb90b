import TailorImages
import TailorSupport

/// The first convolution in 8 bits, reading grey levels themselves: 0...255 are their own codes, so the picture
/// loses nothing. (Normalised, its three channels share one scale, and every level lands between two codes.)
///
/// A fourth channel is 255 on the picture and 0 on the margin around it. Its weights take the mean colour off, on the
/// picture alone: the margin counts as nothing, as it does in training.
package struct QuantizedStem: Sendable {
    static let channels = 4
    /// Of the fourth channel on the picture, so that its weights take off the mean times its own factor.
    static let insideLevel = ChannelNormalization.white

    /// Of grey levels and the fourth channel: `[output, 4, kernel, kernel]`, row-major.
    package let codes: [Int8]
    let shape: [Int]
    /// One an output channel.
    package let scales: [Float]
    /// `[output]`.
    package let bias: [Float]

    private static let samples = 20_000

    /// Weights rounded with regard to what the pictures look like (``OptimalRounding``).
    ///
    /// - Parameter pictures: resized already; without any, weights are rounded one by one.
    package init(
        _ convolution: FoldedNetwork.Convolution, preprocessing: Preprocessing, pictures: [RGBImage]
    ) {
        let kernel = convolution.shape[2]
        let area = kernel * kernel
        let taps = Self.channels * area
        let weights = Self.weights(convolution, preprocessing.normalization, area: area)
        let plain = QuantizedWeights(weights, channels: convolution.outputChannels)
        var codes = plain.codes
        var bias = convolution.bias
        if let rounding = OptimalRounding(samples: Self.patches(pictures, convolution), count: taps) {
            for output in 0..<convolution.outputChannels {
                let range = output * taps..<(output + 1) * taps
                let own = Array(weights[range])
                let rounded = rounding.codes(own, scale: plain.scales[output])
                codes.replaceSubrange(range, with: rounded)
                bias[output] += rounding.meanShift(own, codes: rounded, scale: plain.scales[output])
            }
        }
        self.codes = codes
        self.bias = bias
        shape = [convolution.outputChannels, Self.channels, kernel, kernel]
        scales = plain.scales
    }

    /// Of grey levels instead of normalised ones, and of the fourth channel.
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
            return own + mean.map { Float($0) }
        }
    }

    /// What lies under the kernel at random places, `[sample, 4, kernel, kernel]`.
    private static func patches(
        _ pictures: [RGBImage], _ convolution: FoldedNetwork.Convolution
    ) -> [Float] {
        guard !pictures.isEmpty else { return [] }
        let kernel = convolution.shape[2]
        let area = kernel * kernel
        var generator = SeededGenerator(seed: 0)
        var values = [Float](repeating: 0, count: samples * channels * area)
        for index in 0..<samples {
            let picture = pictures[index % pictures.count]
            let left = generator.integer(below: picture.width) - convolution.padding
            let top = generator.integer(below: picture.height) - convolution.padding
            for tap in 0..<area {
                let (x, y) = (left + tap % kernel, top + tap / kernel)
                guard (0..<picture.width).contains(x), (0..<picture.height).contains(y) else { continue }
                let start = index * channels * area + tap
                let pixel = 3 * (y * picture.width + x)
                for channel in 0..<3 {
                    values[start + channel * area] = Float(picture.pixels[pixel + channel])
                }
                values[start + 3 * area] = insideLevel
            }
        }
        return values
    }
}
