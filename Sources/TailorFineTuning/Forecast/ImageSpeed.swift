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
    /// Seconds after which no further one is.
    private static let decodingLimit = 0.25

    /// Times work on images spread over the dataset; nil where none can be read.
    init?(of folder: DatasetFolder, recipe: Recipe, workers: Int) {
        let all = ForecastImages.spread(folder.train + (folder.validation ?? []))
        let samples = (0..<min(all.count, Self.sampleCount)).map {
            all[$0 * all.count / min(all.count, Self.sampleCount)]
        }
        let decoder = recipe.preprocessing.decoder
        func time<R>(_ body: () throws -> R) rethrows -> (R, Double) {
            let started = ContinuousClock.now
            let result = try body()
            return (result, (ContinuousClock.now - started).seconds)
        }
        // Fewer of large ones: nobody is to wait for it.
        var images: [RGBImage] = []
        var tried = 0
        let started = ContinuousClock.now
        for sample in samples where (ContinuousClock.now - started).seconds < Self.decodingLimit {
            tried += 1
            if let image = try? decoder.decode(contentsOf: sample.url) { images.append(image) }
        }
        let decoding = (ContinuousClock.now - started).seconds
        guard !images.isEmpty else { return nil }
        let pass = ImagePass(workers: workers, intensityRange: recipe.preprocessing.intensityRange)
        guard let reading = try? time({ try pass.measure(Array(samples.prefix(tried))) }),
            case let read = reading.0.count(where: { $0.value != nil }), read > 0
        else {
            return nil
        }
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
