import Foundation
import Tailor
import TestSupport
import Testing

struct QuantizationTests {
    @Test func affineNumbersByHand() {
        #expect(AffineQuantization(0...255) == AffineQuantization(10...255))
        let signed = AffineQuantization(-1...3)
        #expect(signed.zeroPoint == 64)
        expectClose(signed.scale, 4 / 255, absolute: 1e-9)
        #expect(AffineQuantization(0...0).scale == 1)
        #expect(AffineQuantization(-5 ... -1).zeroPoint == 255)
    }

    @Test func weightsByHand() {
        let quantized = QuantizedWeights([1, -2, 0.5, 0, 0, 0], channels: 2)
        #expect(quantized.codes == [64, -127, 32, 0, 0, 0])
        #expect(quantized.scales == [2 / 127, 1])
        #expect(
            QuantizedWeights.biasCodes([1, 1e30], scales: quantized.scales, inputScale: 0.5) == [
                127, Int32.max,
            ])
    }

    private func histogram(_ values: [Float], over range: ClosedRange<Float>) -> ActivationHistogram {
        var histogram = ActivationHistogram(range: range)
        values.withUnsafeBufferPointer { histogram.add($0) }
        return histogram
    }

    @Test func countsLandInTheirBins() {
        let histogram = histogram([0, 1, 1.01, 2047, 2048], over: 0...2048)
        #expect(histogram.counts[0] == 1)
        #expect(histogram.counts[1] == 2)
        #expect(histogram.counts[2047] == 2)
        #expect(histogram.merged(with: histogram).counts[1] == 4)
    }

    /// A bell of 100,000 values and one outlier at ten times its width.
    private var withOutlier: ActivationHistogram {
        var values = (0..<100_000).map { index in
            let share = (Float(index) + 0.5) / 100_000
            return log(share / (1 - share)) / 12
        }
        values.append(10)
        return histogram(values, over: -1...10)
    }

    @Test func outliersAreClippedExceptByMinmax() {
        let all = RangeMethod.minmax.range(withOutlier)
        #expect(all == -1...10)
        let percentile = RangeMethod.percentile.range(withOutlier)
        #expect(percentile.upperBound > 0.7 && percentile.upperBound < 1.1, "\(percentile)")
        let entropy = RangeMethod.entropy.range(withOutlier)
        #expect(entropy.upperBound < 3, "\(entropy)")
        #expect(entropy.lowerBound < 0)
        let squares = RangeMethod.mse.range(withOutlier)
        #expect(squares.upperBound > 1 && squares.upperBound < 10 && squares.lowerBound > -1, "\(squares)")
    }

    @Test func nothingIsClippedWhereAllLevelsAreUsed() {
        let even = histogram((0..<204_800).map { Float($0) / 100 }, over: 0...2048)
        #expect(RangeMethod.entropy.range(even).upperBound > 2000)
        #expect(RangeMethod.minmax.range(histogram([], over: 0...0)) == 0...0)
    }
}
