import Foundation
import TailorAudit
import TailorDatasets
import TailorImages
import TailorSupport

/// Time that images take before the network sees them, by some of the dataset's own.
public struct ImageSpeed: Codable, Sendable, Hashable {
    /// Seconds an image until it is read, decoded and measured, with all workers.
    public var readingSeconds: Double
    /// Seconds an image on one thread: decoding it again, where it is not kept.
    public var decodingSeconds: Double
    /// Seconds an image on one thread: the training transform; the evaluation transform.
    public var trainingTransformSeconds: Double
    public var evaluationTransformSeconds: Double
}

extension ImageSpeed {
    /// Most images that are decoded for it.
    private static let sampleCount = 16

    /// Times work on images spread over the dataset; nil where none can be read.
    init?(of folder: DatasetFolder, recipe: Recipe, workers: Int) {
        let all = ForecastImages.spread(folder.train + (folder.validation ?? []))
        let samples = (0..<min(all.count, Self.sampleCount)).map {
            all[$0 * all.count / min(all.count, Self.sampleCount)]
        }
        let decoder = recipe.preprocessing.decoder
        // Once, so that all are in the system's cache as they will be after a check.
        for sample in samples.prefix(1) { _ = try? decoder.decode(contentsOf: sample.url) }
        func time<R>(_ body: () throws -> R) rethrows -> (R, Double) {
            let started = ContinuousClock.now
            let result = try body()
            return (result, (ContinuousClock.now - started).seconds)
        }
        let pass = ImagePass(workers: workers, intensityRange: recipe.preprocessing.intensityRange)
        guard let reading = try? time({ try pass.measure(samples) }),
            case let read = reading.0.count(where: { $0.value != nil }), read > 0
        else {
            return nil
        }
        let (images, decoding) = time { samples.compactMap { try? decoder.decode(contentsOf: $0.url) } }
        guard !images.isEmpty else { return nil }
        func transform(_ augmentation: Augmentation?, _ size: Int?) -> Double {
            let transform = SampleTransform(
                preprocessing: recipe.preprocessing, augmentation: augmentation, trainSize: size)
            guard (try? transform.validate()) != nil else { return 0 }
            let output = UnsafeMutableBufferPointer<Float>.allocate(capacity: transform.elementCount)
            defer { output.deallocate() }
            output.initialize(repeating: 0)
            let (_, seconds) = time {
                for (index, image) in images.enumerated() {
                    var generator = SeededGenerator(seed: UInt64(index))
                    try? transform.apply(to: image, using: &generator, into: output)
                }
            }
            return seconds / Double(images.count)
        }
        self.init(
            readingSeconds: reading.1 / Double(read), decodingSeconds: decoding / Double(images.count),
            trainingTransformSeconds: transform(recipe.augmentation, recipe.trainImageSize),
            evaluationTransformSeconds: transform(nil, nil))
    }
}
