/// Mean and standard deviation of red, green and blue, and every form of them in which grey levels become
/// `(level / 255 − mean) / standardDeviation`.
package struct ChannelNormalization: Sendable, Hashable {
    /// Grey level that stands for 1.
    package static let white: Float = 255

    /// Of a channel in 0...1.
    package let mean: [Float]
    /// Of a channel in 0...1; above 0.
    package let standardDeviation: [Float]

    package init(mean: [Float], standardDeviation: [Float]) {
        self.mean = mean
        self.standardDeviation = standardDeviation
    }

    /// The mean in grey levels, 0...255. Exact: in single precision it is the product computed there.
    package var levelMean: [Double] { mean.map { Double(Self.white) * Double($0) } }

    /// The standard deviation in grey levels. Exact, as `levelMean` is.
    package var levelDeviation: [Double] { standardDeviation.map { Double(Self.white) * Double($0) } }

    /// What a grey level is multiplied by, before `offset` is added.
    package var scale: [Float] { levelDeviation.map { 1 / Float($0) } }

    /// What grey level 0 becomes.
    package var offset: [Float] { zip(mean, standardDeviation).map { -$0 / $1 } }

    /// The colour nearest to the mean: what becomes nearly 0.
    package var meanColor: [UInt8] { levelMean.map { UInt8(max(0, min(255, Float($0).rounded()))) } }

    /// A grey level of a channel in single precision, operation by operation as torchvision has it.
    package func normalized(_ level: UInt8, channel: Int) -> Float {
        (Float(level) / Self.white - mean[channel]) / standardDeviation[channel]
    }
}
