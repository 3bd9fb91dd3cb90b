import Foundation
import Tailor
import TailorSupport
import TestSupport
import Testing

/// Activation maps of a model file: what they add up to, and what is refused.
@Suite(.serialized) struct ActivationMapTests {
    private let random: RandomModel
    private static let options = Classifier.Options(
        mode: .throughput, threads: 2, precision: .float32, cacheFolder: nil)

    init() throws { random = try RandomModel(pretrained: true) }

    private func classifier(_ file: ModelFile) throws -> Classifier {
        try Classifier(file, name: "made", options: Self.options)
    }

    @Test func theirMeansAndBiasesAreTheLogits() throws {
        let file = try random.file(withMaps: true)
        let classifier = try classifier(file)
        let biases = try #require(file.description.maps).biases
        let images = try TestImage.coloredStripes(6, seed: 9)
        let expected = try random.model.activationMaps(random.batch(images)).maps.floats()
        for (index, image) in images.enumerated() {
            let (logits, maps) = try classifier.logitsAndMaps(image)
            #expect(maps.rows == 2 && maps.columns == 2 && maps.classCount == 3)
            for (logit, sum) in zip(logits, zip(maps.means, biases).map { $0 + $1 }) {
                #expect(abs(logit - sum) < 1e-4)
            }
            // The network's own maps, by libtorch.
            let own = expected[index * 12..<(index + 1) * 12]
            #expect(maps.values.count == own.count && own.count == 12)
            #expect(zip(maps.values, own).allSatisfy { abs($0 - $1) < 1e-3 })
            #expect(Set(maps[0].values).count == 4, "each cell has its own")
        }
    }

    @Test func libtorchsMapsAddUpToItsLogits() throws {
        let images = try TestImage.coloredStripes(3, seed: 2)
        let (logits, maps) = try random.model.activationMaps(random.batch(images))
        #expect(maps.shape == [3, 3, 2, 2])
        let bias = try FoldedNetwork(random.model).headBias
        let (sums, values) = (try logits.floats(), try maps.floats())
        #expect(try random.logits(images).flatMap { $0 } == sums)
        for row in 0..<9 {
            let mean = values[4 * row..<4 * row + 4].reduce(0, +) / 4
            #expect(abs(mean + bias[row % 3] - sums[row]) < 1e-4)
        }
    }

    @Test func halfAndDynamicWeightsHaveMapsToo() throws {
        for (arithmetic, precision, tolerance) in [
            (NetworkGraph.Arithmetic.float16, ModelDescription.WeightPrecision.float16, Float(2e-3)),
            (.dynamicInt8, .dynamicInt8, 0.05),
        ] {
            let file = try random.file(arithmetic, precision, withMaps: true)
            let classifier = try classifier(file)
            for image in try TestImage.coloredStripes(3, seed: 4) {
                let (logits, maps) = try classifier.logitsAndMaps(image)
                let biases = try FoldedNetwork(random.model).headBias
                let largest = max(1, logits.map(abs).max() ?? 1)
                for (logit, sum) in zip(logits, zip(maps.means, biases).map { $0 + $1 }) {
                    #expect(abs(logit - sum) < tolerance * largest, "\(precision)")
                }
            }
        }
    }

    /// A file says what it holds: maps that the description does not know, or the other way round, are refused.
    @Test func graphAndDescriptionAgree() throws {
        let (with, without) = (try random.file(withMaps: true), try random.file())
        #expect(with.description.schema == 2 && without.description.schema == 1)
        #expect(throws: ModelFileError.self) { try with.described(as: without.description) }
        #expect(throws: ModelFileError.self) { try without.described(as: with.description) }
        var description = with.description
        description.maps?.rows = 3
        #expect(throws: ModelFileError.self) { try with.described(as: description) }
        description = with.description
        description.maps?.biases = [1]
        #expect(throws: ModelFileError.self) { try with.described(as: description) }
    }

    @Test func wrongMapsAreRefusedWhenTheFileIsLoaded() throws {
        let file = try random.file(withMaps: true)
        let image = try TestImage.coloredStripes(1, seed: 8)[0]
        let (logits, maps) = try classifier(file).logitsAndMaps(image)
        let label = try #require(logits.argmax)
        var description = file.description
        description.golden = [GoldenVector(image: image, logits: logits, map: maps[label].values)]
        _ = try classifier(file.described(as: description))
        // A map that has been turned adds up to the same.
        description.golden[0].map = maps[label].values.reversed()
        expectWrongMaps(try file.described(as: description), "in a cell")
        // Biases that are not the head's.
        description.golden[0].map = maps[label].values
        description.maps?.biases[1] += 0.5
        expectWrongMaps(try file.described(as: description), "mean and bias")
        // No map beside the logits.
        description = file.description
        description.golden = [GoldenVector(image: image, logits: logits)]
        #expect(throws: ModelFileError.self) { try file.described(as: description) }
    }

    private func expectWrongMaps(_ file: ModelFile, _ reason: String) {
        let error = #expect(throws: ClassifierError.self) { try classifier(file) }
        #expect(
            "\(error.map(String.init(describing:)) ?? "")".contains(reason), "\(String(describing: error))")
    }

    @Test func explanationsAreOfTheAnswerOrOfTheClassAskedFor() throws {
        let classifier = try classifier(random.file(withMaps: true))
        let image = try TestImage.noise(width: 150, height: 90)
        let answer = try classifier.classify(image)
        let explanation = try classifier.explain(image)
        #expect(explanation.classification == answer && explanation.label == answer.best)
        #expect(explanation.heatMap.width == 150 && explanation.heatMap.height == 90)
        let other = try classifier.explain(image, class: "class 2")
        #expect(other.label == 2 && other.classification == answer)
        #expect(throws: ImageError.self) { try classifier.explain(image, class: "none") }

        let grid = try TileGrid(.grid(columns: 3, rows: 2))
        let tiled = try classifier.explain(image, tiles: grid, rule: .mean)
        #expect(tiled.answer == (try classifier.classify(image, tiles: grid, rule: .mean)))
        #expect(tiled.explanation.heatMap.seen.count == 6)
    }

    @Test func aFileWithoutMapsSaysSo() throws {
        let classifier = try classifier(random.file())
        #expect(!classifier.hasMaps)
        let error = #expect(throws: ClassifierError.self) {
            try classifier.explain(TestImage.noise(width: 20, height: 20))
        }
        #expect("\(error.map(String.init(describing:)) ?? "")".contains("export the run again"))
    }
}
