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
    ///   - progress: called with the number of files done, from any of the threads, in no certain order.
    /// Throws `ContentHashError`: no file's problem, but the program's.
    init(
        root: String, paths: [String], workers: Int, limits: ImageDecoder.Limits, cache: MeasurementCache?,
        progress: (@Sendable (Int) -> Void)?
    ) throws {
        let work = Work(
            root: root, paths: paths, decoder: ImageDecoder(limits: limits), cache: cache, progress: progress)
        let threads = WorkerThreads()
        threads.start(min(workers, paths.count), name: "audit") { work.run() }
        threads.join()
        measurements = work.results.map { try? $0?.get() }
        problems = try zip(paths, work.results).compactMap { path, result in
            guard case .failure(let error) = result else { return nil }
            if error is ContentHashError { throw error }
            return FileProblem(path: path, reason: (error as? ImageError)?.reason ?? "\(error)")
        }
        reused = work.reused
    }
}

/// What the threads share; everything that changes is guarded by `lock`.
private final class Work: @unchecked Sendable {
    private let root: String
    private let paths: [String]
    private let decoder: ImageDecoder
    private let cache: MeasurementCache?
    private let progress: (@Sendable (Int) -> Void)?
    private let lock = NSLock()
    private var next = 0
    private var done = 0
    private(set) var reused = 0
    private(set) var results: [Result<ImageMeasurement, any Error>?]

    init(
        root: String, paths: [String], decoder: ImageDecoder, cache: MeasurementCache?,
        progress: (@Sendable (Int) -> Void)?
    ) {
        self.root = root
        self.paths = paths
        self.decoder = decoder
        self.cache = cache
        self.progress = progress
        results = Array(repeating: nil, count: paths.count)
    }

    func run() {
        while let index = take() {
            let url = URL(fileURLWithPath: root + "/" + paths[index], isDirectory: false)
            let known = cache?.measurement(of: url)
            // Bound to the state before reading: a file that changes meanwhile is measured again next time.
            let stamp = known == nil ? MeasurementCache.Stamp(url) : nil
            let result = Result { try known ?? ImageMeasurement(contentsOf: url, decoder: decoder) }
            if let stamp, case .success(let measurement) = result {
                cache?.insert(measurement, of: url, stamp: stamp)
            }
            let finished = lock.withLock { () -> Int in
                results[index] = result
                if known != nil { reused += 1 }
                done += 1
                return done
            }
            progress?(finished)
        }
    }

    private func take() -> Int? {
        lock.withLock {
            guard next < paths.count else { return nil }
            next += 1
            return next - 1
        }
    }
}
