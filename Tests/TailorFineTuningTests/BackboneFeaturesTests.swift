import Foundation
import TailorDatasets
import TailorFineTuning
import TailorImages
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
}
