import TailorDatasets
import TailorFineTuning
import TailorImages
import TailorSupport

extension ModelExporter {
    /// Chooses samples from each class in turn, in an order drawn by the seed.
    func stratifiedSample(_ samples: [Sample], count: Int) -> [Sample] {
        let order = EpochSampler(labels: samples.map(\.label), seed: options.seed).order(epoch: 0)
        var byClass: [Int: [Int]] = [:]
        for index in order { byClass[samples[index].label, default: []].append(index) }
        var rank: [(turn: Int, index: Int)] = []
        for (_, indices) in byClass { rank += indices.enumerated().map { ($0.offset, $0.element) } }
        return rank.sorted { ($0.turn, samples[$0.index].label) < ($1.turn, samples[$1.index].label) }
            .prefix(count).map { samples[$0.index] }
    }

    /// Images decoded and resized as in evaluation, for several passes.
    func resized(_ samples: [Sample], from images: RunImages, name: String) throws -> ResizedImages {
        let side = trained.record.preprocessing.imageSize
        let read = reader(samples, images)
        let bytesPerImage = 3 * side * side
        let total = min(samples.count, options.cachedImageBytes / bytesPerImage)
        let report = self.report
        return try ResizedImages(
            count: samples.count, bytesPerImage: bytesPerImage, cacheBytes: options.cachedImageBytes,
            workers: options.threads, progress: { report(.progress(name: name, done: $0, total: total)) },
            read: read)
    }

    /// Loads a few images, decoded and resized as in evaluation.
    func load(_ samples: [Sample], from images: RunImages, name: String) throws -> [RGBImage] {
        let report = self.report
        return try ParallelMap.run(
            samples.count, workers: options.threads, name: "load",
            progress: { report(.progress(name: name, done: $0, total: samples.count)) },
            reader(samples, images))
    }

    /// Returns a function that decodes and resizes a sample. It throws `RunError.changedSinceTraining` if the
    /// file has changed since the run.
    func reader(_ samples: [Sample], _ images: RunImages) -> @Sendable (Int) throws -> RGBImage {
        let preprocessing = trained.record.preprocessing
        let read = original(samples, images)
        return { try preprocessing.resizedAndCropped(read($0)) }
    }

    /// Returns a function that gives a sample as the exported file takes it: as decoded if the file resizes by
    /// itself, else resized.
    func shippedInput(_ samples: [Sample], _ images: RunImages) -> @Sendable (Int) throws -> RGBImage {
        options.input == .embedded ? original(samples, images) : reader(samples, images)
    }

    private func original(_ samples: [Sample], _ images: RunImages) -> @Sendable (Int) throws -> RGBImage {
        let decoder = trained.record.preprocessing.decoder
        return { index in
            let bytes = try decoder.read(samples[index].url)
            try images.requireUnchanged(samples[index], bytes: bytes)
            return try decoder.decode(bytes, name: samples[index].url.path)
        }
    }
}

/// Resized images by number. A bounded cache holds the first ones; the others are decoded each time, so that
/// memory does not grow with the dataset.
package struct ResizedImages: Sendable {
    package let count: Int
    private let cached: [RGBImage]
    private let read: @Sendable (Int) throws -> RGBImage

    /// Fills the cache.
    ///
    /// - Parameters:
    ///   - bytesPerImage: size of one image in bytes, above 0.
    ///   - cacheBytes: size of the cache in bytes.
    ///   - progress: number of images read; one call at a time, from any of the threads.
    ///   - read: called from several threads; must give the same image for a number each time.
    package init(
        count: Int, bytesPerImage: Int, cacheBytes: Int, workers: Int,
        progress: (@Sendable (Int) -> Void)? = nil,
        read: @escaping @Sendable (Int) throws -> RGBImage
    ) throws {
        self.count = count
        self.read = read
        cached = try ParallelMap.run(
            min(count, cacheBytes / bytesPerImage), workers: workers, name: "load", progress: progress, read)
    }

    /// Returns an image.
    ///
    /// - Parameter index: 0 ..< `count`.
    package func image(_ index: Int) throws -> RGBImage {
        index < cached.count ? cached[index] : try read(index)
    }
}
