import Foundation
import TailorDatasets
import TailorEvaluation
import TailorImages
import TailorSupport

/// Pass over many image files for training, test, audit or prediction: each is read and decoded once, on
/// several threads; a failure is recorded as that file's problem.
///
/// The results are in the order of the samples and do not depend on the number of workers.
package struct ImagePass: Sendable {
    package let workers: Int
    private let decoder: ImageDecoder
    /// Cache for the decoded images that fit, so that they need not be decoded again.
    package let cache: DecodedImageCache?

    package init(
        workers: Int, limits: ImageDecoder.Limits = .init(), intensityRange: IntensityRange? = nil,
        cache: DecodedImageCache? = nil
    ) {
        self.workers = workers
        decoder = ImageDecoder(limits: limits, intensityRange: intensityRange)
        self.cache = cache
    }

    /// Decodes every file into the cache.
    ///
    /// - Parameters:
    ///   - watch: takes note of the files' bytes.
    ///   - progress: called with the number of files done, one call at a time, from any of the threads.
    package func decode(
        _ samples: [Sample], watch: KnownTestImages? = nil, progress: (@Sendable (Int) -> Void)? = nil
    ) throws(ContentHashError) -> [FileOutcome<Void>] {
        let decoder = decoder
        return try run(samples, progress) { sample throws(ContentHashError) in
            try FileOutcome(of: sample.relativePath) {
                let data = try decoder.read(sample.url)
                watch?.see(data)
                cache?.insert(try decoder.decode(data, name: sample.url.path), for: sample)
            }
        }
    }

    /// Decodes every file and measures it: hashes, header, colours, thumbnail.
    ///
    /// - Parameters:
    ///   - known: measurements of earlier passes; an unchanged file is not opened.
    ///   - progress: called with the number of files done, one call at a time, from any of the threads.
    /// - Throws: `ContentHashError`, which is no file's fault.
    package func measure(
        _ samples: [Sample], known: MeasurementCache? = nil, progress: (@Sendable (Int) -> Void)? = nil
    ) throws(ContentHashError) -> [FileOutcome<ImageMeasurement>] {
        let decoder = decoder
        return try run(samples, progress) { sample throws(ContentHashError) in
            let url = sample.url
            if let measurement = known?.measurement(of: url) { return .value(measurement) }
            // Stamped before reading, so that a file changed meanwhile is measured again next time.
            let stamp = known == nil ? nil : MeasurementCache.Stamp(url)
            let outcome = try FileOutcome(of: sample.relativePath) {
                let data = try decoder.read(url)
                return try decoder.withImage(data, name: url.path) { image, facts in
                    cache?.insert(image, for: sample)
                    return try ImageMeasurement(data, image: image, facts: facts)
                }
            }
            if let stamp, let measurement = outcome.value {
                known?.insert(measurement, of: url, stamp: stamp)
            }
            return outcome
        }
    }

    private func run<Value>(
        _ samples: [Sample], _ progress: (@Sendable (Int) -> Void)?,
        _ body: @escaping @Sendable (Sample) throws(ContentHashError) -> FileOutcome<Value>
    ) throws(ContentHashError) -> [FileOutcome<Value>] {
        try ParallelMap.run(samples.count, workers: workers, name: "images", progress: progress) {
            index throws(ContentHashError) in try body(samples[index])
        }
    }
}
