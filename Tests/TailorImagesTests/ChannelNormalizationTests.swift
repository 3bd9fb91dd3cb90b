import TailorImages
import TestSupport
import Testing

@Suite struct ChannelNormalizationTests {
    @Test func allFormsAreOneFunction() {
        let normalization = Preprocessing().normalization
        for channel in 0..<3 {
            for level in UInt8.min...UInt8.max {
                let value = normalization.normalized(level, channel: channel)
                let product = Float(level) * normalization.scale[channel] + normalization.offset[channel]
                let quotient =
                    (Double(level) - normalization.levelMean[channel])
                    / normalization.levelDeviation[channel]
                expectClose(product, value, absolute: 1e-6)
                expectClose(quotient, Double(value), absolute: 1e-6)
            }
        }
    }

    @Test func theMeanColorIsNearlyZero() {
        let normalization = Preprocessing().normalization
        #expect(normalization.meanColor == [124, 116, 104])
        for (channel, level) in normalization.meanColor.enumerated() {
            expectClose(normalization.normalized(level, channel: channel), 0, absolute: 0.5 / 255 / 0.22)
        }
    }
}
