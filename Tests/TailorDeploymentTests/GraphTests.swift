import Foundation
import Tailor
import TestSupport
import Testing

/// What the exported graph computes, beside libtorch.
@Suite(.serialized) struct GraphTests {
    static let options = Classifier.Options(threads: 2, precision: .float32, cacheFolder: nil)

    @Test func foldingKeepsTheLogits() throws {
        let random = try RandomModel()
        let pictures = try RandomModel.pictures(6, seed: 9)
        let expected = try random.logits(pictures)
        let classifier = try Classifier(try random.file(), name: "made", options: Self.options)
        for (picture, logits) in zip(pictures, expected) {
            let got = try classifier.classify(picture).logits
            #expect(zip(got, logits).allSatisfy { abs($0 - $1) < 1e-4 }, "\(got) \(logits)")
        }
        // The pictures differ, so agreement means something.
        #expect(Set(expected.map { $0[0] }).count == 6)
    }

    @Test func oneConvolutionByHand() {
        let folded = FoldedNetwork.fold(
            name: "c", weight: [1, -2, 3, 4], shape: [2, 2, 1, 1], stride: 1, gamma: [2, 0.5], beta: [1, 0],
            mean: [0.5, -1], variance: [0.25 - 1e-5, 4 - 1e-5])
        let near = { (a: [Float], b: [Float]) in zip(a, b).allSatisfy { abs($0 - $1) < 1e-4 } }
        #expect(near(folded.weight, [4, -8, 0.75, 1]), "\(folded.weight)")
        #expect(near(folded.bias, [-1, 0.25]), "\(folded.bias)")
    }

    @Test func halfPrecisionAndDynamicHeadStayClose() throws {
        let random = try RandomModel()
        let pictures = try RandomModel.pictures(6, seed: 9)
        let expected = try random.logits(pictures)
        let scale = expected.joined().map(abs).max() ?? 0
        for (arithmetic, precision) in [
            (NetworkGraph.Arithmetic.float16, ModelDescription.Precision.float16),
            (.dynamicInt8, .dynamicInt8),
        ] {
            let file = try random.file(arithmetic, precision)
            let classifier = try Classifier(file, name: "made", options: Self.options)
            let largest =
                try zip(pictures, expected).map { picture, logits in
                    zip(try classifier.classify(picture).logits, logits).map { abs($0 - $1) }.max() ?? 0
                }.max() ?? 0
            #expect(largest > 0 && largest < 0.02 * scale, "\(precision): \(largest) of \(scale)")
        }
        #expect(try random.file(.float16, .float16).bytes.count < random.file().bytes.count * 51 / 100)
    }

    @Test func eightBitsStayClose() throws {
        let random = try RandomModel(pretrained: true)
        let network = try FoldedNetwork(random.model)
        let calibrator = Calibrator(network: network, preprocessing: random.preprocessing, threads: 2)
        let histograms = try calibrator.histograms(RandomModel.pictures(12, seed: 5))
        #expect(Set(histograms.keys) == Set(ActivationName.all(network)).subtracting([ActivationName.image]))
        // A ReLU has no negative side; what is added to the shortcut has one.
        #expect(histograms["layer1.0"]?.range.lowerBound == 0)
        #expect((histograms["layer1.0.conv2"]?.range.lowerBound ?? 0) < 0)
        var ranges = histograms.mapValues { RangeMethod.minmax.range($0) }
        ranges[ActivationName.image] = calibrator.imageRange
        let pictures = try RandomModel.pictures(8, seed: 9)
        let expected = try random.logits(pictures)
        let scale = expected.joined().map(abs).max() ?? 0
        func error(_ plan: QuantizationPlan) throws -> Float {
            let classifier = try Classifier(
                try random.file(.int8(plan), .int8), name: "made", options: Self.options)
            return try zip(pictures, expected).map { picture, logits in
                zip(try classifier.classify(picture).logits, logits).map { abs($0 - $1) }.max() ?? 0
            }.max() ?? 0
        }
        let quantized = try error(QuantizationPlan(ranges: ranges))
        #expect(quantized > 1e-4 && quantized < 0.1 * scale, "\(quantized) of \(scale)")
        // With every layer back in floats nothing is rounded.
        let all = Set(network.convolutions.map(\.name) + ["fc"])
        #expect(try error(QuantizationPlan(ranges: ranges, floatLayers: all)) < 1e-4)
        let file = try random.file(.int8(QuantizationPlan(ranges: ranges)), .int8)
        #expect(file.bytes.count < 11_500_000)
    }
}
