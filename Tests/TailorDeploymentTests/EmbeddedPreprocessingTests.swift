import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// The transform as nodes of the graph, beside `Preprocessing`.
@Suite(.serialized) struct EmbeddedPreprocessingTests {
    private static let sizes = [
        (64, 64), (97, 64), (64, 131), (33, 47), (640, 361), (41, 400), (1, 1), (7, 900), (1920, 1080),
    ]

    @Test(arguments: [
        Preprocessing(imageSize: 64), Preprocessing(imageSize: 64, resizeShortSide: 73),
        Preprocessing(imageSize: 64, fit: .pad), Preprocessing(imageSize: 64, fit: .squash),
    ]) func pixelsAreThoseOfPreprocessing(_ preprocessing: Preprocessing) throws {
        let random = try RandomModel()
        let graph = NetworkGraph.make(
            try FoldedNetwork(random.model), arithmetic: .float32, input: .embedded,
            preprocessing: preprocessing, extraOutputs: [PreprocessingGraph.result])
        let compiled = try CompiledNetwork(
            onnx: ModelFile.serialized(graph), input: .image, settings: NetworkSettings(threads: 2))
        let request = try compiled.makeRequest()
        for (width, height) in Self.sizes {
            let picture = try TestImage.noise(width: width, height: height)
            try request.run([picture])
            let got = try request.output(2)
            // [height, width, channel] here, [channel, height, width] there.
            let expected = try preprocessing.apply(to: picture)
            try #require(got.count == expected.count)
            let plane = 64 * 64
            var (largest, different) = (Float(0), 0)
            for index in 0..<plane {
                for channel in 0..<3 {
                    // In grey levels.
                    let difference =
                        abs(got[channel * plane + index] - expected[3 * index + channel]) * 255
                        * preprocessing.standardDeviation[channel]
                    largest = max(largest, difference)
                    if difference > 0.1 { different += 1 }
                }
            }
            #expect(largest < 1.01, "\(width)×\(height): \(largest)")
            // Where height shrinks much more than width, Pillow rounds between the directions in the other order.
            if height < 2 * width {
                #expect(different < 3 * plane / 100, "\(width)×\(height): \(different) pixels differ")
            }
        }
    }

    @Test func aModelFileThatResizesAnswersLikeOneThatDoesNot() throws {
        let random = try RandomModel()
        let network = try FoldedNetwork(random.model)
        var description = random.description()
        description.input = .embedded
        let file = try ModelFile(
            graph: NetworkGraph.make(
                network, arithmetic: .float32, input: .embedded, preprocessing: random.preprocessing),
            description: description)
        let options = Classifier.Options(threads: 2, precision: .bfloat16, cacheFolder: nil)
        let embedded = try Classifier(file, name: "made", options: options)
        #expect(embedded.arithmetic == "fp32", "bfloat16 would shift pixels")
        let external = try Classifier(
            try random.file(), name: "made", options: .init(threads: 2, precision: .float32, cacheFolder: nil)
        )
        for (width, height) in Self.sizes where width > 1 {
            let picture = try TestImage.noise(width: width, height: height)
            let expected = try external.classify(picture).logits
            let got = try embedded.classify(picture).logits
            let scale = max(1, expected.map(abs).max() ?? 1)
            expectClose(got, expected, absolute: 0.02 * scale, "\(width)×\(height)")
        }
    }
}
