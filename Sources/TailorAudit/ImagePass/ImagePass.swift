import Foundation
import TailorDatasets
import TailorImages
import TailorSupport

/// Measures many files in parallel. What a cache knows of an unchanged file is not measured again.
struct MeasurementPass {
    /// One for each path, in their order; nil where the file cannot be read.
    let measurements: [ImageMeasurement?]
    /// In the order of the paths.
    let problems: [FileProblem]
    /// Files whose measurement came from the cache.
    let reused: Int

    /// - Parameters:
    ///   - paths: from `root`.
    ///   - progress: called with the number of files done, one call at a time, from any of the threads.
    /// Throws `ContentHashError`: no file's problem, but the program's.
    init(
        root: String, paths: [String], workers: Int, limits: ImageDecoder.Limits, cache: MeasurementCache?,
        progress: (@Sendable (Int) -> Void)?
    ) throws {
        let decoder = ImageDecoder(limits: limits)
        let files = try ParallelMap.run(paths.count, workers: workers, name: "audit", progress: progress) {
            index -> (outcome: FileOutcome<ImageMeasurement>, isKnown: Bool) in
            let url = URL(fileURLWithPath: root + "/" + paths[index], isDirectory: false)
            if let known = cache?.measurement(of: url) { return (.value(known), true) }
            // Bound to the state before reading: a file that changes meanwhile is measured again next time.
            let stamp = cache == nil ? nil : MeasurementCache.Stamp(url)
            let outcome = try FileOutcome(of: paths[index]) {
                try ImageMeasurement(contentsOf: url, decoder: decoder)
            }
            if let stamp, let measurement = outcome.value {
                cache?.insert(measurement, of: url, stamp: stamp)
            }
            return (outcome, false)
        }
        measurements = files.map(\.outcome.value)
        problems = files.compactMap(\.outcome.problem)
        reused = files.count { $0.isKnown }
    }
}
