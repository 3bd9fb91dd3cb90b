import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

@Suite(.serialized) struct ClassifierTests {
    static let options = Classifier.Options(
        mode: .throughput, threads: 2, precision: .float32, cacheFolder: nil)

    @Test func manyThreadsGetTheAnswersOfOne() throws {
        let file = try RandomModel().file()
        let pictures = try TestImage.coloredStripes(12, seed: 3, side: 90)
        let shared = try Classifier(file, name: "made", options: Self.options)
        let alone = try pictures.map { try shared.classify($0) }
        let together = try ParallelMap.run(96, workers: 8, name: "test") {
            try shared.classify(pictures[$0 % 12])
        }
        for (index, answer) in together.enumerated() { #expect(answer == alone[index % 12]) }
        #expect(try shared.classify(pictures) == alone)
        let single = try Classifier(
            file, name: "made",
            options: .init(mode: .latency, threads: 1, precision: .float32, cacheFolder: nil))
        for (picture, answer) in zip(pictures, alone) {
            expectClose(try single.classify(picture).logits, answer.logits, absolute: 1e-4)
        }
    }

    @Test func temperatureAndOrderOfClasses() throws {
        let random = try RandomModel()
        var description = random.description()
        description.calibration = .init(temperature: 2)
        let file = try random.file().described(as: description)
        let picture = try TestImage.coloredStripes(1, seed: 3)[0]
        let answer = try Classifier(file, name: "made", options: Self.options).classify(picture)
        let scaled = answer.logits.map { exp(Double($0) / 2) }
        expectClose(answer.probabilities, scaled.map { $0 / scaled.reduce(0, +) }, absolute: 1e-9)
        let top = answer.top(2)
        #expect(top.count == 2 && top[0].label == answer.label && top[0].probability >= top[1].probability)
        #expect(answer.top(99).count == 3 && answer.top(-1).isEmpty)
    }

    @Test func goldenVectorsAreAskedAtLoad() throws {
        let random = try RandomModel()
        let picture = try TestImage.coloredStripes(1, seed: 3)[0]
        let plain = try Classifier(try random.file(), name: "made", options: Self.options)
        var logits = try plain.classify(picture).logits
        var description = random.description()
        description.golden = [GoldenVector(image: picture, logits: logits)]
        _ = try Classifier(try random.file().described(as: description), name: "made", options: Self.options)
        logits[1] += 0.5
        description.golden = [GoldenVector(image: picture, logits: logits)]
        let error = #expect(throws: ClassifierError.self) {
            try Classifier(try random.file().described(as: description), name: "made", options: Self.options)
        }
        #expect("\(error.map(String.init(describing:)) ?? "")".contains("golden vector 1"))
    }

    /// Where bfloat16 is not good enough for a model, `auto` takes 32 bits, and who insists on it is refused.
    @Test func automaticPrecisionGoesByTheGoldenVectors() throws {
        let random = try RandomModel()
        let picture = try TestImage.coloredStripes(1, seed: 3)[0]
        let features = try Classifier(try random.file(), name: "made", options: Self.options).features(
            picture)
        // Large sums that cancel: what is left is small, what bfloat16 rounds off is not.
        var state = Dictionary(random.model.stateDictionary(), uniquingKeysWith: { first, _ in first })
        let weights = try #require(state["fc.weight"]).floats().map { 1000 * $0 }
        let bias = (0..<3).map { label in
            -zip(weights[512 * label..<512 * (label + 1)], features).reduce(0) { $0 + $1.0 * $1.1 }
        }
        state["fc.weight"] = try Tensor(weights, shape: [3, 512])
        state["fc.bias"] = try Tensor(bias, shape: [3])
        try random.model.load(state, replacingHead: false)

        let plain = try Classifier(try random.file(), name: "made", options: Self.options)
        var description = random.description()
        description.golden = [GoldenVector(image: picture, logits: try plain.classify(picture).logits)]
        let file = try random.file().described(as: description)
        func classifier(_ precision: Classifier.ComputePrecision) throws -> Classifier {
            try Classifier(
                file, name: "made", options: .init(threads: 2, precision: precision, cacheFolder: nil))
        }
        #expect(throws: ClassifierError.self) { try classifier(.bfloat16) }
        #expect(try classifier(.automatic).arithmetic == "fp32")
        // An ordinary network does not need that.
        let ordinary = try RandomModel().file()
        let half = try Classifier(
            ordinary, name: "made", options: .init(threads: 2, precision: .automatic, cacheFolder: nil))
        #expect(try half.arithmetic == (OpenVINOCore.shared().hasBFloat16 ? "bf16" : "fp32"))
    }

    @Test func unreadableFilesAreNamedAndTheOthersAnswered() throws {
        let images = try MadeImages(train: 0, validation: 0, test: 3)
        try Data("no picture".utf8).write(to: images.root.appending(path: "test/bad.jpg"))
        let classifier = try Classifier(try RandomModel().file(), name: "made", options: Self.options)
        let predictions = try classifier.predict(
            files: ImageFiles.expand([images.root.appending(path: "test").path]))
        #expect(predictions.count == 7)
        let bad = predictions.filter { $0.error != nil }
        #expect(bad.count == 1 && bad[0].path.hasSuffix("bad.jpg") && bad[0].classification == nil)
        try FileManager.default.createDirectory(
            at: images.root.appending(path: "empty"), withIntermediateDirectories: true)
        #expect(throws: ImageError.self) {
            try ImageFiles.expand([images.root.appending(path: "empty").path])
        }
    }
}
