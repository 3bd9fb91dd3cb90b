import Foundation
import TailorAudit
import TailorDatasets
import TailorFineTuning
import TailorImages
import TailorResNet
import TailorTensors
import TestSupport
import Testing

@Suite struct BackboneFeaturesTests {
    /// The sizes that the document of checks states.
    @Test(arguments: [
        (480, 1, 224), (480, 512, 224), (480, 1024, 192), (480, 4_000, 168), (480, 60_000, 160),
        (32, 100, 64), (48, 100, 96), (64, 100, 96), (8, 100, 64), (32, 60_000, 64),
    ])
    func imageSize(shortSide: Int, count: Int, size: Int) {
        #expect(BackboneFeatures.imageSize(shortSide: shortSide, count: count) == size)
    }

    /// Once, and only where there are enough images to time; every image has its own row, in order.
    @Test func theForecastIsMadeOnce() throws {
        let made = try MadeDataset()
        for number in 0..<4 {
            try made.write(
                TestImage.texture(number, width: 64, height: 64).pngData(), to: "a/\(number).png")
        }
        let backbone = try BackboneFeatures(
            weights: nil, machine: FineTuner.Machine(device: .cpu, workers: 2), imageSize: 32)
        func samples(_ count: Int) -> [Sample] {
            (0..<count).map { Sample(root: made.path, relativePath: "a/\($0 % 4).png", label: 0) }
        }
        var forecasts: [Double] = []
        let few = try backbone.values(
            of: samples(200), cache: DecodedImageCache(byteBudget: 1 << 20),
            forecast: { forecasts.append($0) })
        #expect(forecasts.isEmpty && few.count == 200 * 512)
        var done = 0
        let many = try backbone.values(
            of: samples(640), cache: DecodedImageCache(byteBudget: 1 << 20),
            forecast: {
                #expect(done >= 256 && done < 640, "before most are computed")
                forecasts.append($0)
            }, progress: { done = $0 })
        #expect(forecasts.count == 1 && forecasts[0] > 0 && forecasts[0] < 600)
        #expect(done == 640 && many.count == 640 * 512)
        let rows = (0..<4).map { Array(many[512 * $0..<512 * ($0 + 1)]) }
        #expect(Set(rows).count == 4)
        for index in [4, 257, 639] {
            expectClose(Array(many[512 * index..<512 * (index + 1)]), rows[index % 4], relative: 1e-2)
        }
        let none = try backbone.values(of: [], cache: DecodedImageCache(byteBudget: 0))
        #expect(none.isEmpty)
    }

    /// Under a linear classifier the backbone gives that classifier's scores, and maps that add up to them.
    @Test func mapsOfALinearClassifier() throws {
        let made = try MadeDataset()
        for number in 0..<3 {
            try made.write(
                TestImage.texture(number, width: 96, height: 96).pngData(), to: "a/\(number).png")
        }
        let samples = (0..<3).map { Sample(root: made.path, relativePath: "a/\($0).png", label: 0) }
        // In 32 bits, as the maps are.
        let bundled = try PretrainedWeights.load(.bundled) { _ in }
        let backbone = try BackboneFeatures(
            weights: bundled, machine: FineTuner.Machine(device: .cpu, workers: 2), imageSize: 96)
        let features = try backbone.values(of: samples, cache: DecodedImageCache(byteBudget: 1 << 20))
        let head = LinearHead(
            weights: (0..<3).map { row in (0..<512).map { Float(($0 * 7 + row * 3) % 11 - 5) / 50 } },
            biases: [0.5, -1, 2])
        let (logits, maps) = try backbone.runner(under: head).logitsAndMaps(samples)
        for index in 0..<3 {
            let row = features[512 * index..<512 * (index + 1)]
            let expected = zip(head.weights, head.biases).map { zip($0, row).reduce($1) { $0 + $1.0 * $1.1 } }
            // Features may be computed in bfloat16.
            expectClose(logits[index].map(Float.init), expected, relative: 5e-2)
            expectClose(
                zip(maps[index].means, head.biases).map { $0 + $1 }, logits[index].map(Float.init),
                relative: 1e-4)
            #expect(maps[index].rows == 3 && maps[index].columns == 3)
        }
    }
}
