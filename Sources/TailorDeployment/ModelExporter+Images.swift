import TailorDatasets
import TailorFineTuning
import TailorImages
import TailorSupport

extension ModelExporter {
    /// The first images of each class in turn, in an order drawn by the seed.
    func spread(_ samples: [Sample], count: Int) -> [Sample] {
        let order = EpochSampler(labels: samples.map(\.label), seed: options.seed).order(epoch: 0)
        var byClass: [Int: [Int]] = [:]
        for index in order { byClass[samples[index].label, default: []].append(index) }
        var rank: [(turn: Int, index: Int)] = []
        for (_, indices) in byClass { rank += indices.enumerated().map { ($0.offset, $0.element) } }
        return rank.sorted { ($0.turn, samples[$0.index].label) < ($1.turn, samples[$1.index].label) }
            .prefix(count).map { samples[$0.index] }
    }

    /// Decoded and resized as evaluation does, to be classified several times.
    func pictures(_ samples: [Sample], from images: RunImages, name: String) throws -> ResizedPictures {
        let side = trained.record.preprocessing.imageSize
        let read = reader(samples, images)
        let bytesEach = 3 * side * side
        let total = min(samples.count, options.heldPictureBytes / bytesEach)
        let report = self.report
        return try ResizedPictures(
            count: samples.count, bytesEach: bytesEach, heldBytes: options.heldPictureBytes,
            workers: options.threads, progress: { report(.progress(name: name, done: $0, total: total)) },
            read: read)
    }

    /// The same, all of them at once: for few.
    func load(_ samples: [Sample], from images: RunImages, name: String) throws -> [RGBImage] {
        let report = self.report
        return try ParallelMap.run(
            samples.count, workers: options.threads, name: "load",
            progress: { report(.progress(name: name, done: $0, total: samples.count)) },
            reader(samples, images))
    }

    /// Throws `RunError.changedSinceTraining` for other bytes than the run's.
    func reader(_ samples: [Sample], _ images: RunImages) -> @Sendable (Int) throws -> RGBImage {
        let preprocessing = trained.record.preprocessing
        let decoder = ImageDecoder()
        return { index in
            let bytes = try decoder.read(samples[index].url)
            try images.requireUnchanged(samples[index], bytes: bytes)
            return try preprocessing.resizedAndCropped(
                decoder.decode(bytes, name: samples[index].url.path))
        }
    }
}
