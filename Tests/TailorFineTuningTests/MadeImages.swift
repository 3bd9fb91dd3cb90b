import Foundation
import Tailor
import TailorSupport

/// Folders of small images written by this code, deleted with the value's owner.
final class MadeImages {
    let root: URL

    /// `train/`, `val/` and `test/` of two classes that differ in the direction of their stripes.
    init(train: Int = 12, validation: Int = 6, test: Int = 6, side: Int = 40) throws {
        root = FileManager.default.temporaryDirectory.appending(path: "tailor-\(UUID().uuidString)")
        for (split, count) in [("train", train), ("val", validation), ("test", test)] where count > 0 {
            for (name, vertical) in [("across", false), ("upright", true)] {
                let folder = root.appending(path: "\(split)/\(name)")
                try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
                for index in 0..<count {
                    var generator = SeededGenerator(
                        seed: UInt64(index), streams: [UInt64(split.utf8.count), vertical ? 1 : 0])
                    let data = Self.stripes(vertical: vertical, side: side, using: &generator)
                    try data.write(to: folder.appending(path: "\(index).ppm"))
                }
            }
        }
    }

    deinit { try? FileManager.default.removeItem(at: root) }

    func run(_ name: String) -> RunFolder { RunFolder(root.appending(path: "runs/\(name)")) }

    /// Binary PPM with noise on it.
    private static func stripes(vertical: Bool, side: Int, using generator: inout SeededGenerator) -> Data {
        var data = Data("P6\n\(side) \(side)\n255\n".utf8)
        let phase = generator.integer(below: 8)
        for y in 0..<side {
            for x in 0..<side {
                let bright = ((vertical ? x : y) + phase) / 4 % 2 == 0
                for _ in 0..<3 { data.append(UInt8((bright ? 170 : 60) + generator.integer(below: 30))) }
            }
        }
        return data
    }
}

extension Recipe {
    /// Small enough for a test: 32-pixel images, batches of 8.
    static func tiny(phases: [Phase] = [Phase(trainableFrom: .stem, epochs: 2)], probe: LinearProbe? = nil)
        -> Recipe
    {
        var recipe = Recipe.standard
        recipe.name = "tiny"
        recipe.probe = probe
        recipe.phases = phases
        recipe.batchSize = 8
        recipe.trainImageSize = 32
        recipe.preprocessing = Preprocessing(imageSize: 32)
        recipe.precision = .float32
        recipe.augmentation.cropScale = 0.8...1
        return recipe
    }
}

/// Trains on `images` into a run folder of this name; the recipe's network starts from random weights
/// unless some are given.
func train(
    _ images: MadeImages, _ recipe: Recipe, into name: String, seed: UInt64 = 3, workers: Int = 2,
    weights: LoadedWeights? = nil, resume: Bool = false, stopAfterSteps: Int? = nil
) throws -> RunRecord {
    let data = try TrainingData.prepare(images.root, options: .init(seed: seed, workers: workers))
    let tuner = try FineTuner(
        data: data, recipe: recipe, weights: weights, seed: seed,
        machine: .init(device: .cpu, workers: workers),
        folder: images.run(name))
    var steps = 0
    return try tuner.run(
        resume: resume, shouldStop: { stopAfterSteps.map { steps >= $0 } ?? false },
        report: { if case .step = $0 { steps += 1 } })
}
