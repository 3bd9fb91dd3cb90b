import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// What the exported graph computes, beside libtorch.
@Suite(.serialized) struct GraphTests {
    static let options = Classifier.Options(threads: 2, precision: .float32, cacheFolder: nil)

    @Test func foldingKeepsTheLogits() throws {
        let random = try RandomModel()
        let pictures = try TestImage.coloredStripes(6, seed: 9)
        let expected = try random.logits(pictures)
        let classifier = try Classifier(try random.file(), name: "made", options: Self.options)
        for (picture, logits) in zip(pictures, expected) {
            expectClose(try classifier.classify(picture).logits, logits, absolute: 1e-4)
        }
        // The pictures differ, so agreement means something.
        #expect(Set(expected.map { $0[0] }).count == 6)
    }

    @Test func oneConvolutionByHand() {
        let folded = FoldedNetwork.fold(
            name: "c", weight: [1, -2, 3, 4], shape: [2, 2, 1, 1], stride: 1, gamma: [2, 0.5], beta: [1, 0],
            mean: [0.5, -1], variance: [0.25 - 1e-5, 4 - 1e-5])
        expectClose(folded.weight, [4, -8, 0.75, 1], absolute: 1e-4, "weight")
        expectClose(folded.bias, [-1, 0.25], absolute: 1e-4, "bias")
    }

    @Test func halfPrecisionAndDynamicHeadStayClose() throws {
        let random = try RandomModel()
        let pictures = try TestImage.coloredStripes(6, seed: 9)
        let expected = Array(try random.logits(pictures).joined())
        let scale = expected.map(abs).max() ?? 0
        for (arithmetic, precision) in [
            (NetworkGraph.Arithmetic.float16, ModelDescription.WeightPrecision.float16),
            (.dynamicInt8, .dynamicInt8),
        ] {
            let file = try random.file(arithmetic, precision)
            let classifier = try Classifier(file, name: "made", options: Self.options)
            let got = try pictures.flatMap { try classifier.classify($0).logits }
            expectClose(got, expected, absolute: 0.02 * scale, "\(precision)")
            #expect(got != expected, "\(precision)")
        }
        #expect(try random.file(.float16, .float16).bytes.count < random.file().bytes.count * 51 / 100)
    }

    @Test func eightBitsStayClose() throws {
        let random = try RandomModel(pretrained: true)
        let network = try FoldedNetwork(random.model)
        let calibrator = Calibrator(network: network, preprocessing: random.preprocessing, threads: 2)
        let calibration = try TestImage.coloredStripes(12, seed: 5)
        let histograms = try calibrator.measure(calibration).histograms
        #expect(Set(histograms.keys) == Set(ActivationName.all(network)))
        // A ReLU has no negative side; what is added to the shortcut has one.
        #expect(histograms["layer1.0"]?.range.lowerBound == 0)
        #expect((histograms["layer1.0.conv2"]?.range.lowerBound ?? 0) < 0)
        let ranges = histograms.mapValues { RangeMethod.minmax.range($0) }
        let stem = QuantizedStem(
            network.stem, preprocessing: random.preprocessing, images: calibration)
        let pictures = try TestImage.coloredStripes(8, seed: 9)
        let expected = Array(try random.logits(pictures).joined())
        let scale = expected.map(abs).max() ?? 0
        func logits(_ plan: QuantizationPlan) throws -> [Float] {
            let classifier = try Classifier(
                try random.file(.int8(plan), .int8), name: "made", options: Self.options)
            return try pictures.flatMap { try classifier.classify($0).logits }
        }
        let quantized = try logits(QuantizationPlan(ranges: ranges, stem: stem))
        try #require(quantized.count == expected.count)
        let mean = zip(quantized, expected).reduce(0) { $0 + abs($1.0 - $1.1) } / Float(expected.count)
        #expect(mean > 1e-4 && mean < 0.06 * scale, "\(mean) of \(scale)")
        // With every layer back in floats nothing is rounded.
        let all = Set(network.convolutions.map(\.name) + ["fc"])
        let exact = try logits(QuantizationPlan(ranges: ranges, stem: stem, floatLayers: all))
        expectClose(exact, expected, absolute: 1e-4)
        let file = try random.file(.int8(QuantizationPlan(ranges: ranges, stem: stem)), .int8)
        #expect(file.bytes.count < 11_500_000)
    }

    /// Colour filters over grey pictures: taps that cancel, amplified. Rounded one by one they would not.
    @Test func roundingKeepsWhatCancels() throws {
        let grey = try TestImage.coloredStripes(8, seed: 4).map { picture in
            var pixels = picture.pixels
            for start in stride(from: 0, to: pixels.count, by: 3) {
                pixels[start + 1] = pixels[start]
                pixels[start + 2] = pixels[start]
            }
            return try RGBImage(width: picture.width, height: picture.height, pixels: pixels)
        }
        let preprocessing = Preprocessing(imageSize: 64)
        var generator = SeededGenerator(seed: 2)
        var weight: [Float] = []
        for _ in 0..<4 {
            var last = [Float](repeating: 0, count: 49)
            for _ in 0..<2 {
                for tap in 0..<49 {
                    let value = Float(generator.integer(below: 2001)) / 1000 - 1
                    weight.append(value)
                    last[tap] -= value
                }
            }
            weight += last
        }
        let convolution = FoldedNetwork.fold(
            name: "conv1", weight: weight, shape: [4, 3, 7, 7], stride: 2, gamma: [1, 1, 1, 1],
            beta: [0, 0, 0, 0], mean: [0, 0, 0, 0], variance: [Float](repeating: 1 - 1e-5, count: 4))
        func largestError(_ pictures: [RGBImage]) -> Float {
            let stem = QuantizedStem(convolution, preprocessing: preprocessing, images: pictures)
            // On a grey patch the exact filter gives what the three means leave over, whatever the level.
            var errors: [Float] = []
            for output in 0..<4 {
                var values: [Float] = []
                for level in stride(from: Float(0), through: 200, by: 50) {
                    var sum = stem.bias[output]
                    for channel in 0..<4 {
                        for tap in 0..<49 {
                            let code = Float(stem.codes[(output * 4 + channel) * 49 + tap])
                            sum += code * stem.scales[output] * (channel == 0 ? 255 : level)
                        }
                    }
                    var exact: Float = 0
                    for channel in 0..<3 {
                        let normal =
                            (level / 255 - preprocessing.mean[channel])
                            / preprocessing.standardDeviation[channel]
                        for tap in 0..<49 { exact += weight[(output * 3 + channel) * 49 + tap] * normal }
                    }
                    values.append(abs(sum - exact))
                }
                errors.append(values.max() ?? 0)
            }
            return errors.max() ?? 0
        }
        let (careful, plain) = (largestError(grey), largestError([]))
        #expect(careful < plain / 4, "\(careful) instead of \(plain)")
    }
}
