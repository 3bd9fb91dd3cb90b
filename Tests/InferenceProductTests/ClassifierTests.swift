import Foundation
import TailorInference
import Testing

/// The product as an app has it, which imports this one module.
@Suite final class InferenceProductTests {
    private let folder = FileManager.default.temporaryDirectory.appending(path: "tailor-\(UUID().uuidString)")

    init() throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// From Scripts/golden/inference.py: features are the means of the normalised channels, the logits are
    /// `red`, `2 green + 0.25` and `0.5 red - blue - 0.5` of these.
    private func model() throws -> URL {
        try #require(Bundle.module.url(forResource: "Golden/colors", withExtension: "onnx"))
    }

    private func classifier(minimumProbability: Double? = nil) throws -> Classifier {
        try Classifier(
            contentsOf: model(),
            options: .init(
                threads: 1, precision: .float32, cacheFolder: nil, minimumProbability: minimumProbability))
    }

    /// A file of 4 pixels' height.
    private func picture(width: Int = 4, _ color: (_ x: Int) -> [UInt8]) throws -> URL {
        let url = folder.appending(path: "\(UUID().uuidString).ppm")
        let pixels = (0..<width * 4).flatMap { color($0 % width) }
        try (Data("P6\n\(width) 4\n255\n".utf8) + pixels).write(to: url)
        return url
    }

    private func rounded(_ values: [some BinaryFloatingPoint]) -> [Double] {
        values.map { (Double($0) * 1e5).rounded() / 1e5 }
    }

    @Test func aFileIsClassifiedAsByHand() throws {
        let classifier = try classifier()
        #expect(classifier.description.classes == ["red", "green", "neither blue"])
        #expect(classifier.arithmetic == "fp32")
        // Normalised: 1, -1, -3.
        let answer = try classifier.classify(contentsOf: picture { _ in [255, 0, 0] })
        #expect(rounded(answer.logits) == [1, -1.75, 3])
        // The softmax of half of them: the file's temperature is 2.
        let exponentials = [0.5, -0.875, 1.5].map { exp($0) }
        #expect(rounded(answer.probabilities) == rounded(exponentials.map { $0 / exponentials.reduce(0, +) }))
        #expect(answer.best == 2 && answer.label == "neither blue" && answer.rejection == nil)
        #expect(answer.probability == answer.probabilities[2] && answer.distance == nil)
        #expect(answer.top(2).map(\.label) == ["neither blue", "red"])
    }

    /// Only the centre is seen: 4 of 12 columns, as the file's preprocessing says.
    @Test func theFilesPreprocessingIsUsed() throws {
        let url = try picture(width: 12) { (4..<8).contains($0) ? [0, 255, 255] : [255, 0, 0] }
        let answer = try classifier().classify(contentsOf: url)
        // Normalised: -1, 3, 1.
        #expect(rounded(answer.logits) == [-1, 6.25, -2])
        #expect(answer.label == "green")
    }

    @Test func answersThatAreNotProbableEnoughAreUnsure() throws {
        let url = try picture { _ in [255, 0, 255] }
        let answer = try classifier().classify(contentsOf: url)
        // Normalised: 1, -1, 1.
        #expect(rounded(answer.logits) == [1, -1.75, -1])
        #expect(answer.label == "red" && answer.rejection == nil)
        let strict = try classifier(minimumProbability: 0.75).classify(contentsOf: url)
        #expect(strict.label == "red" && strict.rejection == .unsure)
    }

    @Test func filesAreAnsweredInTheirOrder() throws {
        let files = [
            try picture { _ in [0, 255, 255] }.path, "/nowhere/at/all.png",
            try picture { _ in [255, 0, 0] }.path,
        ]
        let predictions = try classifier().predict(files: files)
        #expect(predictions.map(\.path) == files)
        #expect(predictions.map { $0.classification?.label } == ["green", nil, "neither blue"])
        #expect(predictions.map { $0.error == nil } == [true, false, true])
    }

    /// A file is believed only as long as it is what was written.
    @Test func aDamagedFileIsRefused() throws {
        var bytes = try Data(contentsOf: model())
        let start = try #require(bytes.firstRange(of: Data("fp32".utf8))).lowerBound
        bytes[start + 2] = UInt8(ascii: "1")
        let damaged = folder.appending(path: "damaged.onnx")
        try bytes.write(to: damaged)
        let error = #expect(throws: (any Error).self) { try Classifier(contentsOf: damaged) }
        #expect("\(try #require(error))".contains("damaged model file: SHA-256"))
    }
}
