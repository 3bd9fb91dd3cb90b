import Foundation
import Tailor
import TailorSupport
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
        let quantized = QuantizedWeights([1, -2, 0.5, 0, 0, 0], shape: [2, 3])
        #expect(quantized.codes == [64, -127, 32, 0, 0, 0])
        #expect(quantized.scales == [2 / 127, 1])
        #expect(
            QuantizedWeights.biasCodes([1, 1e30], scales: quantized.scales, inputScale: 0.5) == [
                127, Int32.max,
            ])
    }

    /// Processors without VNNI add the products of two neighbouring channels in 16 bits.
    @Test func pairsOfCodesNeverSaturate() throws {
        // Two outputs of three channels and two taps; pairs are channels 0 and 1 at the same tap.
        let weights: [Float] = [1, 0.1, 1, -0.1, 0.5, 0.5] + [1, 1, -1, -1, 0.25, 0]
        let quantized = QuantizedWeights(weights, shape: [2, 3, 1, 2])
        #expect(quantized.scales == [2 / 127, 1 / 127])
        // 63.5 to the even code.
        #expect(Array(quantized.codes[..<6]) == [64, 6, 64, -6, 32, 32])
        #expect(Array(quantized.codes[6...]) == [127, 127, -127, -127, 32, 0])
        #expect(QuantizedWeights.code(Float(100), besides: 90) == 38)
        #expect(QuantizedWeights.code(Float(100), besides: -90) == 100)
        #expect(QuantizedWeights.code(Float(-100), besides: -90) == -38)
        #expect(QuantizedWeights.code(Float(200)) == 127)
    }

    private static func moments(_ planes: [[Float]]) -> ActivationMoments {
        var moments = ActivationMoments(channels: planes.count)
        planes.flatMap { $0 }.withUnsafeBufferPointer { moments.add($0) }
        return moments
    }

    @Test func momentsByHand() {
        // Rows 1 2 3, 4 5 6, 7 8 9.
        let moments = Self.moments([(1...9).map(Float.init), [Float](repeating: 2, count: 9)])
        #expect(moments.mean(0) == 5 && moments.mean(1) == 2)
        let covariance = moments.covariance(0)
        expectClose(covariance[0], 285.0 / 9 - 25, absolute: 1e-12)
        // Right neighbours: 1·2 + 2·3 + 4·5 + 5·6 + 7·8 + 8·9 over six pairs.
        expectClose(covariance[1], 186.0 / 6 - 25, absolute: 1e-12)
        #expect(covariance[1] == covariance[9] && covariance[1] == covariance[3 * 9 + 4])
        // Down and left: 2·4 + 3·5 + 5·7 + 6·8.
        expectClose(covariance[9 + 3], 106.0 / 4 - 25, absolute: 1e-12)
        #expect(moments.covariance(1).allSatisfy { abs($0) < 1e-12 })
        let twice = moments.merged(with: moments)
        #expect(twice.mean(0) == 5)
        expectClose(twice.covariance(0), covariance, absolute: 1e-12)
    }

    /// Neighbouring pixels vary together: rounding that knows halves the error of the sums, and loses no mean.
    @Test func roundingFollowsTheInputs() throws {
        var generator = SeededGenerator(seed: 3)
        func noise() -> Float { Float(generator.integer(below: 2001)) / 1000 - 1 }
        // Two channels of slow waves around 3, and 16 filters.
        let side = 24
        let planes = (0..<2).map { channel in
            (0..<side * side).map { index -> Float in
                let (x, y) = (Float(index % side), Float(index / side))
                return 3 + sin(0.4 * x + Float(channel)) + cos(0.3 * y) + 0.1 * noise()
            }
        }
        let shape = [16, 2, 3, 3]
        let weight = (0..<shape.reduce(1, *)).map { _ in noise() }
        let convolution = FoldedNetwork.fold(
            name: "made", weight: weight, shape: shape, stride: 1, gamma: [Float](repeating: 1, count: 16),
            beta: [Float](repeating: 0, count: 16), mean: [Float](repeating: 0, count: 16),
            variance: [Float](repeating: 1 - 1e-5, count: 16))
        let careful = QuantizedConvolution(convolution, inputs: Self.moments(planes))
        let nearest = QuantizedWeights(convolution.weight, shape: shape)
        func errors(_ codes: [Int8], _ scales: [Float], _ bias: [Float]) -> (mean: Float, deviation: Float) {
            var all: [Float] = []
            for output in 0..<16 {
                for y in 1..<side - 1 {
                    for x in 1..<side - 1 {
                        var error = bias[output] - convolution.bias[output]
                        for channel in 0..<2 {
                            for tap in 0..<9 {
                                let index = (output * 2 + channel) * 9 + tap
                                let pixel = planes[channel][(y + tap / 3 - 1) * side + x + tap % 3 - 1]
                                error +=
                                    (scales[output] * Float(codes[index]) - convolution.weight[index]) * pixel
                            }
                        }
                        all.append(error)
                    }
                }
            }
            let mean = all.reduce(0, +) / Float(all.count)
            let square = all.reduce(0) { $0 + $1 * $1 } / Float(all.count)
            return (abs(mean), square.squareRoot())
        }
        let ours = errors(careful.codes, careful.scales, careful.bias)
        let plain = errors(nearest.codes, nearest.scales, convolution.bias)
        #expect(ours.deviation < plain.deviation / 2, "\(ours) instead of \(plain)")
        for output in 0..<16 {
            for tap in 0..<9 {
                let (a, b) = (
                    Int(careful.codes[output * 18 + tap]), Int(careful.codes[output * 18 + 9 + tap])
                )
                #expect(a.signum() != b.signum() || abs(a + b) <= 128)
            }
        }
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
